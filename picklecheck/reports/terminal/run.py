"""The report for people: a grid, then what failed by cause, then one line that answers the question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import ALL_SITES, FIXES, RECEIVERS, Outcome
from picklecheck.reports.answers.run import answer
from picklecheck.reports.cure_words import what_to_do
from picklecheck.reports.rows import row_of
from picklecheck.reports.terminal import against_baseline
from picklecheck.reports.terminal.glyphs import RECEIVER_LETTERS, SITE_LETTERS, glyph, shortened, style
from picklecheck.reports.text import cut, wrapped
from picklecheck.verdicts.causes import cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.model import Report, Result, Trial
    from picklecheck.reports.view import View

_NAME_WIDTH = 30
_SCENARIOS_SHOWN = 6


@dataclass(frozen=True)
class _Column:
    fix: str
    serializer: str
    site: str
    receiver: str


def render(report: Report, view: View, against: BaselineCheck | None = None) -> Text:
    """Return the whole report, ending in a newline."""
    text = Text()
    for environment in report.environments:
        text.append(f"python {environment.python}  pydantic {environment.pydantic}", style="bold")
        text.append(f"  cloudpickle {environment.cloudpickle}\n", style="bold")
    if view.verbosity >= 0:
        text.append("\n" * bool(report.environments))
        for columns in _pages(report.results, view.width):
            _draw(text, columns, report, view, against)
        for code, results in _by_code(report.results):
            _explain(text, code, results, report.trials, view)
    if against is not None:
        text.append_text(against_baseline.render(against, view)).append("\n")
    for line in answer(report):
        text.append_text(wrapped(line, view.width, style="bold"))
    return text


def _pages(results: Iterable[Result], width: int) -> list[list[_Column]]:
    """Return the columns, on one page if they fit, else on one a fix, a serializer or a site."""
    results = list(results)
    serializers = list(dict.fromkeys(str(one.cell.serializer) for one in results))
    columns = sorted(
        {_column(one) for one in results},
        key=lambda one: (
            FIXES.index(one.fix),
            serializers.index(one.serializer),
            ALL_SITES.index(one.site),
            RECEIVERS.index(one.receiver),
        ),
    )
    keys: list[Callable[[_Column], tuple[str, ...]]] = [
        lambda _: (),
        lambda one: (one.fix,),
        lambda one: (one.fix, one.serializer),
        lambda one: (one.fix, one.serializer, one.site),
    ]
    pages: list[list[_Column]] = []
    for key in keys:
        pages = [list(group) for _, group in groupby(columns, key=key)]
        if all(_NAME_WIDTH + _positions(page)[-1] < width for page in pages):
            break
    return pages


def _column(result: Result) -> _Column:
    cell = result.cell
    return _Column(cell.fix, str(cell.serializer), cell.site, cell.receiver)


def _positions(columns: Sequence[_Column]) -> list[int]:
    """Return where each column stands: the further out an axis changes, the wider the gap."""
    positions = [0]
    for last, this in pairwise(columns):
        gap = 3 if last.fix != this.fix else 2 if last.serializer != this.serializer else last.site != this.site
        positions.append(positions[-1] + 1 + int(gap))
    return positions


def _draw(text: Text, columns: Sequence[_Column], report: Report, view: View, against: BaselineCheck | None) -> None:
    positions = _positions(columns)
    for label, header in _headers(columns, positions, view.width - _NAME_WIDTH):
        text.append(f"{label:{_NAME_WIDTH}}{header}".rstrip() + "\n", style="dim")
    by_cell = {(one.cell.scenario, _column(one)): one for one in report.results}
    for family, scenarios in groupby(report.scenarios, key=lambda one: one.family):
        shown = [one for one in scenarios if any((one.id, column) in by_cell for column in columns)]
        if shown:
            text.append(f"{family}\n", style="bold")
        for scenario in shown:
            line = Text(f"  {cut(scenario.name, _NAME_WIDTH - 3)}")
            for column, position in zip(columns, positions, strict=True):
                result = by_cell.get((scenario.id, column))
                if result is not None:
                    line.pad_right(_NAME_WIDTH + position - len(line))
                    line.append(
                        glyph(result.verdict.outcome, ascii_only=view.ascii_only), style=style(row_of(result, against))
                    )
            text.append_text(line).append("\n")
    text.append("\n")
    for entries in _legend(columns, report.results, view):
        text.append_text(wrapped(entries, view.width, style="dim"))
    text.append("\n")


def _headers(columns: Sequence[_Column], positions: Sequence[int], width: int) -> Iterable[tuple[str, str]]:
    # The last label may be longer than its columns, as far as there is room.
    ends = [*positions[1:], width + 1]
    axes: dict[str, Callable[[_Column], tuple[str, ...]]] = {
        "fix": lambda one: (one.fix,),
        "serializer": lambda one: (one.fix, one.serializer),
        "site": lambda one: (one.fix, one.serializer, one.site),
    }
    for axis, key in axes.items():
        line = ""
        for value, group in groupby(range(len(columns)), key=lambda number: key(columns[number])):
            members = list(group)
            start = positions[members[0]]
            room = ends[members[-1]] - start - 1
            label = SITE_LETTERS[value[-1]] if axis == "site" else value[-1]
            label = shortened(label, room) if axis == "serializer" else label[: max(room, 1)]
            line = f"{line:{start}}{label}"
        yield axis, line
    line = ""
    for column, position in zip(columns, positions, strict=True):
        line = f"{line:{position}}{RECEIVER_LETTERS[column.receiver]}"
    yield "receiver", line


def _legend(columns: Sequence[_Column], results: Sequence[Result], view: View) -> list[str]:
    outcomes = {one.verdict.outcome for one in results}
    sites, receivers = {one.site for one in columns}, {one.receiver for one in columns}
    return [
        "  ".join(f"{glyph(one, ascii_only=view.ascii_only)} {one.value}" for one in Outcome if one in outcomes),
        "site: " + ", ".join(f"{SITE_LETTERS[one]} {one}" for one in ALL_SITES if one in sites),
        "receiver: " + ", ".join(f"{RECEIVER_LETTERS[one]} {one}" for one in RECEIVERS if one in receivers),
    ]


def _by_code(results: Iterable[Result]) -> list[tuple[str, list[Result]]]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        if result.verdict.code is not None:
            groups.setdefault(result.verdict.code, []).append(result)
    return sorted(groups.items())


def _explain(text: Text, code: str, results: Sequence[Result], trials: Sequence[Trial], view: View) -> None:
    page = cause(code)
    fixes = Counter(one.cell.fix for one in results)
    counts = ", ".join(f"{fix} {fixes[fix]}" for fix in FIXES if fixes[fix])
    heading = f"{code} {results[0].verdict.outcome.value}: {page.title} ({_count(len(results), 'cell')}: {counts})"
    text.append_text(wrapped(heading, view.width, rest="       ", style="bold"))
    cure = what_to_do(page, fixes, trials)
    for label, words in (("what", page.happened), ("why", page.why), ("do", cure)):
        text.append_text(wrapped(words, view.width, f"  {label:5}", "       "))
    if view.verbosity > 0:
        for result in results:
            text.append_text(wrapped(f"{result.cell.id}: {result.verdict.reason}", view.width, "  - ", "      "))
    else:
        # A broken promise is the better example: it is what the reader has to act on.
        example = min(results, key=lambda one: one.expected is not False)
        text.append_text(wrapped(f"{example.cell.id}: {example.verdict.reason}", view.width, "  e.g. ", "       "))
        names = list(dict.fromkeys(one.cell.scenario for one in results))
        more = len(names) - _SCENARIOS_SHOWN
        listed = ", ".join(names[:_SCENARIOS_SHOWN]) + (f" and {more} more (-v shows all)" if more > 0 else "")
        text.append_text(wrapped(listed, view.width, "  in   ", "       ", style="dim"))
    text.append("\n")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
