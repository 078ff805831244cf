"""From a report to the exit status."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from document_builders import BOX, make_comparison, make_standing
from matrix_builders import make_environment as make_matrix_environment
from matrix_builders import make_matrix
from report_builders import make_environment, make_report, make_result

from picklecheck.gate.compare import Status
from picklecheck.gate.exit_status import ExitStatus, exit_status
from picklecheck.gate.judgement import BaselineCheck
from picklecheck.model import Outcome, Report, Result, Verdict

if TYPE_CHECKING:
    from picklecheck.gate.compare import Standing


def cell(outcome: str, *, expected: bool | None = None) -> Result:
    """Return a result of which nothing matters but these two."""
    return make_result(outcome=Outcome(outcome), expected=expected)


PASS, KEPT = cell("pass"), cell("pass", expected=True)
FAILED, BROKEN = cell("load-error"), cell("load-error", expected=False)
UNSUPPORTED, UNDECIDED = cell("unsupported"), cell("undecided")
EMPTY = replace(UNSUPPORTED, verdict=Verdict(Outcome.UNSUPPORTED, "PC802", "the value is None"))

# Report -> exit status, and the one with --exit-zero.
ROWS: dict[str, tuple[Report, int, int]] = {
    "a pass": (make_report([PASS]), 0, 0),
    "a promise kept": (make_report([KEPT]), 0, 0),
    "a failure that nobody promised to avoid": (make_report([FAILED, PASS]), 0, 0),
    "each such failure": (
        make_report([cell(one.value) for one in Outcome if one.is_failure]),
        0,
        0,
    ),
    "a pass beside what is unsupported": (make_report([UNSUPPORTED, PASS]), 0, 0),
    "a promise broken": (make_report([KEPT, BROKEN]), 1, 0),
    "a promise broken beside what is undecided": (make_report([BROKEN, UNDECIDED]), 1, 3),
    "undecided": (make_report([PASS, UNDECIDED]), 3, 3),
    "undecided alone": (make_report([UNDECIDED]), 3, 3),
    "undecided beside what is unsupported": (make_report([UNSUPPORTED, UNDECIDED]), 3, 3),
    "an environment that cannot be had": (
        make_report([PASS], environments=[make_environment(), make_environment(status="unavailable", reason="no")]),
        3,
        3,
    ),
    "nothing but an environment that cannot be had": (
        make_report([], environments=[make_environment(status="unavailable", reason="no")]),
        3,
        3,
    ),
    "a promise broken beside an environment that cannot be had": (
        make_report([BROKEN], environments=[make_environment(status="unavailable", reason="no")]),
        1,
        3,
    ),
    "a target that sends nothing": (make_report([EMPTY]), 4, 4),
    "a target that sends nothing, beside a pass": (make_report([PASS, EMPTY]), 4, 4),
    "a target that sends nothing, beside what is undecided": (make_report([PASS, EMPTY, UNDECIDED]), 3, 3),
    "a target that sends nothing, beside a broken promise": (make_report([EMPTY, BROKEN]), 1, 4),
    "a target that sends nothing, in an interrupted run": (make_report([EMPTY], interrupted=True), 130, 130),
    "nothing": (make_report([]), 4, 4),
    "nothing that is supported": (make_report([UNSUPPORTED, UNSUPPORTED]), 4, 4),
    "interrupted": (make_report([PASS], planned=2, interrupted=True), 130, 130),
    "interrupted before anything": (make_report([], planned=2, interrupted=True), 130, 130),
    "interrupted after a broken promise": (make_report([BROKEN, UNDECIDED], planned=3, interrupted=True), 130, 130),
}


@pytest.mark.parametrize(("report", "status", "_forgiving"), ROWS.values(), ids=ROWS)
def test_the_exit_status(report: Report, status: int, _forgiving: int) -> None:
    assert exit_status(report) == status


@pytest.mark.parametrize(("report", "_status", "forgiving"), ROWS.values(), ids=ROWS)
def test_exit_zero_forgives_findings_and_nothing_else(report: Report, _status: int, forgiving: int) -> None:
    assert exit_status(report, exit_zero=True) == forgiving


def test_the_numbers_are_those_that_users_rely_on() -> None:
    assert {one.name: one.value for one in ExitStatus} == {
        "AS_EXPECTED": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "COULD_NOT_JUDGE": 3,
        "NOTHING_CHECKED": 4,
        "INTERRUPTED": 130,
    }


def against(*standings: Standing, allow_fixed: bool = False) -> BaselineCheck:
    """Return a baseline to which the cells stand like this."""
    return BaselineCheck("baseline.json", make_comparison(*standings), allow_fixed)


def standing(status: Status) -> Standing:
    """Return how the cell of this table stands; what was not run is another one."""
    is_run = status not in (Status.MISSING, Status.NOT_CHECKED)
    return make_standing(status, BOX if is_run else BOX.replace("box", "pair"))


AS_RECORDED, NEW = standing(Status.AS_RECORDED), standing(Status.NEW)
MISSING, NOT_CHECKED = standing(Status.MISSING), standing(Status.NOT_CHECKED)
FIXED = standing(Status.FIXED)
BEYOND = make_result(BOX.replace("box", "tree"))

# Report, how its cells stand -> exit status, and the one with --exit-zero.
AGAINST_ROWS: dict[str, tuple[Report, BaselineCheck, int, int]] = {
    "a pass as recorded": (make_report([PASS]), against(AS_RECORDED), 0, 0),
    "regressed": (make_report([FAILED]), against(standing(Status.REGRESSED)), 1, 0),
    "regressed where nothing is promised, beside a pass": (
        make_report([FAILED, BEYOND]),
        against(standing(Status.REGRESSED)),
        1,
        0,
    ),
    "changed": (make_report([FAILED]), against(standing(Status.CHANGED)), 1, 0),
    "supported no more": (make_report([UNSUPPORTED, BEYOND]), against(standing(Status.CHANGED)), 1, 0),
    "expired": (make_report([FAILED]), against(standing(Status.EXPIRED)), 1, 0),
    "fixed": (make_report([PASS]), against(FIXED), 1, 0),
    "fixed, and allowed": (make_report([PASS]), against(FIXED, allow_fixed=True), 0, 0),
    "regressed, where what is fixed is allowed": (
        make_report([FAILED]),
        against(standing(Status.REGRESSED), allow_fixed=True),
        1,
        0,
    ),
    "missing": (make_report([PASS]), against(AS_RECORDED, MISSING), 1, 0),
    "missing, where what is fixed is allowed": (make_report([PASS]), against(MISSING, allow_fixed=True), 1, 0),
    "not checked": (make_report([PASS]), against(AS_RECORDED, NOT_CHECKED), 0, 0),
    "a new promise that is broken": (make_report([BROKEN]), against(NEW), 1, 0),
    "a broken promise as recorded": (make_report([BROKEN]), against(AS_RECORDED), 0, 0),
    "a broken promise of which nothing is recorded": (make_report([BROKEN]), against(), 1, 0),
    "a new failure where nothing is promised": (make_report([FAILED]), against(NEW), 0, 0),
    "undecided": (make_report([UNDECIDED]), against(), 3, 3),
    "undecided beside what is missing": (make_report([UNDECIDED]), against(MISSING), 1, 3),
    "a target that sends nothing, as recorded": (make_report([PASS, EMPTY]), against(AS_RECORDED), 4, 4),
    "unsupported as recorded": (make_report([UNSUPPORTED]), against(AS_RECORDED), 4, 4),
    "nothing but entries that were not checked": (make_report([]), against(NOT_CHECKED), 4, 4),
    "nothing but an entry that is missing": (make_report([]), against(MISSING), 1, 4),
    "interrupted": (make_report([FAILED], interrupted=True), against(standing(Status.REGRESSED)), 130, 130),
}


@pytest.mark.parametrize(("report", "compared", "status", "_forgiving"), AGAINST_ROWS.values(), ids=AGAINST_ROWS)
def test_the_exit_status_against_a_baseline(
    report: Report, compared: BaselineCheck, status: int, _forgiving: int
) -> None:
    assert exit_status(report, compared) == status


@pytest.mark.parametrize(("report", "compared", "_status", "forgiving"), AGAINST_ROWS.values(), ids=AGAINST_ROWS)
def test_exit_zero_forgives_what_a_baseline_finds_and_nothing_else(
    report: Report, compared: BaselineCheck, _status: int, forgiving: int
) -> None:
    assert exit_status(report, compared, exit_zero=True) == forgiving


def test_a_cell_is_judged_by_its_own_standing() -> None:
    elsewhere = against(standing(Status.AS_RECORDED), make_standing(Status.REGRESSED, environment="there"))

    assert exit_status(make_report([FAILED]), elsewhere) == 0
    assert exit_status(make_report([replace(FAILED, environment="there")]), elsewhere) == 1
    assert exit_status(make_report([replace(FAILED, receiver_environment="there")]), elsewhere) == 0


@pytest.mark.parametrize(("mark", "status", "forgiving"), [(".", 3, 3), ("!", 1, 3), ("-", 3, 3)])
def test_a_matrix_with_gaps_is_not_judged(mark: str, status: int, forgiving: int) -> None:
    report = replace(make_matrix([make_matrix_environment()], {BOX: [mark]}), gaps=("a shard",))

    assert exit_status(report) == status
    assert exit_status(report, exit_zero=True) == forgiving
