"""The cells of a report, whichever command made it, as a baseline compares them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from picklecheck.gate.baseline import Finding, Place
from picklecheck.gate.compare import Found
from picklecheck.matrix_report import MatrixReport, mark_of, pair_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from picklecheck.matrix_report import Mark, Pair
    from picklecheck.model import Cell, Report


@dataclass(frozen=True)
class Checked:
    """One cell that was checked, and what is kept of its result."""

    place: Place
    cell: Cell
    mark: Mark


def checked(report: Report | MatrixReport) -> Iterator[Checked]:
    """Yield the cells of a report that were run."""
    if isinstance(report, MatrixReport):
        for pair in report.matrix_results.pairs:
            for cell, mark in report.matrix_results.row(pair):
                yield Checked(place_of(cell, pair), cell, mark)
    else:
        for result in report.results:
            yield Checked(place_of(result.cell, pair_of(result)), result.cell, mark_of(result))


def place_of(cell: Cell, pair: Pair) -> Place:
    """Return where a cell was run."""
    return Place(cell.id, pair.producer, pair.receiver)


def found_in(report: Report | MatrixReport, scenarios: Collection[str] | None) -> Found:
    """Return what is compared of a report; ``scenarios`` are the ids of those that there are."""
    places = {one.place: Finding(one.mark.outcome, one.mark.code, one.mark.exception) for one in checked(report)}
    return Found(report.environments, places, scenarios, report.sources)
