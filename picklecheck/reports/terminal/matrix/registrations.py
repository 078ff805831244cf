"""The original report's table, for a single scenario: where its class is registered and what became of the value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import ALL_SITES, FIXES, RECEIVERS
from picklecheck.reports.environment_labels import own_rows, row_labels
from picklecheck.reports.record.changes import Finding
from picklecheck.reports.terminal.glyphs import style_of
from picklecheck.reports.text import cut, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.matrix_report import Mark, MatrixReport
    from picklecheck.model import Cell, Serializer
    from picklecheck.reports.view import View

_NOT_KNOWN = "-"


@dataclass(frozen=True)
class _Column:
    over: str
    head: str
    words: Sequence[str]
    styles: Sequence[str]

    @property
    def most(self) -> int:
        return max(map(len, [self.head, *self.words]))

    @property
    def least(self) -> int:
        """The width without which it would say too little: outcomes are never cut."""
        return self.most if self.styles else len(self.head)


@dataclass(frozen=True)
class _Row:
    label: str
    in_producer: str
    in_receiver: str
    marks: dict[str, Mark]


def render(report: MatrixReport, view: View) -> Text:
    """Return a table for each serializer and site, without a fix if that was run; nothing for several scenarios."""
    text = Text()
    cells = report.matrix_results.cells
    if len({cell.scenario for cell in cells}) != 1:
        return text
    fix = min((cell.fix for cell in cells), key=FIXES.index)
    labels = row_labels(report.environments)
    for serializer, site in _groups(cells, fix):
        rows = [
            _row(
                labels[environment.id], [(cell, mark) for cell, mark in marks if _key(cell) == (serializer, site, fix)]
            )
            for environment, marks in own_rows(report)
        ]
        receivers = {cell.receiver for cell in cells if _key(cell) == (serializer, site, fix)}
        shown = [row for row in rows if row.marks]
        if shown:
            text.append_text(
                wrapped(f"{cells[0].scenario}: {serializer}, site {site}, fix {fix}", view.width, style="bold")
            )
            _draw(text, shown, [one for one in RECEIVERS if one in receivers], view)
    if _NOT_KNOWN in text.plain.split():
        text.append_text(
            wrapped(
                f"{_NOT_KNOWN}: no cold receiver was asked for, or no process came far enough to say so",
                view.width,
                style="dim",
            )
        )
        text.append("\n")
    return text


def _key(cell: Cell) -> tuple[Serializer, str, str]:
    return cell.serializer, cell.site, cell.fix


def _groups(cells: Sequence[Cell], fix: str) -> list[tuple[Serializer, str]]:
    found = dict.fromkeys((cell.serializer, cell.site) for cell in cells if cell.fix == fix)
    serializers = list(dict.fromkeys(serializer for serializer, _ in found))
    return sorted(found, key=lambda one: (serializers.index(one[0]), ALL_SITES.index(one[1])))


def _row(label: str, marks: Sequence[tuple[Cell, Mark]]) -> _Row:
    by_receiver = {cell.receiver: mark for cell, mark in marks}
    # One producer serves all receivers.
    known = [one.registered_in_producer for one in by_receiver.values() if one.registered_in_producer is not None]
    cold = by_receiver.get("cold")
    return _Row(
        label,
        _registered(known[0] if known else None),
        _registered(cold.registered_in_receiver if cold else None),
        by_receiver,
    )


def _registered(modules: tuple[str, ...] | None) -> str:
    if modules is None:
        return _NOT_KNOWN
    return f"yes: {', '.join(modules)}" if modules else "no"


def _columns(rows: Sequence[_Row], receivers: Sequence[str]) -> list[_Column]:
    columns = [
        _Column("registered in", "producer", [row.in_producer for row in rows], ()),
        _Column("registered in", "cold receiver", [row.in_receiver for row in rows], ()),
    ]
    for receiver in receivers:
        marks = [row.marks.get(receiver) for row in rows]
        words = ["" if mark is None else str(Finding(mark.outcome, mark.code)) for mark in marks]
        styles = ["" if mark is None else style_of(mark.outcome, mark.expected) for mark in marks]
        columns.append(_Column("outcome", receiver, words, styles))
    return columns


def _pages(columns: Sequence[_Column], width: int) -> list[list[tuple[_Column, int]]]:
    """Return the columns and their widths; names of modules give way to outcomes."""
    pages: list[list[_Column]] = [[]]
    for column in columns:
        if pages[-1] and sum(one.least + 2 for one in [*pages[-1], column]) > width:
            pages.append([])
        pages[-1].append(column)
    sized = []
    for page in pages:
        refuse_overwriting = width - sum(one.least + 2 for one in page)
        widths = []
        for column in page:
            more = min(column.most - column.least, refuse_overwriting)
            refuse_overwriting -= more
            widths.append(column.least + more)
        sized.append(list(zip(page, widths, strict=True)))
    return sized


def _draw(text: Text, rows: Sequence[_Row], receivers: Sequence[str], view: View) -> None:
    labels = [cut(row.label, view.width // 2) for row in rows]
    room = max(map(len, ["version", *labels]))
    columns = _columns(rows, receivers)
    if sum(column.most + 2 for column in columns) > view.width - room:
        # The names of modules say enough.
        columns = [replace(one, words=[word.removeprefix("yes: ") for word in one.words]) for one in columns]
    for page in _pages(columns, view.width - room):
        heads = Text(" " * room, style="dim"), Text(f"{'version':{room}}", style="dim")
        lines = [Text(f"{label:{room}}") for label in labels]
        last = ""
        for column, width in page:
            over = "" if column.over == last else column.over
            last = column.over
            for line, words, style in zip(
                [*heads, *lines],
                [over, column.head, *column.words],
                ["", "", *(column.styles or [""] * len(rows))],
                strict=True,
            ):
                line.append("  ")
                # What stands over several columns reaches into the next ones.
                shown = cut(words, view.width - len(line)) if line is heads[0] else f"{cut(words, width):{width}}"
                line.append(shown, style=style)
            heads[0].pad_right(len(heads[1]) - len(heads[0]))
        for line in [*heads, *lines]:
            line.rstrip()
            text.append_text(line).append("\n")
        text.append("\n")
