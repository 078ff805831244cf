"""Runs the plan of one environment: worker threads and judged cells, as they come. Prints nothing."""

from __future__ import annotations

import contextlib
import queue
from typing import TYPE_CHECKING

from picklecheck.errors import EnvironmentUnusableError
from picklecheck.harness.worker import Worker
from picklecheck.plan.cells import groups_of
from picklecheck.threads import gather

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.harness.settings import RunSettings
    from picklecheck.harness.staging import StagingFolder
    from picklecheck.model import Cell, Environment, Result, Scenario


class Runner:
    """The workers of one environment, as a context manager. ``stop``, once set, ends whatever is under way."""

    def __init__(self, python: Path, settings: RunSettings, folder: StagingFolder, stop: threading.Event) -> None:
        self._stop = stop
        self._workers = [Worker(python, settings, folder, stop) for _ in range(settings.jobs)]
        self._open = contextlib.ExitStack()
        self._opened = 0

    def __enter__(self) -> Self:
        """Start a server, which imports Pydantic while the caller goes on; raises EnvironmentUnusableError."""
        self._open_workers(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End all servers, and with them their children."""
        for worker in self._workers[: self._opened]:
            worker.end()
        self._open.close()

    def _open_workers(self, number: int) -> None:
        """See to it that so many have a server, as far as there are so many."""
        for worker in self._workers[self._opened : number]:
            self._open.enter_context(worker)
            self._opened += 1

    def environment(self) -> Environment:
        """Return what the interpreter under test says of itself; raises EnvironmentUnusableError."""
        return self._workers[0].environment()

    def scenarios(self) -> tuple[Scenario, ...]:
        """Return the built-in catalogue as this environment lists it; raises EnvironmentUnusableError."""
        return self._workers[0].scenarios()

    def run(self, scenarios: Sequence[Scenario], cells: Sequence[Cell], environment: Environment) -> Iterator[Result]:
        """Yield the result of each cell as it comes, in no particular order; ends early once ``stop`` is set."""
        by_id = {scenario.id: scenario for scenario in scenarios}
        work: queue.SimpleQueue[list[Cell]] = queue.SimpleQueue()
        groups = groups_of(cells)
        for group in groups:
            work.put(group)
        self._open_workers(len(groups))  # no more servers than there is work for

        def check(worker: Worker) -> Iterator[Result]:
            while not self._stop.is_set():
                try:
                    group = work.get_nowait()
                except queue.Empty:
                    return
                yield from worker.check(by_id[group[0].scenario], group, environment.id)

        return gather([check(worker) for worker in self._workers[: self._opened]])


def require_serializers(environment: Environment, names: set[str]) -> None:
    """Raise EnvironmentUnusableError if a serializer that cells need is not installed in the environment."""
    for name in sorted(names.difference(environment.serializers)):
        msg = f"{name} is not installed in the environment under test ({environment.id})."
        raise EnvironmentUnusableError(msg, "Install it there, or choose the others with --serializer.")
