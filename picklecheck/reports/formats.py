"""The formats that a report can be had in: each a function from how it should look to its text."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from picklecheck.reports.json_format import writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.text import Text

    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Report
    from picklecheck.reports.document import Document
    from picklecheck.reports.json_format.spool import CellSpool
    from picklecheck.reports.view import View

    # Styled text, or the pieces of a document in which there is no style.
    Rendering = Callable[["View"], "Text | Iterable[str]"]

_MACHINES = ("json", "junit", "markdown", "github", "github-summary")
RUN_FORMATS = ("grid", *_MACHINES, "svg")
MATRIX_FORMATS = ("grid", *_MACHINES, "svg", "record")
# Of what is written to a file these are added to what stands there: other commands write to it, too.
ADDED = ("github-summary",)
# Made of each cell's own words, which the results of a matrix do not keep.
SPOOLED_FORMATS = _MACHINES


def run_formats(report: Report, exit_status: int, against: BaselineCheck | None = None) -> Mapping[str, Rendering]:
    """Return the formats of what ``run`` found."""

    def as_grid(view: View) -> Text:
        from picklecheck.reports.terminal import run as grid  # noqa: PLC0415 - rich is for those who want it

        return grid.render(report, view, against)

    return {
        "grid": as_grid,
        "json": lambda _: [writer.render(report, exit_status, against)],
        **_of_document(report, None, exit_status, against),
        "svg": lambda view: [_as_svg(as_grid(view), view, report)],
    }


def matrix_formats(
    report: MatrixReport,
    spool: CellSpool | None,
    exit_status: int,
    against: BaselineCheck | None = None,
    *,
    detail: bool = False,
) -> Mapping[str, Rendering]:
    """Return the formats of what ``matrix`` found; the spooled ones are among them if there is a ``spool``."""

    def as_grid(view: View) -> Text:
        from picklecheck.reports.terminal.matrix import grid as matrix_grid  # noqa: PLC0415 - rich is for those who want it

        return matrix_grid.render(report, view, against, detail=detail)

    def as_record(_: View) -> Iterable[str]:
        from picklecheck.reports.record import record  # noqa: PLC0415 - only who writes one needs it

        return [record.render(report)]

    formats: dict[str, Rendering] = {
        "grid": as_grid,
        "record": as_record,
        "svg": lambda view: [_as_svg(as_grid(view), view, report)],
    }
    if spool is not None:
        formats["json"] = lambda _: writer.render_matrix(report, spool, exit_status, against)
        formats.update(_of_document(report, spool, exit_status, against))
    return formats


def _of_document(
    report: Report | MatrixReport, spool: CellSpool | None, exit_status: int, against: BaselineCheck | None
) -> Mapping[str, Rendering]:
    def document() -> Document:
        from picklecheck.reports.rows import document_of  # noqa: PLC0415 - see below

        return document_of(report, spool, exit_status, against)

    # Each is imported by whoever wants it.
    def as_junit(_: View) -> Iterable[str]:
        from picklecheck.reports import junit  # noqa: PLC0415

        return junit.render(document())

    def as_markdown(_: View) -> Iterable[str]:
        from picklecheck.reports import markdown  # noqa: PLC0415

        return [markdown.render(document())]

    def as_annotations(_: View) -> Iterable[str]:
        from picklecheck.reports import github  # noqa: PLC0415

        return [github.workflow_commands(document())]

    def as_summary(view: View) -> Iterable[str]:
        from picklecheck.reports import github  # noqa: PLC0415

        return [github.step_summary(document(), view.used)]

    return {"junit": as_junit, "markdown": as_markdown, "github": as_annotations, "github-summary": as_summary}


def _as_svg(text: Text, view: View, report: Report | MatrixReport) -> str:
    from picklecheck.reports import svg  # noqa: PLC0415 - see above
    from picklecheck.reports.text import cut, harmless  # noqa: PLC0415 - see above

    words = list(itertools.takewhile(lambda word: not word.startswith("-"), report.command))
    return svg.render(harmless(text), view, cut(" ".join(["picklecheck", *words]), view.width - 20))
