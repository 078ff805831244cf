"""Runs the plan of one environment: worker threads and judged cells, as they come. Prints nothing."""

from __future__ import annotations

import contextlib
import queue
from typing import TYPE_CHECKING

from picklecheck.errors import EnvironmentUnusableError
from picklecheck.harness.worker import Station
from picklecheck.plan.cells import groups_of
from picklecheck.threads import gather

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.harness.settings import Settings
    from picklecheck.harness.staging import StagingFolder
    from picklecheck.model import Cell, Environment, Result, Scenario


class Runner:
    """The workers of one environment, as a context manager. ``stop``, once set, ends whatever is under way."""

    def __init__(self, python: Path, settings: Settings, folder: StagingFolder, stop: threading.Event) -> None:
        self._stop = stop
        self._stations = [Station(python, settings, folder, stop) for _ in range(settings.jobs)]
        self._open = contextlib.ExitStack()
        self._opened = 0

    def __enter__(self) -> Self:
        """Start a server, which imports Pydantic while the caller goes on; raises EnvironmentUnusableError."""
        self._open_stations(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End all servers, and with them their children."""
        for station in self._stations[: self._opened]:
            station.end()
        self._open.close()

    def _open_stations(self, number: int) -> None:
        """See to it that so many have a server, as far as there are so many."""
        for station in self._stations[self._opened : number]:
            self._open.enter_context(station)
            self._opened += 1

    def environment(self) -> Environment:
        """Return what the interpreter under test says of itself; raises EnvironmentUnusableError."""
        return self._stations[0].environment()

    def scenarios(self) -> tuple[Scenario, ...]:
        """Return the built-in catalogue as this environment lists it; raises EnvironmentUnusableError."""
        return self._stations[0].scenarios()

    def run(self, scenarios: Sequence[Scenario], cells: Sequence[Cell], environment: Environment) -> Iterator[Result]:
        """Yield the result of each cell as it comes, in no particular order; ends early once ``stop`` is set."""
        by_id = {scenario.id: scenario for scenario in scenarios}
        work: queue.SimpleQueue[list[Cell]] = queue.SimpleQueue()
        groups = groups_of(cells)
        for group in groups:
            work.put(group)
        self._open_stations(len(groups))  # no more servers than there is work for

        def check(station: Station) -> Iterator[Result]:
            while not self._stop.is_set():
                try:
                    group = work.get_nowait()
                except queue.Empty:
                    return
                yield from station.check(by_id[group[0].scenario], group, environment.id)

        return gather([check(station) for station in self._stations[: self._opened]])


def require_serializers(environment: Environment, names: set[str]) -> None:
    """Raise EnvironmentUnusableError if a serializer that cells need is not installed in the environment."""
    for name in sorted(names.difference(environment.serializers)):
        msg = f"{name} is not installed in the environment under test ({environment.id})."
        raise EnvironmentUnusableError(msg, "Install it there, or choose the others with --serializer.")
