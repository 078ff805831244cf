"""Builders for what a matrix found: environments, and results that are filled from a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report_builders import make_cell, make_scenario

from picklecheck.matrix_report import Mark, MatrixReport, MatrixResults, Pair
from picklecheck.model import Environment, Outcome, environment_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# One letter a mark; "!" is a broken promise, "/" a kept one.
MARKS = {
    ".": Mark(Outcome.PASS, None, None),
    "/": Mark(Outcome.PASS, None, expected=True),
    "D": Mark(Outcome.DUMP_ERROR, "PC101", None),
    "L": Mark(Outcome.LOAD_ERROR, "PC201", None),
    "T": Mark(Outcome.WRONG_TYPE, "PC301", None),
    "!": Mark(Outcome.WRONG_TYPE, "PC301", expected=False),
    "-": Mark(Outcome.UNSUPPORTED, "PC801", None),
    "?": Mark(Outcome.UNDECIDED, "PC901", None),
}
NOT_RUN = " "


def make_environment(
    pydantic: str = "2.14.3",
    *,
    python: str = "3.11.7",
    cloudpickle: str | None = "3.1.2",
    status: str = "ok",
    reason: str | None = None,
) -> Environment:
    """Return an environment; its id is made of its versions."""
    return Environment(
        id=environment_id(python, pydantic, cloudpickle),
        python=python,
        pydantic=pydantic,
        cloudpickle=cloudpickle,
        platform="Linux",
        status=status,
        reason=reason,
        serializers=("pickle", "cloudpickle"),
        packages={"pydantic": pydantic} if status == "ok" else {},
    )


def make_missing(pydantic: str, reason: str) -> Environment:
    """Return an environment that could not be had."""
    return make_environment(pydantic, status="unavailable", reason=reason)


def make_matrix(
    environments: Sequence[Environment],
    marks: Mapping[str, Iterable[str | Mark]],
    *,
    interrupted: bool = False,
    planned: int | None = None,
    reused: int = 0,
    notes: tuple[str, ...] = (),
    cross: bool = False,
) -> MatrixReport:
    """Return a report; ``marks`` maps the id of a cell to what it showed, one letter or mark for each pair.

    The pairs are those of the available environments: each with itself or, with ``cross``, each with each, where the
    writer comes first and changes last. A blank is a cell that was not run.
    """
    available = [one for one in environments if one.status == "ok"]
    pairs = [Pair(one.id, other.id) for one in available for other in available if cross or one is other]
    cells = [make_cell(text) for text in marks]
    matrix_results = MatrixResults(pairs, cells)
    for cell, row in zip(cells, marks.values(), strict=True):
        for pair, mark in zip(pairs, row, strict=True):
            if mark != NOT_RUN:
                matrix_results.put(pair, cell, MARKS[mark] if isinstance(mark, str) else mark)
    return MatrixReport(
        command=("matrix", "-v"),
        tool_version="0.1.0",
        started_at="2030-01-02T03:04:05+00:00",
        duration_s=1.25,
        environments=tuple(environments),
        scenarios=tuple(make_scenario(name) for name in dict.fromkeys(cell.scenario for cell in cells)),
        matrix_results=matrix_results,
        cross=cross,
        planned=len(pairs) * len(cells) if planned is None else planned,
        reused=reused,
        interrupted=interrupted,
        notes=notes,
    )
