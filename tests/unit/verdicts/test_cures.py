"""Which cures can be tried, and what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matrix_builders import make_environment, make_matrix
from report_builders import make_cell

from picklecheck.model import Outcome, Trial
from picklecheck.verdicts.cures import cells_to_try, matrix_trials, merged, trials, with_cure

OLD, NEW = make_environment("2.13.4"), make_environment("2.14.3")
BOX = make_cell("shapes.box/pickle/main/cold/none")
FIXED = make_cell("shapes.box/pickle/main/cold/class")
AT_ORIGIN = make_cell("shapes.box/pickle/origin/cold/none")
PAIR = make_cell("shapes.pair/pickle/main/cold/none")
OWN = make_cell("shop:order/pickle/own/cold/none")


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
