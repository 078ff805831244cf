"""Results that are kept and found again, in a store that is opened for it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from report_builders import make_cell

from picklecheck.harness.result_store import ResultStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from picklecheck.model import Result

COLD, WARM = "shapes.box/pickle/main/cold/none", "shapes.box/pickle:4/main/warm/class"
HERE = ("digest-of-here", "digest-of-here")
SCENARIOS = {"shapes.box": "digest-of-box", "shapes.pair": "digest-of-pair"}


@contextlib.contextmanager
def open_store(path: Path, tool: str = "tool", options: str = "fork 30.0") -> Iterator[ResultStore]:
    with contextlib.closing(ResultStore(path, tool, options)) as store:
        yield store


def keep(path: Path, *results: Result, tool: str = "tool") -> None:
    """Keep results in a store that is opened and closed for it."""
    with open_store(path, tool) as store:
        for result in results:
            store.keep(HERE, SCENARIOS[result.cell.scenario], result)


def find(
    path: Path,
    *cells: str,
    digests: tuple[str, str] = HERE,
    scenario: str = "digest-of-box",
    options: str = "fork 30.0",
    tool: str = "tool",
    environments: tuple[str, str | None] = ("here", None),
) -> list[Result]:
    """Return what a store that is opened for it finds."""
    with open_store(path, tool, options) as store:
        wanted = map(make_cell, cells or (COLD, WARM))
        return store.results(digests, {**SCENARIOS, "shapes.box": scenario}, wanted, environments)


def ids(results: Sequence[Result]) -> list[str]:
    return sorted(result.cell.id for result in results)
