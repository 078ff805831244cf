"""What a run or a matrix found, as the formats for machines and for pull requests see it: a head and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from picklecheck.gate.compare import Comparison, Standing
    from picklecheck.gate.judgement import Judgement
    from picklecheck.model import Cell, Environment, Outcome, Trial


@dataclass(frozen=True)
class Row:
    """One judged cell in one environment, or (with ``--cross``) between two.

    ``receiver_environment`` is None where the value was received in the environment that dumped it. ``reason`` is one
    sentence about this very cell. ``exception`` is the class of the error, if there was one. ``location`` is where a
    target of the user's is defined, as ``path:line`` from the working folder. ``standing`` is None without a baseline.
    """

    cell: Cell
    environment: str
    receiver_environment: str | None
    outcome: Outcome
    code: str | None
    reason: str
    exception: str | None
    expected: bool | None
    duration_s: float
    location: str | None
    standing: Standing | None
    judgement: Judgement


@dataclass(frozen=True)
class Document:
    """A whole report. ``answer`` holds the sentences that answer the question, the last one above all.

    ``rows`` yields the cells in the order of the plan, as often as it is called. ``planned`` counts the cells that
    were asked for; ``comparison`` is None without a baseline. ``trials`` tell which cures were tried.
    """

    command: tuple[str, ...]
    tool_version: str
    started_at: str
    duration_s: float
    environments: tuple[Environment, ...]
    planned: int
    interrupted: bool
    answer: tuple[str, ...]
    exit_status: int
    comparison: Comparison | None
    allow_fixed: bool
    rows: Callable[[], Iterator[Row]]
    trials: tuple[Trial, ...] = ()
