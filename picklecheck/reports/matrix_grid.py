"""The report of a matrix for people: of versions that read their own payloads, or each other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.reports import matrix_cross, matrix_summary

if TYPE_CHECKING:
    from rich.text import Text

    from picklecheck.board import MatrixReport
    from picklecheck.reports.look import Look


def render(report: MatrixReport, look: Look, *, detail: bool = False) -> Text:
    """Return the whole report, ending in a newline. A crossed one has no ``detail``."""
    return matrix_cross.render(report, look) if report.cross else matrix_summary.render(report, look, detail=detail)
