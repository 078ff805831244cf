"""The report of a matrix for people: of versions that read their own payloads, or each other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.reports.terminal.matrix import cross as matrix_cross
from picklecheck.reports.terminal.matrix import summary

if TYPE_CHECKING:
    from rich.text import Text

    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.reports.view import View


def render(report: MatrixReport, view: View, against: BaselineCheck | None = None, *, detail: bool = False) -> Text:
    """Return the whole report, ending in a newline. A crossed one has no ``detail``."""
    if report.cross:
        return matrix_cross.render(report, view, against)
    return summary.render(report, view, against, detail=detail)
