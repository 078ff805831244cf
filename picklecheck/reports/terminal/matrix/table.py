"""The table of a matrix: a row an environment, and how many cells pass under each fix in each state of the receiver."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import ALL_SITES, FIXES, RECEIVERS, Outcome
from picklecheck.reports.environment_labels import is_available, own_rows, reason_of, row_labels, unavailable
from picklecheck.reports.terminal.glyphs import glyph
from picklecheck.reports.terminal.matrix.tally import Tally
from picklecheck.reports.text import counted, cut, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Environment
    from picklecheck.reports.view import View

_NO_CELL = "not checked"


@dataclass(frozen=True)
class _Column:
    fix: str
    receiver: str
    numbers: int
    doubts: int

    @property
    def width(self) -> int:
        return max(self.numbers + self.doubts, len(self.receiver))


@dataclass(frozen=True)
class _Table:
    """What all pages of the table have in common. ``tallies`` are by the id of an environment, fix and receiver."""

    report: MatrixReport
    view: View
    labels: Mapping[str, str]
    tallies: Mapping[str, Mapping[tuple[str, str], Tally]]

    @property
    def room(self) -> int:
        """How wide the labels are, with the gap behind them."""
        return max(map(len, [*self.labels.values(), "receiver"])) + 2


def render(report: MatrixReport, view: View) -> Text:
    """Return the table, on several pages if it is too wide for one, and what its signs mean."""
    if not report.environments:
        return Text()
    # Long labels (ids) leave half of the width to the numbers.
    labels = {name: cut(one, view.width // 2) for name, one in row_labels(report.environments).items()}
    table = _Table(report, view, labels, _tallies(report))
    columns = _columns(table)
    text = Text()
    for page in _pages(columns, view.width - table.room) or [[]]:
        _draw(text, page, table)
    for line in _legend(table):
        text.append_text(wrapped(line, view.width, style="dim"))
    text.append("\n" if columns else "")
    cut_ones = [one for one in report.environments if not is_available(one) and _reason(one, table).endswith("..")]
    return text.append_text(unavailable(report, view)) if cut_ones else text


def _tallies(report: MatrixReport) -> dict[str, dict[tuple[str, str], Tally]]:
    found = {}
    for environment, marks in own_rows(report):
        row: dict[tuple[str, str], Tally] = defaultdict(Tally)
        for cell, mark in marks:
            row[cell.fix, cell.receiver].add(mark)
        found[environment.id] = dict(row)
    return found


def _columns(table: _Table) -> list[_Column]:
    present = {key for row in table.tallies.values() for key in row}
    columns = []
    for fix, receiver in sorted(present, key=lambda one: (FIXES.index(one[0]), RECEIVERS.index(one[1]))):
        tallies = [row[fix, receiver] for row in table.tallies.values() if (fix, receiver) in row]
        numbers = max(len(one.number(ascii_only=table.view.ascii_only)) for one in tallies)
        columns.append(_Column(fix, receiver, numbers, max(len(one.doubt) + bool(one.doubt) for one in tallies)))
    return columns


def _pages(columns: Sequence[_Column], width: int) -> list[list[_Column]]:
    """Return the columns on one page if they fit, else on one a fix or, if need be, more."""
    if not columns or _end(columns) <= width:
        return [list(columns)]
    pages: list[list[_Column]] = []
    for _, group in groupby(columns, key=lambda one: one.fix):
        pages.append([])
        for column in group:
            if pages[-1] and _end([*pages[-1], column]) > width:
                pages.append([])
            pages[-1].append(column)
    return pages


def _positions(columns: Sequence[_Column]) -> list[int]:
    """Return where each column stands, and where the next one would: a wider gap between fixes."""
    positions, position = [], 0
    for number, column in enumerate(columns):
        # The last receiver of a fix makes room for the name of the fix.
        first = next(place for place, one in enumerate(columns) if one.fix == column.fix)
        if number == first and number:
            position += 2
        positions.append(position)
        position += column.width + 2
        if number + 1 == len(columns) or columns[number + 1].fix != column.fix:
            position = max(position, positions[first] + len(column.fix) + 2)
    return [*positions, position]


def _end(columns: Sequence[_Column]) -> int:
    return _positions(columns)[-1] - 2


def _draw(text: Text, columns: Sequence[_Column], table: _Table) -> None:
    positions = [table.room + position for position in _positions(columns)[:-1]]
    if columns:
        heads = Text("fix"), Text("receiver")
        for number, (column, position) in enumerate(zip(columns, positions, strict=True)):
            if number == 0 or columns[number - 1].fix != column.fix:
                _put(heads[0], position, column.fix)
            _put(heads[1], position, column.receiver)
        for head in heads:
            head.stylize("dim")
            text.append_text(head).append("\n")
    for environment in table.report.environments:
        line = Text(table.labels[environment.id])
        tallies = table.tallies.get(environment.id, {})
        if not is_available(environment):
            _put(line, table.room, _reason(environment, table), "magenta")
        elif not tallies:
            _put(line, table.room, _NO_CELL, "magenta")
        for column, position in zip(columns, positions, strict=True):
            tally = tallies.get((column.fix, column.receiver))
            if tally is not None:
                passed = tally.number(ascii_only=table.view.ascii_only)
                _put(line, position + column.numbers - len(passed), passed, tally.style)
                _put(line, position + column.numbers + 1, tally.doubt, "bold magenta")
        line.rstrip()
        text.append_text(line).append("\n")
    text.append("\n")


def _put(line: Text, position: int, words: str, style: str = "") -> None:
    line.pad_right(position - len(line))
    line.append(words, style=style)


def _reason(environment: Environment, table: _Table) -> str:
    return cut(f"unavailable: {reason_of(environment)}", table.view.width - table.room)


def _legend(table: _Table) -> Iterable[str]:
    cells = [cell for _, marks in own_rows(table.report) for cell, _ in marks]
    if not cells:
        return
    serializers = dict.fromkeys(str(cell.serializer) for cell in cells)
    sites = {cell.site for cell in cells}
    scenarios = len({cell.scenario for cell in cells})
    yield (
        f"passed/judged cells, over {counted(scenarios, 'scenario')}; serializer {', '.join(serializers)}; "
        f"site {', '.join(site for site in ALL_SITES if site in sites)}"
    )
    tallies = [tally for row in table.tallies.values() for tally in row.values()]
    undecided, unsupported = sum(one.undecided for one in tallies), sum(one.unsupported for one in tallies)
    if undecided:
        yield f"?n: n cells more could not be judged (undecided), {undecided} altogether"
    if unsupported:
        dash = glyph(Outcome.UNSUPPORTED, ascii_only=table.view.ascii_only)
        nothing = any(one.number(ascii_only=table.view.ascii_only) == dash for one in tallies)
        yield "left out: cells that the environment cannot express (unsupported)" + (f"; {dash} all of them" * nothing)
