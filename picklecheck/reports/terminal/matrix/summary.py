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
    from picklecheck.gate.judgement import Against
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.reports.view import Look


def render(report: MatrixReport, look: Look, against: Against | None = None, *, detail: bool = False) -> Text:
    """Return the whole report, ending in a newline; ``detail`` adds the grids of every cell."""
    text = Text()
    text.append_text(heading(report, look))
    if look.verbosity >= 0:
        text.append_text(matrix_table.render(report, look))
        if detail:
            text.append_text(every_cell.render(report, look))
        text.append_text(registrations.render(report, look))
        text.append_text(matrix_neighbours.render(report, look))
        text.append_text(promises.render(report, look))
    if against is not None:
        text.append_text(against_baseline.render(against, look)).append("\n")
    for line in answer(report):
        text.append_text(wrapped(line, look.width, style="bold"))
    return text
