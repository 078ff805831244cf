"""From a report to the exit status: one function, one table."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from picklecheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from picklecheck.board import MatrixReport
    from picklecheck.model import Report


class ExitStatus(IntEnum):
    """What the process ends with."""

    AS_EXPECTED = 0
    FINDINGS = 1
    USAGE = 2
    COULD_NOT_JUDGE = 3
    NOTHING_CHECKED = 4
    INTERRUPTED = 130


def exit_status(report: Report, *, exit_zero: bool = False) -> ExitStatus:
    """Return the status of a report. ``exit_zero`` forgives findings, and nothing else."""
    judged = [(one.verdict.outcome, one.expected) for one in report.results]
    return _status(judged, report, exit_zero=exit_zero)


def matrix_exit_status(report: MatrixReport, *, exit_zero: bool = False) -> ExitStatus:
    """Return the status of a matrix, by the same rules."""
    marks = (mark for pair in report.board.pairs for _, mark in report.board.row(pair))
    return _status(((one.outcome, one.expected) for one in marks), report, exit_zero=exit_zero)


def _status(
    judged: Iterable[tuple[Outcome, bool | None]], report: Report | MatrixReport, *, exit_zero: bool
) -> ExitStatus:
    kinds = set(judged)
    outcomes = {outcome for outcome, _ in kinds}
    if report.interrupted:
        return ExitStatus.INTERRUPTED
    if any(expected is False for _, expected in kinds) and not exit_zero:
        return ExitStatus.FINDINGS
    if Outcome.UNDECIDED in outcomes or any(one.status != "ok" for one in report.environments):
        return ExitStatus.COULD_NOT_JUDGE
    if outcomes <= {Outcome.UNSUPPORTED}:
        return ExitStatus.NOTHING_CHECKED
    return ExitStatus.AS_EXPECTED
