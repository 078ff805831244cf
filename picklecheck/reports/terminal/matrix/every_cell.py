"""Every cell of a matrix: scenarios by versions, the glyphs of all sites and receivers side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.matrix_report import Pair
from picklecheck.model import ALL_SITES, FIXES, RECEIVERS, Cell, Outcome
from picklecheck.reports.environment_labels import is_available, row_labels
from picklecheck.reports.terminal.glyphs import glyph, style_of
from picklecheck.reports.text import cut, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Environment, Scenario, Serializer
    from picklecheck.reports.view import View

_NAME_WIDTH = 30
_GAP = 2
_SEEN_WHOLE = 8


@dataclass(frozen=True)
class _Grid:
    """One fix and one serializer; ``places`` are the sites and receivers whose glyphs make an entry."""

    report: MatrixReport
    view: View
    labels: Mapping[str, str]
    environments: Sequence[Environment]
    scenarios: Sequence[Scenario]
    places: Sequence[tuple[str, str]]
    fix: str
    serializer: Serializer

    @property
    def gaps(self) -> frozenset[int]:
        """Where a blank sets off the next site: nowhere, if an entry is so short that one sees it whole."""
        starts = (
            number for number in range(1, len(self.places)) if self.places[number][0] != self.places[number - 1][0]
        )
        return frozenset(starts) if len(self.places) > _SEEN_WHOLE else frozenset()

    @property
    def width(self) -> int:
        """How wide an entry is."""
        return len(self.places) + len(self.gaps)

    def entry(self, scenario: Scenario, environment: Environment) -> Text:
        """Return the glyphs of a scenario in an environment; a blank is a cell that was not run."""
        text = Text()
        pair = Pair(environment.id, environment.id)
        for number, (site, receiver) in enumerate(self.places):
            if number in self.gaps:
                text.append(" ")
            mark = self.report.matrix_results.get(pair, Cell(scenario.id, self.serializer, site, receiver, self.fix))
            if mark is None:
                text.append(" ")
            else:
                text.append(
                    glyph(mark.outcome, ascii_only=self.view.ascii_only), style=style_of(mark.outcome, mark.expected)
                )
        return text


def render(report: MatrixReport, view: View) -> Text:
    """Return the legend, then the grids of each fix and serializer, each ending in an empty line.

    The environments that could not be had stand in the table that comes with it.
    """
    text = Text()
    places = _places(report.matrix_results.cells)
    for line in _legend(report, places, view):
        text.append_text(wrapped(line, view.width, style="dim"))
    text.append("\n")
    labels = {name: cut(label, view.width // 2) for name, label in row_labels(report.environments).items()}
    environments = [one for one in report.environments if is_available(one)]
    for fix, serializer in _groups(report.matrix_results.cells):
        chosen = {one.scenario for one in report.matrix_results.cells if (one.fix, one.serializer) == (fix, serializer)}
        scenarios = [one for one in report.scenarios if one.id in chosen]
        grid = _Grid(report, view, labels, environments, scenarios, places, fix, serializer)
        if environments and scenarios:
            _draw(text, grid)
    return text


def _places(cells: Sequence[Cell]) -> list[tuple[str, str]]:
    places = {(cell.site, cell.receiver) for cell in cells}
    return sorted(places, key=lambda one: (ALL_SITES.index(one[0]), RECEIVERS.index(one[1])))


def _groups(cells: Sequence[Cell]) -> list[tuple[str, Serializer]]:
    serializers = list(dict.fromkeys(cell.serializer for cell in cells))
    groups = {(cell.fix, cell.serializer) for cell in cells}
    return sorted(groups, key=lambda one: (FIXES.index(one[0]), serializers.index(one[1])))


def _legend(report: MatrixReport, places: Sequence[tuple[str, str]], view: View) -> list[str]:
    outcomes = {mark.outcome for pair in report.matrix_results.pairs for _, mark in report.matrix_results.row(pair)}
    sites = groupby(places, key=lambda one: one[0])
    order = "; ".join(f"{site} {', '.join(receiver for _, receiver in group)}" for site, group in sites)
    return [
        "  ".join(f"{glyph(one, ascii_only=view.ascii_only)} {one.value}" for one in Outcome if one in outcomes)
        or "no cell was checked",
        f"each entry, from left to right: {order}",
    ]


def _draw(text: Text, grid: _Grid) -> None:
    text.append_text(wrapped(f"fix {grid.fix}, serializer {grid.serializer}", grid.view.width, style="bold"))
    label_width = max(len(grid.labels[one.id]) for one in grid.environments)
    name_width = min(_NAME_WIDTH, max(len(one.name) for one in grid.scenarios) + 2)
    each = max(label_width, grid.width) + _GAP
    page = max((grid.view.width - name_width) // each, 1)
    across = [max(len(one.id), grid.width) + _GAP for one in grid.scenarios]
    if len(grid.environments) > page and label_width + sum(across) <= grid.view.width:
        _draw_versions_down(text, grid, label_width, across)
        return
    for start in range(0, len(grid.environments), page):
        _draw_versions_across(text, grid, grid.environments[start : start + page], name_width, each)


def _draw_versions_across(
    text: Text, grid: _Grid, environments: Sequence[Environment], name_width: int, each: int
) -> None:
    header = Text(" " * name_width)
    for number, environment in enumerate(environments):
        _put(header, name_width + _GAP + number * each, grid.labels[environment.id])
    header.stylize("dim")
    text.append_text(header).append("\n")
    for family, scenarios in groupby(grid.scenarios, key=lambda one: one.family):
        text.append_text(wrapped(family, grid.view.width, style="bold"))
        for scenario in scenarios:
            line = Text(f"  {cut(scenario.name, name_width - 2)}")
            for number, environment in enumerate(environments):
                _put(line, name_width + _GAP + number * each, grid.entry(scenario, environment))
            _end(text, line)
    text.append("\n")


def _draw_versions_down(text: Text, grid: _Grid, label_width: int, across: Sequence[int]) -> None:
    starts = [label_width + _GAP + sum(across[:number]) for number in range(len(across))]
    header = Text()
    for start, scenario in zip(starts, grid.scenarios, strict=True):
        _put(header, start, scenario.id)
    header.stylize("dim")
    text.append_text(header).append("\n")
    for environment in grid.environments:
        line = Text(grid.labels[environment.id])
        for start, scenario in zip(starts, grid.scenarios, strict=True):
            _put(line, start, grid.entry(scenario, environment))
        _end(text, line)
    text.append("\n")


def _put(line: Text, position: int, what: str | Text) -> None:
    line.pad_right(position - len(line))
    line.append(what)


def _end(text: Text, line: Text) -> None:
    line.rstrip()
    text.append_text(line).append("\n")
