"""The report of a matrix for people: of versions that read their own payloads, or each other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.reports.terminal.matrix import cross as matrix_cross
from picklecheck.reports.terminal.matrix import summary

if TYPE_CHECKING:
    from rich.text import Text

    from picklecheck.gate.judgement import Against
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.reports.view import Look


def render(report: MatrixReport, look: Look, against: Against | None = None, *, detail: bool = False) -> Text:
    """Return the whole report, ending in a newline. A crossed one has no ``detail``."""
    if report.cross:
        return matrix_cross.render(report, look, against)
    return summary.render(report, look, against, detail=detail)
