"""Where an outcome changes from one environment to the next. Pure; for a fresh report and for a recorded one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

from picklecheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from picklecheck.model import Environment

K = TypeVar("K")


@dataclass(frozen=True)
class Finding:
    """What is compared of a cell: its outcome and the named cause."""

    outcome: Outcome
    code: str | None

    def __str__(self) -> str:
        return self.outcome.value if self.code is None else f"{self.outcome.value} {self.code}"

    @classmethod
    def parse(cls, text: str) -> Finding:
        """Read what ``str`` wrote; raises ValueError."""
        outcome, space, code = text.partition(" ")
        if space and not code:
            msg = f"no code in {text!r}"
            raise ValueError(msg)
        return cls(Outcome(outcome), code or None)


@dataclass(frozen=True)
class Change(Generic[K]):
    """A cell (or what else ``cell`` names) whose finding is another one in the newer environment."""

    cell: K
    before: Finding
    after: Finding


@dataclass(frozen=True)
class Step(Generic[K]):
    """Two neighbours, the older one first, and all that changes between them: never empty."""

    older: Environment
    newer: Environment
    changes: tuple[Change[K], ...]


@dataclass(frozen=True)
class Row(Generic[K]):
    """An environment and what was found there; what was not run is left out."""

    environment: Environment
    findings: Iterable[tuple[K, Finding]]


def steps(rows: Sequence[Row[K]]) -> list[Step[K]]:
    """Return the steps at which something changes, in the order of ``rows``, which run from the oldest to the newest.

    Compared are environments that differ in Pydantic alone. A cell that was not run in an environment is compared
    across it, so a step may leap over an environment.
    """
    places = {row.environment.id: place for place, row in enumerate(rows)}
    found: dict[tuple[int, int], list[Change[K]]] = {}
    for chain in _chains(rows):
        last: dict[K, tuple[str, Finding]] = {}
        for row in chain:
            here = row.environment.id
            for cell, after in row.findings:
                there, before = last.get(cell, (here, after))
                if before != after:
                    found.setdefault((places[here], places[there]), []).append(Change(cell, before, after))
                last[cell] = (here, after)
    return [
        Step(rows[older].environment, rows[newer].environment, tuple(changes))
        for (newer, older), changes in sorted(found.items(), key=lambda item: item[0])
    ]


def neighbours(rows: Sequence[Row[K]]) -> list[tuple[Environment, Environment]]:
    """Return the consecutive environments that differ in Pydantic alone."""
    return [(older.environment, newer.environment) for chain in _chains(rows) for older, newer in pairwise(chain)]


def _chains(rows: Iterable[Row[K]]) -> list[list[Row[K]]]:
    chains: dict[tuple[str | None, str | None], list[Row[K]]] = {}
    for row in rows:
        chains.setdefault((row.environment.python, row.environment.cloudpickle), []).append(row)
    return list(chains.values())
