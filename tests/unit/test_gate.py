"""From a report to the exit status."""

from __future__ import annotations

import pytest
from report_builders import make_environment, make_report, make_result

from picklecheck.gate import ExitStatus, exit_status
from picklecheck.model import Outcome, Report, Result


def cell(outcome: str, *, expected: bool | None = None) -> Result:
    """Return a result of which nothing matters but these two."""
    return make_result(outcome=Outcome(outcome), expected=expected)


PASS, KEPT = cell("pass"), cell("pass", expected=True)
FAILED, BROKEN = cell("load-error"), cell("load-error", expected=False)
UNSUPPORTED, UNDECIDED = cell("unsupported"), cell("undecided")

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
