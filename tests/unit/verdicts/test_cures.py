"""Which cures can be tried, what came of it, and how reports say so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matrix_builders import make_environment, make_matrix
from report_builders import make_cell

from picklecheck.model import Outcome, Trial
from picklecheck.reports.cure_words import what_to_do
from picklecheck.verdicts.causes import Cause, cause
from picklecheck.verdicts.cures import cells_to_try, matrix_trials, merged, trials, with_cure

OLD, NEW = make_environment("2.13.4"), make_environment("2.14.3")
BOX = make_cell("shapes.box/pickle/main/cold/none")
FIXED = make_cell("shapes.box/pickle/main/cold/class")
AT_ORIGIN = make_cell("shapes.box/pickle/origin/cold/none")
PAIR = make_cell("shapes.pair/pickle/main/cold/none")
OWN = make_cell("shop:order/pickle/own/cold/none")

FIX = "Call `from picklecheck.reducers import install; install()` in every process that dumps"
EVALUATE = "valuate `Box[int]` at module scope of the module that defines `Box`, before anything else does"


def test_a_cure_is_the_same_cell_with_another_value_of_one_axis() -> None:
    assert with_cure(BOX, "class") == FIXED
    assert with_cure(BOX, "origin") == AT_ORIGIN
    assert with_cure(make_cell("shapes.box/pickle/main/cold/instance"), "class") == FIXED


@pytest.mark.parametrize(
    ("cell", "cure"),
    [
        ("shapes.box/pickle/main/cold/class", "class"),  # it was active
        ("shapes.box/pickle/main/relay/none", "class"),  # the relay has no fix
        ("shapes.box/pickle/main/relay/none", "origin"),
        ("shapes.box/pickle/origin/cold/none", "origin"),
        ("shop:order/pickle/own/cold/none", "origin"),  # nobody knows where a target evaluates
        ("shapes.box/pickle/main/cold/none", "hand"),
    ],
)
def test_what_cannot_be_tried_is_no_cell(cell: str, cure: str) -> None:
    assert with_cure(make_cell(cell), cure) is None


def test_one_cell_is_tried_for_each_cure_that_the_run_did_not_try() -> None:
    failed = (Outcome.DUMP_ERROR, "PC101")

    assert cells_to_try([(BOX, *failed), (PAIR, *failed)]) == [FIXED, AT_ORIGIN]
    assert cells_to_try([(BOX, *failed), (PAIR, *failed), (FIXED, Outcome.PASS, None)]) == [AT_ORIGIN]
    other = replace(OWN, scenario="shop:items")
    assert cells_to_try([(OWN, *failed), (other, *failed)]) == [with_cure(OWN, "class"), with_cure(other, "class")]


@pytest.mark.parametrize("outcome", [Outcome.DUMP_ERROR, Outcome.LOAD_ERROR, Outcome.WRONG_TYPE])
def test_the_fix_is_tried_whatever_the_page_says(outcome: Outcome) -> None:
    assert cells_to_try([(BOX, outcome, "PC104")]) == [FIXED]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.PASS, None),
        (Outcome.UNSUPPORTED, "PC801"),
        (Outcome.UNDECIDED, "PC901"),
        (Outcome.TIMEOUT, "PC502"),
        (Outcome.WRONG_VALUE, "PC401"),
    ],
)
def test_nothing_is_tried_on_what_has_no_such_cure(outcome: Outcome, code: str | None) -> None:
    assert cells_to_try([(BOX, outcome, code)]) == []


def test_trials_count_the_cells_that_were_tried() -> None:
    failed = (Outcome.DUMP_ERROR, "PC101")
    known = {
        FIXED: Outcome.PASS,
        with_cure(PAIR, "class"): Outcome.WRONG_TYPE,
        AT_ORIGIN: Outcome.UNDECIDED,
    }

    found = trials([(BOX, *failed), (PAIR, *failed)], known.get, "here")

    assert found == [Trial("PC101", "class", 1, 1, BOX.id, "here"), Trial("PC101", "class", 1, 0, PAIR.id, "here")]


def test_a_matrix_counts_over_its_environments() -> None:
    report = make_matrix([OLD, NEW], {BOX.id: "TT", FIXED.id: ".T"})

    assert [(one.code, one.cure, one.tried, one.arrived) for one in matrix_trials(report)] == [("PC301", "class", 2, 1)]


def test_what_two_reports_tell_alike_counts_once() -> None:
    one, other = Trial("PC101", "class", 1, 1, BOX.id, "a"), Trial("PC101", "class", 2, 0, BOX.id, "b")

    assert merged([one, one, other]) == (Trial("PC101", "class", 3, 1, BOX.id, "a"),)


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
