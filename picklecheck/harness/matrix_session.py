"""An open matrix: cache, staging folder and catalogue, with which plans are run; for ``matrix`` and ``bisect``."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from picklecheck import __version__
from picklecheck.environments.cache import EnvironmentCache, cache_root
from picklecheck.harness.matrix_runner import MatrixRunner, Note, Options, Reused
from picklecheck.harness.result_store import ResultStore, scenario_digests, tool_digest
from picklecheck.harness.session import staging
from picklecheck.harness.worker import Worker
from picklecheck.matrix_report import MatrixReport, MatrixResults, Pair, mark_of, pair_of
from picklecheck.model import Environment
from picklecheck.plan.scripts import find_targets
from picklecheck.resources import resource

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from picklecheck.harness.matrix_runner import Event
    from picklecheck.harness.settings import RunSettings
    from picklecheck.harness.staging import StagingFolder
    from picklecheck.model import Cell, Result, Scenario
    from picklecheck.plan.environments import EnvironmentPlan


class Spool(Protocol):
    """Where results go as they come, to be read in the order of their places."""

    with_evidence: bool

    def add(self, place: int, result: Result, *, reused: bool = False) -> None:
        """Keep a result; raises PlaceUnusableError."""


@dataclass(frozen=True)
class MatrixSession:
    """What stays open while plans are run."""

    settings: RunSettings
    folder: StagingFolder
    cache: EnvironmentCache
    store: ResultStore
    scenarios: tuple[Scenario, ...]
    stop: threading.Event
    reuse: bool

    def with_targets(self, selection: Iterable[str]) -> MatrixSession:
        """Return the session with the targets among the words of a selection; raises UsageError."""
        return replace(self, scenarios=(*self.scenarios, *find_targets(tuple(selection), self.settings.path)))

    def run(
        self,
        wanted: Sequence[EnvironmentPlan],
        command: Sequence[str],
        *,
        cross: bool,
        spool: Spool | None,
        tell: Callable[[Event, int], None],
    ) -> MatrixReport:
        """Run a plan; each result goes to ``spool`` too, if there is one (with its evidence if that is kept there).

        ``tell`` is called with each event, and the number of cells as far as it is known by then; ``command`` is what
        the report says was asked for.
        """
        digests = scenario_digests(resource("repros"), [one for one in self.scenarios if not one.is_target])
        tally = _Tally(wanted, cross=cross, sources=dict(digests))
        options = Options(
            settings=self.settings,
            folder=self.folder,
            cache=self.cache,
            store=self.store,
            digests=digests,
            reuse=self.reuse,
            keep_observations=spool is not None and spool.with_evidence,
        )
        with MatrixRunner(wanted, self.scenarios, options, self.stop) as runner:
            for event in runner.cross() if cross else runner.run():
                tally.add(event, spool)
                tell(event, tally.planned)
        return tally.report(self.scenarios, command, interrupted=self.stop.is_set())


@contextlib.contextmanager
def open_matrix(settings: RunSettings, stop: threading.Event, *, offline: bool, reuse: bool) -> Iterator[MatrixSession]:
    """Give a session whose processes and files, but for the cache, are gone afterwards; raises PicklecheckError."""
    root = cache_root()
    options = f"{settings.isolation} {settings.timeout}"
    results = ResultStore(root / "results.sqlite3", tool_digest(), options)
    with staging(stop) as folder, contextlib.closing(results) as store:

        def listed() -> tuple[Scenario, ...]:
            with Worker(Path(sys.executable), settings, folder, stop) as worker:
                return worker.scenarios()

        yield MatrixSession(
            settings=settings,
            folder=folder,
            cache=EnvironmentCache(root, stop, offline=offline),
            store=store,
            scenarios=store.scenarios(resource("repros"), listed),
            stop=stop,
            reuse=reuse,
        )


@dataclass
class _Tally:
    """What has come so far."""

    wanted: Sequence[EnvironmentPlan]
    cross: bool
    environments: dict[str, Environment] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    reused: int = 0
    planned: int = 0

    def __post_init__(self) -> None:
        self._started_at, self._started = datetime.now(timezone.utc), time.monotonic()
        cells: dict[Cell, None] = {}
        for one in self.wanted:
            cells.update(dict.fromkeys(one.cells))
        names = [one.spec.id for one in self.wanted]
        pairs = [Pair(writer, reader) for writer in names for reader in (names if self.cross else [writer])]
        self._matrix_results = MatrixResults(pairs, list(cells))
        self._order = {pair: number * len(cells) for number, pair in enumerate(pairs)}
        self._places = {cell: number for number, cell in enumerate(cells)}
        sets = {one.spec.id: frozenset(one.cells) for one in self.wanted}
        self._sizes = {pair: len(sets[pair.producer] & sets[pair.receiver]) for pair in pairs}
        self.planned = self._count()

    def add(self, event: Event, spool: Spool | None) -> None:
        if isinstance(event, Environment):
            self.environments[event.id] = event
            self.planned = self._count()
        elif isinstance(event, Note):
            self.notes.append(f"{event.environment}: {event.text}")
        else:
            result = event.result if isinstance(event, Reused) else event
            self.reused += isinstance(event, Reused)
            pair = pair_of(result)
            self._matrix_results.put(pair, result.cell, mark_of(result))
            if result.source is not None:
                self.sources[result.cell.scenario] = result.source
            if result.script is not None:
                self.scripts[result.cell.scenario] = result.script
            if spool is not None:
                spool.add(self._order[pair] + self._places[result.cell], result, reused=isinstance(event, Reused))

    def _count(self) -> int:
        """Count the cells of the environments that can be had, as far as that is known."""
        lost = {name for name, one in self.environments.items() if not one.is_available}
        return sum(size for pair, size in self._sizes.items() if not lost & {pair.producer, pair.receiver})

    def report(self, scenarios: tuple[Scenario, ...], command: Sequence[str], *, interrupted: bool) -> MatrixReport:
        names = {cell.scenario for cell in self._matrix_results.cells}
        return MatrixReport(
            command=tuple(command),
            tool_version=__version__,
            started_at=self._started_at.isoformat(timespec="seconds"),
            duration_s=time.monotonic() - self._started,
            environments=tuple(
                self.environments[one.spec.id] for one in self.wanted if one.spec.id in self.environments
            ),
            scenarios=tuple(one for one in scenarios if one.id in names),
            matrix_results=self._matrix_results,
            cross=self.cross,
            planned=self.planned,
            reused=self.reused,
            interrupted=interrupted,
            notes=tuple(self.notes),
            sources={name: digest for name, digest in self.sources.items() if name in names},
            scripts=dict(sorted(self.scripts.items())),
        )
