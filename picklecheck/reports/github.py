"""What GitHub Actions shows of a run: annotations, which are lines on stdout, and the summary of the step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import Judgement
from picklecheck.reports import markdown
from picklecheck.reports.phrases import (
    CURES,
    ELSEWHERE,
    complaint,
    movement,
    one_line,
    remedy,
    severity,
    shortfall,
    standing,
    unchecked,
    where,
    where_recorded,
)
from picklecheck.reports.printable import printable
from picklecheck.reports.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from picklecheck.model import Trial
    from picklecheck.reports.document import Document, Row

# GitHub shows ten errors a step and drops the others without a word: "Limitations" of docs/problem-matchers.md in
# github.com/actions/toolkit.
_MOST = 10
# A larger summary is not shown at all: "Adding a job summary" of "Workflow commands for GitHub Actions" on
# docs.github.com.
_SUMMARY_BYTES = 1024 * 1024

_KINDS = ("run", "finding", "finding", "missing entry", "unavailable environment", "undecided cell")
_RUN, _WORST, _OTHER, _MISSING, _UNAVAILABLE, _UNDECIDED = range(len(_KINDS))


@dataclass
class _Annotation:
    """What stands in one annotation: ``number`` cells, entries or environments, of which the first is told."""

    rank: int
    title: str
    message: str
    location: str | None = None
    number: int = 1
    level: str = "error"


def workflow_commands(document: Document) -> str:
    """Return at most ten workflow commands, a line each, the worst first; what shares a cause shares one."""
    # Sorting keeps the order of the plan among equals.
    every = sorted(_collected(document), key=lambda one: one.rank)
    if len(every) > _MOST:
        shown, rest = every[: _MOST - 1], every[_MOST - 1 :]
        every = [*shown, _Annotation(len(_KINDS), "picklecheck", _left_out(rest))]
    elif unchecked(document) and len(every) < _MOST:
        every.append(_Annotation(len(_KINDS), "picklecheck", unchecked(document), level="notice"))
    return "".join(_command(one) for one in every)


def step_summary(document: Document, used: int = 0) -> str:
    """Return the report as Markdown, no larger than GitHub allows a step; ``used`` bytes of that are taken."""
    return markdown.render(document, max(_SUMMARY_BYTES - used, 0))


def _collected(document: Document) -> Iterator[_Annotation]:
    groups: dict[tuple[int, str, str], _Annotation] = {}
    checked = 0
    for row in document.rows():
        checked += 1
        if row.judgement in (Judgement.FINDING, Judgement.UNDECIDED):
            _put(groups, row.cell.scenario, _of_row(row, document.trials))
    for one in document.comparison.of(Status.MISSING) if document.comparison else ():
        words = f"{one.place.cell} in {where_recorded(one.place)}: {movement(one)}.\n{CURES[Status.MISSING]}"
        _put(groups, one.place.scenario, _Annotation(_MISSING, "missing", words))
    for (_, _, scenario), group in groups.items():
        if group.number > 1:
            group.message += f"\n{group.number - 1:,} more of {scenario} are like this."
        yield group
    lost = [one for one in document.environments if not one.is_available]
    for environment in lost:
        words = f"{environment.id}: {environment.reason or environment.status}"
        yield _Annotation(_UNAVAILABLE, f"environment {environment.status}", words)
    # A run that judged nothing would otherwise annotate nothing, like one in which nothing failed.
    is_told = lost or any(one.rank == _UNDECIDED for one in groups.values())
    words = shortfall(document, checked, is_told=bool(is_told))
    if words:
        yield _Annotation(_RUN, "picklecheck", words)


def _put(groups: dict[tuple[int, str, str], _Annotation], scenario: str, one: _Annotation) -> None:
    """Add to the group of what has the same rank, title and scenario; the title names code and status."""
    group = groups.setdefault((one.rank, one.title, scenario), one)
    if group is not one:
        group.number += 1


def _of_row(row: Row, trials: Iterable[Trial]) -> _Annotation:
    place = f"{row.cell.id} in {where(row)}"
    told = remedy(row, trials)
    cure = f"\n{told}" if told else ""
    kind = " ".join(word for word in (row.code, row.outcome.value) if word)
    if row.judgement is Judgement.UNDECIDED:
        return _Annotation(_UNDECIDED, kind, f"{place}: {row.reason}{cure}", row.location)
    title = f"{kind}: {standing(row)}" if row.code else standing(row)
    rank = (_WORST, _OTHER)[severity(row)]
    reason = f"\n{row.reason}" if row.reason and row.reason not in complaint(row) else ""
    return _Annotation(rank, title, f"{place}: {complaint(row)}{reason}{cure}", row.location)


def _left_out(rest: Iterable[_Annotation]) -> str:
    numbers: Counter[str] = Counter()
    for one in rest:
        numbers[_KINDS[one.rank]] += one.number
    kinds = ", ".join(_plural(number, kind) for kind, number in numbers.items())
    return f"There was no room for {kinds}; {ELSEWHERE}."


def _plural(number: int, kind: str) -> str:
    return counted(number, kind) if number == 1 or not kind.endswith("y") else f"{number:,} {kind[:-1]}ies"


def _command(one: _Annotation) -> str:
    properties = {"title": one.title}
    if one.location:
        path, _, line = one.location.rpartition(":")
        properties = {"file": path, "line": line, **properties}
    words = ",".join(f"{name}={_property(one_line(value))}" for name, value in properties.items())
    return f"::{one.level} {words}::{_data(printable(one.message))}\n"


def _data(text: str) -> str:
    # As escapeData and escapeProperty of packages/core/src/command.ts in github.com/actions/toolkit.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
