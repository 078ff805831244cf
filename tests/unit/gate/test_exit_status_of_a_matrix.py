"""From a matrix to the exit status: the table of test_exit_status.py."""

from __future__ import annotations

import pytest
from matrix_builders import MARKS, make_environment, make_matrix, make_missing

from picklecheck.gate.exit_status import exit_status
from picklecheck.matrix_report import Mark, MatrixReport
from picklecheck.model import Outcome

HERE, THERE = make_environment("2.13.4"), make_environment("2.14.3")
MISSING = make_missing("2.0.3", "no wheel")


def matrix(*marks: str | Mark, missing: bool = False, interrupted: bool = False) -> MatrixReport:
    """Return a matrix of one environment, or none, where each cell shows one mark."""
    environments = [MISSING] if missing else []
    if marks:
        environments.append(HERE)
    cells = {f"shapes.s{number}/pickle/main/cold/none": [mark] for number, mark in enumerate(marks)}
    return make_matrix(environments, cells, interrupted=interrupted)


PASS, KEPT, FAILED, BROKEN, UNSUPPORTED, UNDECIDED, NOT_RUN = "./L!-? "

# Report -> exit status, and the one with --exit-zero.
ROWS: dict[str, tuple[MatrixReport, int, int]] = {
    "a pass": (matrix(PASS), 0, 0),
    "a promise kept": (matrix(KEPT), 0, 0),
    "a failure that nobody promised to avoid": (matrix(FAILED, PASS), 0, 0),
    "each such failure": (matrix(*(Mark(one, "PC201", None) for one in Outcome if one.is_failure)), 0, 0),
    "a pass beside what is unsupported": (matrix(UNSUPPORTED, PASS), 0, 0),
    "a pass beside what was not run": (matrix(NOT_RUN, PASS), 0, 0),
    "a promise broken": (matrix(KEPT, BROKEN), 1, 0),
    "a promise broken beside what is undecided": (matrix(BROKEN, UNDECIDED), 1, 3),
    "undecided": (matrix(PASS, UNDECIDED), 3, 3),
    "undecided alone": (matrix(UNDECIDED), 3, 3),
    "undecided beside what is unsupported": (matrix(UNSUPPORTED, UNDECIDED), 3, 3),
    "an environment that cannot be had": (matrix(PASS, missing=True), 3, 3),
    "nothing but an environment that cannot be had": (matrix(missing=True), 3, 3),
    "a promise broken beside an environment that cannot be had": (matrix(BROKEN, missing=True), 1, 3),
    "nothing": (matrix(), 4, 4),
    "nothing that was run": (matrix(NOT_RUN), 4, 4),
    "nothing that is supported": (matrix(UNSUPPORTED, UNSUPPORTED), 4, 4),
    "interrupted": (matrix(PASS, NOT_RUN, interrupted=True), 130, 130),
    "interrupted before anything": (matrix(interrupted=True), 130, 130),
    "interrupted after a broken promise": (matrix(BROKEN, UNDECIDED, interrupted=True), 130, 130),
}


@pytest.mark.parametrize(("report", "status", "_forgiving"), ROWS.values(), ids=ROWS)
def test_the_exit_status(report: MatrixReport, status: int, _forgiving: int) -> None:
    assert exit_status(report) == status


@pytest.mark.parametrize(("report", "_status", "forgiving"), ROWS.values(), ids=ROWS)
def test_exit_zero_forgives_findings_and_nothing_else(report: MatrixReport, _status: int, forgiving: int) -> None:
    assert exit_status(report, exit_zero=True) == forgiving


@pytest.mark.parametrize(
    ("row", "status"), [("../", 0), ("..!", 1), ("..?", 3), ("--.", 0), ("---", 4)], ids=lambda row: f"{row!r}"
)
def test_the_last_environment_counts_like_the_first(row: str, status: int) -> None:
    environments = [make_environment(version) for version in ("2.12.0", "2.13.4", "2.14.3")]
    cell = "shapes.box/pickle/main/cold/none"

    assert exit_status(make_matrix(environments, {cell: row})) == status
    assert exit_status(make_matrix(environments, {cell: row[::-1]})) == status


@pytest.mark.parametrize(("row", "status"), [("//!/", 1), ("//?/", 3), ("////", 0)])
def test_what_one_version_wrote_and_another_read_counts_too(row: str, status: int) -> None:
    report = make_matrix([HERE, THERE], {"shapes.box/pickle/main/cold/class": row}, cross=True)

    assert exit_status(report) == status


def test_what_a_broken_promise_is_the_mark_says() -> None:
    assert MARKS[BROKEN].expected is False
    assert MARKS[KEPT].expected is True
    assert MARKS[FAILED].expected is None
