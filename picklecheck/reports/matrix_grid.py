"""The report of a matrix for people: of versions that read their own payloads, or each other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.reports import matrix_cross, matrix_summary

if TYPE_CHECKING:
    from rich.text import Text

    from picklecheck.board import MatrixReport
    from picklecheck.judging import Against
    from picklecheck.reports.look import Look


def render(report: MatrixReport, look: Look, against: Against | None = None, *, detail: bool = False) -> Text:
    """Return the whole report, ending in a newline. A crossed one has no ``detail``."""
    if report.cross:
        return matrix_cross.render(report, look, against)
    return matrix_summary.render(report, look, against, detail=detail)
