"""From a report to the exit status: one function, one table."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from picklecheck.model import Outcome

if TYPE_CHECKING:
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
    outcomes = [result.verdict.outcome for result in report.results]
    if report.interrupted:
        return ExitStatus.INTERRUPTED
    if any(result.expected is False for result in report.results) and not exit_zero:
        return ExitStatus.FINDINGS
    if Outcome.UNDECIDED in outcomes or any(one.status != "ok" for one in report.environments):
        return ExitStatus.COULD_NOT_JUDGE
    if all(outcome is Outcome.UNSUPPORTED for outcome in outcomes):
        return ExitStatus.NOTHING_CHECKED
    return ExitStatus.AS_EXPECTED
