"""Makes a document out of what a command found. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from picklecheck.gate.checked import place_of
from picklecheck.gate.judgement import judge
from picklecheck.matrix_report import MatrixReport, pair_of
from picklecheck.reports.answers import matrix as matrix_answer
from picklecheck.reports.answers import run
from picklecheck.reports.document import Document, Row
from picklecheck.reports.json_format.reader import read_cell
from picklecheck.verdicts.cures import matrix_trials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.model import Report, Result
    from picklecheck.reports.json_format.spool import CellSpool


def document_of(
    report: Report | MatrixReport, spool: CellSpool | None, exit_status: int, against: BaselineCheck | None = None
) -> Document:
    """Return what the formats for machines are made of. The cells of a matrix lie in ``spool``."""

    def results() -> Iterator[Result]:
        if isinstance(report, MatrixReport):
            return (read_cell(json.loads(line)) for line in (spool.lines() if spool else ()))
        return iter(report.results)

    sentences = matrix_answer.answer(report) if isinstance(report, MatrixReport) else run.answer(report)
    return Document(
        command=report.command,
        tool_version=report.tool_version,
        started_at=report.started_at,
        duration_s=report.duration_s,
        environments=report.environments,
        planned=report.planned,
        interrupted=report.interrupted,
        answer=tuple(sentences),
        exit_status=int(exit_status),
        comparison=against.comparison if against else None,
        allow_fixed=against is not None and against.allow_fixed,
        rows=lambda: (row_of(one, against) for one in results()),
        trials=matrix_trials(report) if isinstance(report, MatrixReport) else report.trials,
    )


def row_of(result: Result, against: BaselineCheck | None = None) -> Row:
    """Return what a document says of one result."""
    standing = against.comparison.standings.get(place_of(result.cell, pair_of(result))) if against else None
    outcome = result.verdict.outcome
    return Row(
        cell=result.cell,
        environment=result.environment,
        receiver_environment=result.receiver_environment,
        outcome=outcome,
        code=result.verdict.code,
        reason=result.verdict.reason,
        exception=result.exception,
        expected=result.expected,
        duration_s=result.duration_s,
        location=result.location,
        standing=standing,
        judgement=judge(outcome, result.expected, standing, allow_fixed=against is not None and against.allow_fixed),
    )
