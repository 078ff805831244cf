"""The matrix for people: a table of environments, where it changes, what broke, then the lines that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.reports.answers.matrix import answer
from picklecheck.reports.environment_labels import heading
from picklecheck.reports.terminal import against_baseline
from picklecheck.reports.terminal.matrix import changes as matrix_neighbours
from picklecheck.reports.terminal.matrix import every_cell, promises, registrations
from picklecheck.reports.terminal.matrix import table as matrix_table
from picklecheck.reports.text import wrapped

if TYPE_CHECKING:
    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.reports.view import View


def render(report: MatrixReport, view: View, against: BaselineCheck | None = None, *, detail: bool = False) -> Text:
    """Return the whole report, ending in a newline; ``detail`` adds the grids of every cell."""
    text = Text()
    text.append_text(heading(report, view))
    if view.verbosity >= 0:
        text.append_text(matrix_table.render(report, view))
        if detail:
            text.append_text(every_cell.render(report, view))
        text.append_text(registrations.render(report, view))
        text.append_text(matrix_neighbours.render(report, view))
        text.append_text(promises.render(report, view))
    if against is not None:
        text.append_text(against_baseline.render(against, view)).append("\n")
    for line in answer(report):
        text.append_text(wrapped(line, view.width, style="bold"))
    return text
