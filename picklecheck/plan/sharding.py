"""Shards: a plan in parts of the same size, the same ones each time, for jobs that run side by side. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from picklecheck.errors import UsageError
from picklecheck.model import Shard
from picklecheck.plan.cells import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from picklecheck.model import Cell
    from picklecheck.plan.environments import EnvironmentPlan

T = TypeVar("T")


def parse_shard(text: str) -> Shard:
    """Read ``I/N``; raises UsageError."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        msg = f"--shard {text!r} is no part of a plan."
        raise UsageError(msg, "Write I/N, as in 1/3: the first of three; I runs from 1 to N.")
    return Shard(int(found[1]), int(found[2]))


def shard_cells(cells: Sequence[Cell], shard: Shard, environment: str) -> tuple[tuple[Cell, ...], Shard]:
    """Return a shard's cells and the shard with the hash of the plan. Cells that share a producer stay together.

    ``environment`` is the id of the one in which they are run: another one is another plan.
    """
    groups = _part(groups_of(cells), shard)
    plan = _digest(f"{environment} {cell.id}" for cell in cells)
    return tuple(cell for group in groups for cell in group), replace(shard, plan=plan)


def shard_wanted(
    wanted: Sequence[EnvironmentPlan], shard: Shard, *, cross: bool
) -> tuple[tuple[EnvironmentPlan, ...], Shard]:
    """Return a shard of what is wanted in many environments.

    A shard needs as few environments as its size allows, since each has to be built; with ``cross`` all of them.
    """
    plan = _digest(f"{one.spec.id} {cell.id}" for one in wanted for cell in one.cells)
    if cross:
        everything = list(dict.fromkeys(cell for one in wanted for cell in one.cells))
        chosen = {cell for group in _part(groups_of(everything), shard) for cell in group}
        parts = [replace(one, cells=tuple(cell for cell in one.cells if cell in chosen)) for one in wanted]
    else:
        units = [(number, tuple(group)) for number, one in enumerate(wanted) for group in groups_of(one.cells)]
        mine: dict[int, list[Cell]] = {}
        for number, group in _part(units, shard):
            mine.setdefault(number, []).extend(group)
        parts = [replace(wanted[number], cells=tuple(cells)) for number, cells in mine.items()]
    return tuple(one for one in parts if one.cells), replace(shard, plan=plan)


def _part(items: Sequence[T], shard: Shard) -> Sequence[T]:
    return items[len(items) * (shard.index - 1) // shard.of : len(items) * shard.index // shard.of]


def _digest(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()[:16]
