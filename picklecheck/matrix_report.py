"""What a matrix found, kept small: one mark a cell and environment. Its size does not depend on what the cells saw."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from picklecheck.model import Cell, Environment, Outcome, Result, Scenario, Shard, Trial

_NOT_YET = 0


@dataclass(frozen=True)
class Mark:
    """What is kept of a result.

    ``registered_in_producer`` and ``registered_in_receiver`` name the modules in which one of the specializations stood
    before dumping and before loading; None where no process said so.
    """

    outcome: Outcome
    code: str | None
    expected: bool | None
    registered_in_producer: tuple[str, ...] | None = None
    registered_in_receiver: tuple[str, ...] | None = None
    exception: str | None = None


@dataclass(frozen=True)
class Pair:
    """The environment that writes and the one that reads, by id; the same one but with ``--cross``."""

    producer: str
    receiver: str


def pair_of(result: Result) -> Pair:
    """Return the environments of a result."""
    return Pair(result.environment, result.receiver_environment or result.environment)


def mark_of(result: Result) -> Mark:
    """Return what is kept of a result."""
    return Mark(
        result.verdict.outcome,
        result.verdict.code,
        result.expected,
        result.registered_in_producer,
        result.registered_in_receiver,
        result.exception,
    )


class MatrixResults:
    """The marks of all cells in all pairs of environments, two bytes each.

    Not for two threads at once.
    """

    def __init__(self, pairs: Sequence[Pair], cells: Sequence[Cell]) -> None:
        self.pairs = tuple(pairs)
        self.cells = tuple(cells)
        self.filled = 0
        self._places = {cell: number for number, cell in enumerate(self.cells)}
        self._marks: list[Mark | None] = [None]
        self._numbers: dict[Mark, int] = {}
        self._rows = {pair: array("H", bytes(2 * len(self.cells))) for pair in self.pairs}

    def put(self, pair: Pair, cell: Cell, mark: Mark) -> None:
        """Keep the mark of a cell."""
        number = self._numbers.get(mark)
        if number is None:
            number = self._numbers[mark] = len(self._marks)
            self._marks.append(mark)
        row, place = self._rows[pair], self._places[cell]
        self.filled += row[place] == _NOT_YET
        row[place] = number

    def get(self, pair: Pair, cell: Cell) -> Mark | None:
        """Return the mark of a cell; None if it was not run: excluded, no environment, or interrupted."""
        row, place = self._rows.get(pair), self._places.get(cell)
        return None if row is None or place is None else self._marks[row[place]]

    def row(self, pair: Pair) -> Iterator[tuple[Cell, Mark]]:
        """Yield the cells of a pair that were run, in the order of the plan."""
        for cell, number in zip(self.cells, self._rows[pair], strict=True):
            mark = self._marks[number]
            if mark is not None:
                yield cell, mark


@dataclass(frozen=True)
class MatrixReport:
    """All that one ``matrix`` found. ``environments`` run from the oldest to the newest, unavailable ones included.

    ``planned`` counts the cells that were asked for in environments that could be had; ``reused`` those whose result
    was taken from an earlier run. ``sources``, ``shard``, ``configured`` and ``scripts`` are those of ``Report``.
    ``gaps`` tell, a sentence each, what is missing in a merge of reports. ``trials`` are the cures that were tried
    beside the cells.
    """

    command: tuple[str, ...]
    tool_version: str
    started_at: str
    duration_s: float
    environments: tuple[Environment, ...]
    scenarios: tuple[Scenario, ...]
    matrix_results: MatrixResults
    cross: bool
    planned: int
    reused: int
    interrupted: bool
    notes: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    shard: Shard | None = None
    gaps: tuple[str, ...] = ()
    configured: tuple[str, ...] | None = None
    scripts: Mapping[str, str] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
