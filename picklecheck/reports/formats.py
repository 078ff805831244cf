"""The formats that a report can be had in: each a function from how it should look to its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.reports import json_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.text import Text

    from picklecheck.board import MatrixReport
    from picklecheck.model import Report
    from picklecheck.reports.look import Look
    from picklecheck.reports.spool import CellSpool

    # Styled text, or the pieces of a document in which there is no style.
    Rendering = Callable[["Look"], "Text | Iterable[str]"]

RUN_FORMATS = ("grid", "json")
MATRIX_FORMATS = ("grid", "json", "record")


def run_formats(report: Report, exit_status: int) -> Mapping[str, Rendering]:
    """Return the formats of what ``run`` found."""

    def as_grid(look: Look) -> Text:
        from picklecheck.reports import grid  # noqa: PLC0415 - rich is for those who want it

        return grid.render(report, look)

    return {"grid": as_grid, "json": lambda _: [json_report.render(report, exit_status)]}


def matrix_formats(
    report: MatrixReport, spool: CellSpool | None, exit_status: int, *, detail: bool
) -> Mapping[str, Rendering]:
    """Return the formats of what ``matrix`` found; ``json`` is among them if there is a ``spool`` with its cells."""

    def as_grid(look: Look) -> Text:
        from picklecheck.reports import matrix_grid  # noqa: PLC0415 - rich is for those who want it

        return matrix_grid.render(report, look, detail=detail)

    def as_record(_: Look) -> Iterable[str]:
        from picklecheck.reports import record  # noqa: PLC0415 - only who writes one needs it

        return [record.render(report)]

    formats: dict[str, Rendering] = {"grid": as_grid, "record": as_record}
    if spool is not None:
        formats["json"] = lambda _: json_report.render_matrix(report, spool, exit_status)
    return formats
