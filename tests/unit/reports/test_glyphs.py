"""The glyphs of outcomes, the letters of sites and receivers, and names that are shortened."""

from __future__ import annotations

import pytest
from report_builders import make_report, make_result

from picklecheck.model import ALL_SITES, RECEIVERS, Outcome
from picklecheck.reports.rows import row_of
from picklecheck.reports.terminal.glyphs import RECEIVER_LETTERS, SITE_LETTERS, glyph, shortened, style
from picklecheck.reports.terminal.run import render
from picklecheck.reports.view import View


@pytest.mark.parametrize("ascii_only", [True, False])
def test_each_outcome_has_a_glyph_of_its_own(*, ascii_only: bool) -> None:
    glyphs = [glyph(outcome, ascii_only=ascii_only) for outcome in Outcome]

    assert len(set(glyphs)) == len(Outcome)
    assert {len(one) for one in glyphs} == {1}
    assert not ascii_only or "".join(glyphs).isascii()


def test_each_value_of_an_axis_has_a_letter_of_its_own() -> None:
    assert list(SITE_LETTERS) == list(ALL_SITES)
    assert list(RECEIVER_LETTERS) == list(RECEIVERS)
    assert len(set(SITE_LETTERS.values())) == len(ALL_SITES)
    assert len(set(RECEIVER_LETTERS.values())) == len(RECEIVERS)


def test_a_broken_promise_stands_out() -> None:
    failed = make_result(outcome=Outcome.LOAD_ERROR)
    broken = make_result(outcome=Outcome.LOAD_ERROR, expected=False)

    assert "red" in style(row_of(broken))
    assert len({style(row_of(failed)), style(row_of(broken)), style(row_of(make_result()))}) == 3
    spans = [str(span.style) for span in render(make_report([broken]), View()).spans]
    assert style(row_of(broken)) in spans


@pytest.mark.parametrize(
    ("serializer", "width", "expected"),
    [
        ("cloudpickle", 11, "cloudpickle"),
        ("cloudpickle", 10, "cloud"),
        ("cloudpickle", 4, "c"),
        ("pickle", 6, "pickle"),
        ("pickle", 5, "pkl"),
        ("pickle", 2, "p"),
        ("pickle:5", 8, "pickle:5"),
        ("pickle:5", 7, "pkl:5"),
        ("pickle:5", 4, "p:5"),
        ("pickle:5", 3, "p:5"),
        ("pickle:5", 2, "p5"),
        ("pickle:5", 1, "p"),
        ("dill", 4, "dill"),
        ("dill", 3, "d"),
    ],
)
def test_a_serializer_is_shortened_and_keeps_its_protocol(serializer: str, width: int, expected: str) -> None:
    assert shortened(serializer, width) == expected
