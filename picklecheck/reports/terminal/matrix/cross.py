"""Payloads that one version writes and another reads: a grid for each fix and serializer, then the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.matrix_report import Pair
from picklecheck.model import FIXES, Cell, Outcome
from picklecheck.reports.answers.matrix import effort, remarks
from picklecheck.reports.environment_labels import heading, is_available, row_labels, unavailable
from picklecheck.reports.terminal import against_baseline
from picklecheck.reports.terminal.glyphs import glyph, style_of
from picklecheck.reports.terminal.matrix import promises
from picklecheck.reports.terminal.matrix import readers as matrix_readers
from picklecheck.reports.terminal.matrix.tally import Tally
from picklecheck.reports.text import counted, cut, wrapped

if TYPE_CHECKING:
    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.matrix_report import Mark, MatrixReport
    from picklecheck.model import Environment, Serializer
    from picklecheck.reports.view import View

_GAP = 2
_WITH = {"none": "without a fix", "instance": "with the instance fix", "class": "with the class fix"}


@dataclass
class _Entry:
    """The cells of one pair of versions; ``only`` is the mark if there can be no more than one."""

    tally: Tally
    only: Mark | None = None

    def words(self, view: View) -> str:
        if self.only is not None:
            return glyph(self.only.outcome, ascii_only=view.ascii_only)
        tally = self.tally
        if tally.judged and tally.passed == tally.judged and not tally.undecided:
            return glyph(Outcome.PASS, ascii_only=view.ascii_only)
        return tally.number(ascii_only=view.ascii_only) + tally.doubt

    @property
    def style(self) -> str:
        return self.tally.style if self.only is None else style_of(self.only.outcome, self.only.expected)


_Key = tuple[str, "Serializer"]
_Entries = Mapping[_Key, Mapping[Pair, _Entry]]


def render(report: MatrixReport, view: View, against: BaselineCheck | None = None) -> Text:
    """Return the whole report, ending in a newline."""
    text = Text()
    entries = _entries(report)
    text.append_text(heading(report, view))
    if view.verbosity >= 0:
        environments = [one for one in report.environments if is_available(one)]
        for line in _legend(report, entries, view):
            text.append_text(wrapped(line, view.width, style="dim"))
        text.append("\n" if entries else "")
        text.append_text(unavailable(report, view))
        labels = {name: cut(label, view.width // 3) for name, label in row_labels(report.environments).items()}
        for (fix, serializer), grid in entries.items():
            text.append_text(wrapped(f"fix {fix}, serializer {serializer}", view.width, style="bold"))
            _draw(text, environments, labels, grid, view)
        text.append_text(matrix_readers.render(report, view))
        text.append_text(promises.render(report, view))
    if against is not None:
        text.append_text(against_baseline.render(against, view)).append("\n")
    for line in [*remarks(report), _verdict(report)]:
        text.append_text(wrapped(line, view.width, style="bold"))
    return text


def _entries(report: MatrixReport) -> _Entries:
    cells = report.matrix_results.cells
    serializers = list(dict.fromkeys(cell.serializer for cell in cells))
    keys = sorted({_key(cell) for cell in cells}, key=lambda one: (FIXES.index(one[0]), serializers.index(one[1])))
    numbers = {key: sum(_key(cell) == key for cell in cells) for key in keys}
    entries: dict[_Key, dict[Pair, _Entry]] = {key: {} for key in keys}
    for pair in report.matrix_results.pairs:
        for cell, mark in report.matrix_results.row(pair):
            key = _key(cell)
            entry = entries[key].setdefault(pair, _Entry(Tally()))
            entry.tally.add(mark)
            entry.only = mark if numbers[key] == 1 else None
    return {key: grid for key, grid in entries.items() if grid}


def _key(cell: Cell) -> _Key:
    return cell.fix, cell.serializer


def _legend(report: MatrixReport, entries: _Entries, view: View) -> Iterator[str]:
    shown = [entry for grid in entries.values() for entry in grid.values()]
    if not shown:
        return
    yield "a row is the version that writes, a column the one that reads"
    single = [entry.only.outcome for entry in shown if entry.only is not None]
    if single:
        yield "  ".join(f"{glyph(one, ascii_only=view.ascii_only)} {one.value}" for one in Outcome if one in single)
    several = [entry.tally for entry in shown if entry.only is None]
    if several:
        scenarios = len({cell.scenario for cell in report.matrix_results.cells})
        yield (
            f"{glyph(Outcome.PASS, ascii_only=view.ascii_only)} every judged cell passes, else passed/judged cells, "
            f"over {counted(scenarios, 'scenario')}"
        )
    undecided, unsupported = sum(one.undecided for one in several), sum(one.unsupported for one in several)
    if undecided:
        yield f"?n: n cells more could not be judged (undecided), {undecided:,} altogether"
    if unsupported:
        dash = glyph(Outcome.UNSUPPORTED, ascii_only=view.ascii_only)
        nothing = any(one.number(ascii_only=view.ascii_only) == dash for one in several)
        yield "left out: cells that the environment cannot express (unsupported)" + (f"; {dash} all of them" * nothing)


def _draw(
    text: Text,
    environments: Sequence[Environment],
    labels: Mapping[str, str],
    grid: Mapping[Pair, _Entry],
    view: View,
) -> None:
    room = max(len(labels[one.id]) for one in environments)
    widest = max(len(entry.words(view)) for entry in grid.values())
    each = max(room, widest) + _GAP
    page = max((view.width - room) // each, 1)
    for start in range(0, len(environments), page):
        readers = environments[start : start + page]
        text.append(" " * room)
        for reader in readers:
            text.append(f"{labels[reader.id]:>{each}}", style="dim")
        text.append("\n")
        for writer in environments:
            line = Text(f"{labels[writer.id]:{room}}")
            for reader in readers:
                entry = grid.get(Pair(writer.id, reader.id))
                words = "" if entry is None else entry.words(view)
                line.append(" " * (each - len(words)))
                line.append(words, style="" if entry is None else entry.style)
            line.rstrip()
            text.append_text(line).append("\n")
        text.append("\n")


def _verdict(report: MatrixReport) -> str:
    available = [one for one in report.environments if is_available(one)]
    words = []
    for fix in FIXES:
        pairs, failing, doubtful = 0, 0, 0
        for pair in report.matrix_results.pairs:
            outcomes = {
                mark.outcome
                for cell, mark in report.matrix_results.row(pair)
                if cell.fix == fix and cell.receiver != "relay" and mark.outcome is not Outcome.UNSUPPORTED
            }
            pairs += bool(outcomes)
            failing += any(one.is_failure for one in outcomes)
            doubtful += Outcome.UNDECIDED in outcomes
        if pairs:
            is_whole = pairs == len(available) ** 2 and not report.interrupted
            words.append(f"{_WITH[fix]} {_told(pairs, failing, doubtful, is_whole=is_whole)}")
    size = f"{len(available)} x {len(available)} versions"
    return f"{size}: {'; '.join(words) or 'nothing was checked'}. {effort(report)}"


def _told(pairs: int, failing: int, doubtful: int, *, is_whole: bool) -> str:
    if failing:
        return f"{failing} of {pairs} pairs have a payload that does not arrive"
    if doubtful:
        return f"nothing fails, but {doubtful} of {pairs} pairs could not be judged throughout"
    return "every payload is read by every version" if is_whole else f"nothing fails in {pairs} pairs that were checked"
