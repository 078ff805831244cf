"""Where the version of the reader matters: the same payload, read by the version that wrote it and by another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import FIXES, Outcome
from picklecheck.reports.environment_labels import is_available, row_labels
from picklecheck.reports.record.changes import Finding
from picklecheck.reports.text import counted, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picklecheck.matrix_report import MatrixReport, Pair
    from picklecheck.model import Cell, Serializer
    from picklecheck.reports.view import View

_KINDS_SHOWN = 5


@dataclass(frozen=True)
class _Difference:
    cell: Cell
    pair: Pair
    own: Finding
    other: Finding

    @property
    def is_lost(self) -> bool:
        """Does it pass in the version that wrote it, and fail in the other one?"""
        return self.own.outcome is Outcome.PASS


def render(report: MatrixReport, view: View) -> Text:
    """Return the section, ending in an empty line; nothing where no version reads what another one wrote."""
    text = Text()
    if sum(map(is_available, report.environments)) < 2:
        return text
    text.append("Where the version of the reader matters\n", style="bold")
    groups: dict[tuple[str, Serializer, bool], list[_Difference]] = {}
    for one in _differences(report):
        groups.setdefault((one.cell.fix, one.cell.serializer, one.is_lost), []).append(one)
    serializers = list(dict.fromkeys(cell.serializer for cell in report.matrix_results.cells))
    for (fix, serializer, is_lost), found in sorted(
        groups.items(), key=lambda item: (FIXES.index(item[0][0]), serializers.index(item[0][1]), not item[0][2])
    ):
        verbs = ("pass", "fail") if is_lost else ("fail", "pass")
        how = "{} within the version that wrote them and {} in another".format(*verbs)
        text.append_text(wrapped(f"{fix} {serializer}: {counted(len(found), 'cell')} {how}", view.width, "  ", "    "))
        _draw(text, found, row_labels(report.environments), view)
    crossed = (pair for pair in report.matrix_results.pairs if pair.producer != pair.receiver)
    if not any(any(True for _ in report.matrix_results.row(pair)) for pair in crossed):
        text.append("  No version has read what another one wrote.\n")
    elif not groups:
        words = "what passes in the version that wrote it passes in every other, and what fails fails"
        text.append_text(wrapped(f"Nowhere, as far as was judged: {words}.", view.width, "  ", "  "))
    return text.append("\n")


def _differences(report: MatrixReport) -> Iterator[_Difference]:
    own: dict[str, dict[Cell, Finding]] = {}
    for pair in report.matrix_results.pairs:
        if pair.producer == pair.receiver:
            marks = report.matrix_results.row(pair)
            own[pair.producer] = {cell: Finding(mark.outcome, mark.code) for cell, mark in marks}
    for pair in report.matrix_results.pairs:
        if pair.producer == pair.receiver:
            continue
        for cell, mark in report.matrix_results.row(pair):
            finding = own.get(pair.producer, {}).get(cell)
            if finding is not None and {finding.outcome is Outcome.PASS, mark.outcome is Outcome.PASS} == {True, False}:
                other = Finding(mark.outcome, mark.code)
                if finding.outcome.is_failure or other.outcome.is_failure:
                    yield _Difference(cell, pair, finding, other)


def _draw(text: Text, found: list[_Difference], labels: dict[str, str], view: View) -> None:
    kinds: dict[Finding, list[_Difference]] = {}
    for one in found:
        kinds.setdefault(one.other if one.is_lost else one.own, []).append(one)
    ordered = sorted(kinds.items(), key=lambda item: -len(item[1]))
    shown = ordered if view.verbosity > 0 else ordered[:_KINDS_SHOWN]
    for finding, members in shown:
        first = members[0]
        writer, reader = labels[first.pair.producer], labels[first.pair.receiver]
        example = f"{first.cell.id}, written by {writer}, read by {reader}"
        text.append_text(wrapped(f"{finding}: {len(members):,}, e.g. {example}", view.width, "    ", "      "))
    if len(shown) < len(ordered):
        more = counted(len(ordered) - len(shown), "more kind")
        text.append(f"    ... and {more} (-v shows all)\n")
