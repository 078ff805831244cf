"""The report as JSON. Other tools rely on these names: add, never rename."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from picklecheck.gate.compare import Status
from picklecheck.model import FIXES, SCHEMA_VERSION, Outcome
from picklecheck.reports.json_format.cells import document_of
from picklecheck.reports.phrases import change
from picklecheck.verdicts.cures import matrix_trials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from picklecheck.gate.compare import Standing
    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Environment, Report, Trial
    from picklecheck.reports.json_format.spool import CellSpool
    from picklecheck.reports.json_format.types import (
        BaselineDocument,
        CureDocument,
        DifferenceDocument,
        EnvironmentDocument,
        ScenarioDocument,
        ShardDocument,
    )


def render(report: Report, exit_status: int, against: BaselineCheck | None = None) -> str:
    """Return the whole report as a JSON document, with a line of its own for each environment and each cell."""
    cells = (json.dumps(document_of(one)) for one in report.results)
    counts = summary((one.cell.fix, one.verdict.outcome) for one in report.results)
    more = {"baseline": _baseline(against), "cures": [_cure(one) for one in report.trials]}
    return "".join(_document(report, cells, counts, more, exit_status))


def render_matrix(
    report: MatrixReport, spool: CellSpool, exit_status: int, against: BaselineCheck | None = None
) -> Iterator[str]:
    """Yield the pieces of the same document for a matrix, whose cells lie in ``spool``."""
    matrix_results = report.matrix_results
    counts = summary(
        (cell.fix, mark.outcome) for pair in matrix_results.pairs for cell, mark in matrix_results.row(pair)
    )
    more = {
        "baseline": _baseline(against),
        "cures": [_cure(one) for one in matrix_trials(report)],
        "cross": report.cross,
        "cells_reused": report.reused,
        "notes": list(report.notes),
        "gaps": list(report.gaps),
    }
    return _document(report, spool.lines(), counts, more, exit_status)


def _document(
    report: Report | MatrixReport,
    cells: Iterable[str],
    counts: Mapping[str, Mapping[str, int]],
    more: Mapping[str, object],
    exit_status: int,
) -> Iterator[str]:
    # A line for each environment and each cell, and not the encoder's own indentation, which is written in Python: it
    # is slow, and puts each word on a line.
    head = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": report.tool_version,
        "command": list(report.command),
        "started_at": report.started_at,
        "duration_s": round(report.duration_s, 3),
    }
    tail = {
        "summary": counts,
        "interrupted": report.interrupted,
        "cells_planned": report.planned,
        "shard": _shard(report),
        "configured": None if report.configured is None else list(report.configured),
        **more,
        "exit_status": int(exit_status),
    }
    yield "{\n" + "".join(f"{json.dumps(name)}: {json.dumps(value)},\n" for name, value in head.items())
    yield '"environments": '
    yield from _list(json.dumps(_environment(one)) for one in report.environments)
    yield ',\n"scenarios": '
    yield from _list(json.dumps(one) for one in _scenarios(report))
    yield ',\n"cells": '
    yield from _list(cells)
    yield "".join(f",\n{json.dumps(name)}: {json.dumps(value)}" for name, value in tail.items()) + "\n}\n"


def _list(items: Iterable[str]) -> Iterator[str]:
    separator = "[\n"
    for item in items:
        yield separator
        yield item
        separator = ",\n"
    yield "[]" if separator == "[\n" else "\n]"


def summary(judged: Iterable[tuple[str, Outcome]]) -> dict[str, dict[str, int]]:
    """Return how many cells of each fix had which outcome; outcomes that did not occur are left out."""
    counts = Counter(judged)
    found = {fix: {one.value: counts[fix, one] for one in Outcome if counts[fix, one]} for fix in FIXES}
    return {fix: count for fix, count in found.items() if count}


def _environment(environment: Environment) -> EnvironmentDocument:
    return {
        "id": environment.id,
        "python": environment.python,
        "pydantic": environment.pydantic,
        "cloudpickle": environment.cloudpickle,
        "platform": environment.platform,
        "status": environment.status,
        "reason": environment.reason,
        "serializers": list(environment.serializers),
        "packages": dict(environment.packages),
    }


def _scenarios(report: Report | MatrixReport) -> Iterator[ScenarioDocument]:
    for one in report.scenarios:
        script = report.scripts.get(one.id)
        yield {"id": one.id, "summary": one.summary, "source": report.sources.get(one.id), "script": script}


def _shard(report: Report | MatrixReport) -> ShardDocument | None:
    shard = report.shard
    return {"index": shard.index, "of": shard.of, "plan": shard.plan} if shard else None


def _cure(trial: Trial) -> CureDocument:
    return {
        "code": trial.code,
        "cure": trial.cure,
        "tried": trial.tried,
        "arrived": trial.arrived,
        "example": trial.example,
        "environment": trial.environment,
    }


def _baseline(against: BaselineCheck | None) -> BaselineDocument | None:
    if against is None:
        return None
    everything = [*against.comparison.standings.values(), *against.comparison.left]
    counts = Counter(one.status for one in everything)
    return {
        "file": against.file,
        "counts": {one.value: counts[one] for one in Status if counts[one]},
        "differences": [_difference(one) for one in everything if one.status is not Status.AS_RECORDED],
    }


def _difference(standing: Standing) -> DifferenceDocument:
    entry = standing.entry
    return {
        "status": standing.status.value,
        "cell": standing.place.cell,
        "environment": standing.place.environment,
        "receiver_environment": standing.place.receiver_environment,
        "recorded": str(entry.finding) if entry else None,
        "found": str(standing.found) if standing.found else None,
        "why": standing.why,
        "change": change(standing) if entry and standing.found else None,
        "reason": entry.reason if entry else None,
        "until": entry.until if entry else None,
    }
