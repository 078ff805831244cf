"""The matrix for people: a table of environments, where it changes, what broke, then the lines that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.reports import (
    against_baseline,
    matrix_detail,
    matrix_neighbours,
    matrix_promises,
    matrix_single,
    matrix_table,
)
from picklecheck.reports.lines import wrapped
from picklecheck.reports.matrix_answer import answer
from picklecheck.reports.matrix_rows import heading

if TYPE_CHECKING:
    from picklecheck.board import MatrixReport
    from picklecheck.judging import Against
    from picklecheck.reports.look import Look


def render(report: MatrixReport, look: Look, against: Against | None = None, *, detail: bool = False) -> Text:
    """Return the whole report, ending in a newline; ``detail`` adds the grids of every cell."""
    text = Text()
    text.append_text(heading(report, look))
    if look.verbosity >= 0:
        text.append_text(matrix_table.render(report, look))
        if detail:
            text.append_text(matrix_detail.render(report, look))
        text.append_text(matrix_single.render(report, look))
        text.append_text(matrix_neighbours.render(report, look))
        text.append_text(matrix_promises.render(report, look))
    if against is not None:
        text.append_text(against_baseline.render(against, look)).append("\n")
    for line in answer(report):
        text.append_text(wrapped(line, look.width, style="bold"))
    return text
