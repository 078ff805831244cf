"""How reports say whether a cure was tried, and what came of it."""

from __future__ import annotations

import pytest
from report_builders import make_cell

from picklecheck.model import Trial
from picklecheck.reports.cure_words import what_to_do
from picklecheck.verdicts.causes import Cause, cause

BOX = make_cell("shapes.box/pickle/main/cold/none")
OWN = make_cell("shop:order/pickle/own/cold/none")
FIX = "Call `from picklecheck.reducers import install; install()` in every process that dumps"
EVALUATE = "valuate `Box[int]` at module scope of the module that defines `Box`, before anything else does"


def test_what_was_tried_on_another_target_says_nothing() -> None:
    told = [
        Trial("PC101", "class", 1, 1, OWN.id, "here"),
        Trial("PC101", "class", 2, 0, "shop:items/p/own/cold", "here"),
    ]

    assert what_to_do(cause("PC101"), {"none"}, told, "shop:order").startswith(f"{FIX} (tried once: it arrived).")
    assert what_to_do(cause("PC101"), {"none"}, told, "shop:items").startswith(f"E{EVALUATE} (not tried).")
    assert what_to_do(cause("PC101"), {"none"}, told, "shop:else").startswith(f"{FIX} (not tried).")
    assert what_to_do(cause("PC101"), {"none"}, told).startswith(f"{FIX} (tried 3 times: 1 of those arrived).")


def test_what_was_tried_on_a_scenario_is_told_of_all() -> None:
    assert what_to_do(cause("PC101"), {"none"}, [trial(1, 1)], "shapes.pair").startswith(f"{FIX} (tried once")


def trial(tried: int, arrived: int, cure: str = "class", code: str = "PC101") -> Trial:
    """Return a trial."""
    return Trial(code, cure, tried, arrived, BOX.id, "here")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], f"{FIX} (not tried). Or e{EVALUATE} (not tried)."),
        ([trial(1, 1)], f"{FIX} (tried once: it arrived). Or e{EVALUATE} (not tried)."),
        ([trial(12, 12)], f"{FIX} (tried 12 times: all arrived). Or e{EVALUATE} (not tried)."),
        ([trial(1200, 3)], f"{FIX} (tried 1,200 times: 3 of those arrived). Or e{EVALUATE} (not tried)."),
        ([trial(1, 0)], f"E{EVALUATE} (not tried)."),
        ([trial(1, 0), trial(1, 1, "origin")], f"E{EVALUATE} (tried once: it arrived)."),
        ([trial(1, 0), trial(2, 0, "origin")], "Nothing that was tried helps; `picklecheck explain PC101` tells more."),
        ([trial(1, 0, code="PC102")], f"{FIX} (not tried). Or e{EVALUATE} (not tried)."),
    ],
)
def test_a_cure_says_whether_it_was_tried(told: list[Trial], words: str) -> None:
    assert what_to_do(cause("PC101"), {"none"}, told) == words


def test_a_cure_that_was_active_is_not_told() -> None:
    assert what_to_do(cause("PC101"), {"class"}, [trial(3, 3)]) == f"E{EVALUATE} (not tried)."
    assert what_to_do(cause("PC101"), {"none", "class"}, [trial(1, 1)]).startswith(f"{FIX} (tried")


def test_the_fix_is_told_where_it_helped_whatever_the_page_says() -> None:
    page = Cause("PC204", "", "", "", "Look at the message.", "")

    assert what_to_do(page, {"none"}, []) == "Look at the message."
    assert what_to_do(page, {"none"}, [trial(1, 1, code="PC204")]) == f"{FIX} (tried once: it arrived)."
    assert what_to_do(page, {"none"}, [trial(2, 1, code="PC204")]) == (
        f"{FIX} (tried 2 times: 1 of those arrived). Or look at the message."
    )
    assert what_to_do(page, {"none"}, [trial(2, 0, code="PC204")]) == "Look at the message."
