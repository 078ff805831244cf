"""Several JSON reports as one: those of shards, or of jobs for one environment each. Pure, but for the spool."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from picklecheck import __version__
from picklecheck.errors import UsageError
from picklecheck.gate.baseline import Finding
from picklecheck.gate.checked import place_of
from picklecheck.gate.compare import Found
from picklecheck.matrix_report import MatrixReport, MatrixResults, Pair, mark_of, pair_of
from picklecheck.model import Scenario, is_target
from picklecheck.reports.json_format.reader import read_cell
from picklecheck.verdicts.cures import merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from picklecheck.gate.baseline import Place
    from picklecheck.model import Environment, Result
    from picklecheck.reports.json_format.reader import ReadReport
    from picklecheck.reports.json_format.spool import CellSpool

_HINT = "Merge reports of one state of your code, each cell from one run."


def found_in_all(reports: Sequence[ReadReport]) -> Found:
    """Return what the reports found together, as a baseline compares it; raises UsageError where they disagree."""
    places = {place: _finding(result) for place, (_, result, _) in _cells(reports).items()}
    return Found(_environments(reports), places, None, _sources(reports))


def configured_in(reports: Iterable[ReadReport]) -> tuple[str, ...] | None:
    """Return the targets of the configuration; None unless each report is of a run of what is configured."""
    found: dict[str, None] = {}
    for one in reports:
        if one.configured is None:
            return None
        found.update(dict.fromkeys(one.configured))
    return tuple(found)


def merge(
    reports: Sequence[ReadReport], spool: CellSpool, command: Sequence[str], expected: int | None = None
) -> MatrixReport:
    """Return the reports as one, whose cells go to ``spool``; raises UsageError where they disagree.

    A cell that several reports have is kept once. ``expected`` is how many reports there should be, if that is known.
    """
    cells = _cells(reports)
    environments = _environments(reports)
    order = {one.id: number for number, one in enumerate(environments)}
    scenarios = {name: summary for one in reports for name, (summary, _) in one.scenarios.items()}
    places = {name: number for number, name in enumerate(scenarios)}
    results = sorted(
        cells.values(),
        key=lambda one: (order[one[1].environment], order[pair_of(one[1]).receiver], places[one[1].cell.scenario]),
    )
    pairs = list(dict.fromkeys(pair_of(result) for _, result, _ in results))
    is_crossed = any(one.cross for one in reports)
    # An environment that showed nothing has a row all the same.
    pairs += [own for one in environments if (own := Pair(one.id, one.id)) not in pairs and not is_crossed]
    matrix_results = MatrixResults(pairs, list(dict.fromkeys(result.cell for _, result, _ in results)))
    for number, (_, result, document) in enumerate(results):
        matrix_results.put(pair_of(result), result.cell, mark_of(result))
        spool.add_line(number, json.dumps(document))
    return MatrixReport(
        command=tuple(command),
        tool_version=__version__,
        started_at=min(one.started_at for one in reports),
        duration_s=sum(one.duration_s for one in reports),
        environments=environments,
        scenarios=tuple(_scenario(name, summary) for name, summary in scenarios.items()),
        matrix_results=matrix_results,
        cross=is_crossed,
        planned=sum(one.planned for one in reports) - (sum(len(one.cells) for one in reports) - len(cells)),
        reused=sum(one.reused for one in reports),
        interrupted=any(one.interrupted for one in reports),
        notes=tuple(dict.fromkeys(note for one in reports for note in one.notes)),
        sources=_sources(reports),
        gaps=tuple(gaps_of(reports, expected)),
        configured=configured_in(reports),
        scripts={name: script for one in reports for name, script in one.scripts.items()},
        trials=merged(trial for one in reports for trial in one.trials),
    )


def _cells(reports: Sequence[ReadReport]) -> dict[Place, tuple[ReadReport, Result, Mapping[str, object]]]:
    found: dict[Place, tuple[ReadReport, Result, Mapping[str, object]]] = {}
    for report in reports:
        for document in report.cells:
            result = read_cell(document)
            place = place_of(result.cell, pair_of(result))
            known = found.setdefault(place, (report, result, document))
            if _finding(known[1]) != _finding(result):
                msg = (
                    f"{known[0].source} and {report.source} disagree about {place.cell} with {place.environment}:"
                    f" {_finding(known[1])}, and {_finding(result)}."
                )
                raise UsageError(msg, _HINT)
    return found


def _sources(reports: Sequence[ReadReport]) -> dict[str, str]:
    return {name: source for one in reports for name, (_, source) in one.scenarios.items() if source}


def _finding(result: Result) -> Finding:
    return Finding(result.verdict.outcome, result.verdict.code, result.exception)


def _environments(reports: Iterable[ReadReport]) -> tuple[Environment, ...]:
    """Return the environments of all reports, the oldest first; one that somebody could not have is one of those."""
    found: dict[str, Environment] = {}
    for report in reports:
        for one in report.environments:
            known = found.get(one.id)
            if known is None or known.is_available:
                found[one.id] = one
    return tuple(sorted(found.values(), key=lambda one: [*map(_version, (one.python, one.cloudpickle, one.pydantic))]))


def gaps_of(reports: Sequence[ReadReport], expected: int | None = None) -> Iterator[str]:
    """Yield a sentence for each part that is missing, what an earlier merge missed included.

    ``expected`` is how many reports there should be, where somebody knows; one that only repeats others is none.
    """
    yield from dict.fromkeys(gap for one in reports for gap in one.gaps)
    there = _contributing(reports)
    if expected is not None and there < expected:
        yield f"There are {there} of {expected} reports."
    by_plan: dict[tuple[str, int], list[ReadReport]] = {}
    for report in reports:
        if report.shard is not None:
            by_plan.setdefault((report.shard.plan, report.shard.of), []).append(report)
    for (_, of), shards in by_plan.items():
        indices = {one.shard.index for one in shards if one.shard is not None}
        missing = [str(index) for index in range(1, of + 1) if index not in indices]
        if missing:
            words = ("Shard", "is") if len(missing) == 1 else ("Shards", "are")
            plan = f", which {shards[0].source} is one of," if len(by_plan) > 1 else ""
            yield f"{words[0]} {', '.join(missing)} of {of}{plan} {words[1]} not among the reports."
    for report in reports:
        if len(report.cells) < report.planned:
            yield f"{report.source} has {len(report.cells):,} of the {report.planned:,} cells of its plan."


def _contributing(reports: Iterable[ReadReport]) -> int:
    """Count the reports that have a cell that none before them has, or were to have none."""
    seen: set[tuple[object, ...]] = set()
    count = 0
    for report in reports:
        cells = {(one["id"], one["environment"], one.get("receiver_environment")) for one in report.cells}
        count += not report.planned or not cells <= seen
        seen |= cells
    return count


def _scenario(name: str, summary: str) -> Scenario:
    """Return as much of a scenario as a report needs."""
    module, _, function = name.rpartition(":") if is_target(name) else name.partition(".")
    return Scenario(name, module, function, summary, (), module, "", (), "", ())


def _version(text: str | None) -> Version:
    try:
        return Version((text or "0").removesuffix("+"))
    except InvalidVersion:
        return Version("0")
