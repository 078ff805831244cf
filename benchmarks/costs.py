"""What a way to do something costs, and a row that says so."""

from __future__ import annotations

import resource
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of CPU in all processes, what came out of it, and the parent's peak memory."""

    wall: float
    cpu: float
    outcomes: Mapping[str, str] = field(default_factory=dict)
    parent_mb: float = 0.0


def children_cpu() -> float:
    """Return the CPU seconds of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def show(name: str, cost: Cost, base: Cost) -> None:
    """Print one row: the figures, and what they are in terms of the first row's."""
    memory = f"  parent {cost.parent_mb:.0f} MB" if cost.parent_mb else ""
    print(
        f"{name:45} wall {cost.wall:7.1f} s ({cost.wall / base.wall:5.1f}x)  "
        f"CPU {cost.cpu:7.1f} s ({cost.cpu / base.cpu:5.1f}x){memory}",
        flush=True,
    )


def total(costs: Sequence[Cost]) -> Cost:
    """Add up what was done one after the other."""
    outcomes = {cell: outcome for one in costs for cell, outcome in one.outcomes.items()}
    return Cost(sum(one.wall for one in costs), sum(one.cpu for one in costs), outcomes)
