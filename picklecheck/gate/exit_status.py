"""From a report to the exit status: one function, one table."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from picklecheck.gate.checked import checked
from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import Judgement, judge
from picklecheck.matrix_report import MatrixReport
from picklecheck.model import NOTHING_SENT

if TYPE_CHECKING:
    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.model import Report


class ExitStatus(IntEnum):
    """What the process ends with."""

    AS_EXPECTED = 0
    FINDINGS = 1
    USAGE = 2
    COULD_NOT_JUDGE = 3
    NOTHING_CHECKED = 4
    INTERRUPTED = 130


def exit_status(
    report: Report | MatrixReport, against: BaselineCheck | None = None, *, exit_zero: bool = False
) -> ExitStatus:
    """Return the status of a report. ``exit_zero`` forgives findings, and nothing else.

    Of a shard only its own part is judged; what the others lack, ``merge`` says. A target that sends nothing was not
    checked, however well the others fare.
    """
    standings = against.comparison.standings if against else {}
    allow_fixed = against is not None and against.allow_fixed
    judgements = set()
    has_nothing = False
    for one in checked(report):
        has_nothing |= one.mark.code == NOTHING_SENT
        judgements.add(judge(one.mark.outcome, one.mark.expected, standings.get(one.place), allow_fixed=allow_fixed))
    is_stale = against is not None and bool(against.comparison.of(Status.MISSING))
    if report.interrupted:
        return ExitStatus.INTERRUPTED
    if (Judgement.FINDING in judgements or is_stale) and not exit_zero:
        return ExitStatus.FINDINGS
    has_gaps = isinstance(report, MatrixReport) and bool(report.gaps)
    if Judgement.UNDECIDED in judgements or has_gaps or any(not one.is_available for one in report.environments):
        return ExitStatus.COULD_NOT_JUDGE
    if has_nothing or judgements <= {Judgement.UNSUPPORTED}:
        return ExitStatus.NOTHING_CHECKED
    return ExitStatus.AS_EXPECTED
