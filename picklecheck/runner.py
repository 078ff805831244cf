"""Runs a plan: servers, worker threads and judged cells, as they come. Prints nothing."""

from __future__ import annotations

import itertools
import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from picklecheck.catalog import is_promised, read_scenarios
from picklecheck.diagnosis import diagnose
from picklecheck.engines import process
from picklecheck.engines.process import ProcessEngine
from picklecheck.engines.server import ProbeServer
from picklecheck.errors import EnvironmentUnusableError, ServerLostError
from picklecheck.model import Environment, Outcome, Result, Verdict, environment_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.model import Cell, Observation, Scenario
    from picklecheck.staging import StagingFolder

OLDEST_PYTHON = (3, 8)
_POLL = 0.05


@dataclass(frozen=True)
class Settings:
    """How to run: the interpreter under test, ``fork`` or ``spawn``, workers, and one child's time in seconds."""

    python: Path
    isolation: str
    jobs: int
    timeout: float


class Runner:
    """The workers of one environment, as a context manager. ``stop``, once set, ends whatever is under way."""

    def __init__(self, settings: Settings, folder: StagingFolder, stop: threading.Event) -> None:
        self._settings = settings
        self._folder = folder
        self._stop = stop
        self._numbers = itertools.count()
        self._servers: list[ProbeServer] = []

    def __enter__(self) -> Self:
        """Start the servers, which import Pydantic while the caller goes on; raises EnvironmentUnusableError."""
        try:
            for _ in range(self._settings.jobs):
                self._servers.append(self._start_server())
        except ServerLostError as lost:
            self._close()
            msg = f"{lost.reason[0].upper()}{lost.reason[1:]}."
            raise EnvironmentUnusableError(msg, "Is it a Python, 3.8 or later?") from lost
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End all servers, and with them their children."""
        self._close()

    def _close(self) -> None:
        for server in self._servers:
            server.end()
        for server in self._servers:
            server.close()

    def environment(self) -> Environment:
        """Return what the interpreter under test says of itself; raises EnvironmentUnusableError."""
        python = self._settings.python
        try:
            hello = self._servers[0].hello()
        except ServerLostError as lost:
            msg = f"{python} cannot be examined: {lost.reason}"
            raise EnvironmentUnusableError(msg, "Is it a Python, 3.8 or later?") from lost
        if tuple(int(part) for part in hello["python"].split(".")[:2]) < OLDEST_PYTHON:
            msg = f"{python} is Python {hello['python']}, and 3.8 is the oldest that can be examined."
            raise EnvironmentUnusableError(msg, "Point --python at a newer one.")
        version = hello["pydantic"]
        if version is None:
            why = f": {hello['error']['message']}" if "error" in hello else ""
            msg = f"{python} cannot import pydantic{why}."
            raise EnvironmentUnusableError(msg, "Install pydantic (2.0 or later) and cloudpickle there.")
        if not version.startswith("2."):
            msg = f"{python} has pydantic {version}, and only pydantic 2 is supported."
            raise EnvironmentUnusableError(msg, "Point --python at an environment with pydantic 2.0 or later.")
        return Environment(
            id=environment_id(hello["python"], version, hello["cloudpickle"]),
            python=hello["python"],
            pydantic=version,
            cloudpickle=hello["cloudpickle"],
            platform=hello["platform"],
            status="ok",
            serializers=tuple(hello["serializers"]),
            packages=hello["packages"],
        )

    def scenarios(self) -> tuple[Scenario, ...]:
        """Return the built-in catalogue as this environment lists it; raises EnvironmentUnusableError."""
        try:
            child = self._servers[0].run(self._folder.catalog(), {}, self._settings.timeout)
        except ServerLostError as lost:
            msg = f"{self._settings.python} cannot list the catalogue: {lost.reason}."
            raise EnvironmentUnusableError(msg) from lost
        if child.stage != "done":
            error = child.facts.get("error")
            why = f"{error['type']}: {error['message']}" if error else f"the child ended at stage {child.stage}"
            msg = f"{self._settings.python} cannot list the catalogue: {why}."
            raise EnvironmentUnusableError(msg)
        return read_scenarios(child.facts["scenarios"])

    def run(self, scenarios: Sequence[Scenario], cells: Sequence[Cell], environment: Environment) -> Iterator[Result]:
        """Yield the result of each cell as it comes, in no particular order; ends early once ``stop`` is set."""
        by_id = {scenario.id: scenario for scenario in scenarios}
        work: queue.SimpleQueue[list[Cell]] = queue.SimpleQueue()
        for group in _groups(cells):
            work.put(group)
        results: queue.SimpleQueue[Result | BaseException | None] = queue.SimpleQueue()
        workers = [
            threading.Thread(target=self._work, args=(number, by_id, work, results, environment), daemon=True)
            for number in range(len(self._servers))
        ]
        for worker in workers:
            worker.start()
        running = len(workers)
        while running:
            # A wait without end would keep a signal from being handled; SimpleQueue cannot be interrupted otherwise.
            try:
                result = results.get(timeout=_POLL)
            except queue.Empty:
                continue
            if result is None:
                running -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result

    def _work(
        self,
        number: int,
        scenarios: dict[str, Scenario],
        work: queue.SimpleQueue[list[Cell]],
        results: queue.SimpleQueue[Result | BaseException | None],
        environment: Environment,
    ) -> None:
        try:
            while not self._stop.is_set():
                try:
                    cells = work.get_nowait()
                except queue.Empty:
                    break
                self._run_group(number, scenarios[cells[0].scenario], cells, environment, results)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that reads the results
            results.put(error)
        finally:
            results.put(None)

    def _run_group(
        self,
        number: int,
        scenario: Scenario,
        cells: list[Cell],
        environment: Environment,
        results: queue.SimpleQueue[Result | BaseException | None],
    ) -> None:
        engine = ProcessEngine(self._servers[number], self._folder, self._settings.timeout, self._numbers)
        open_cells = dict.fromkeys(cells)
        try:
            for cell, observation in engine.observe(scenario, cells):
                del open_cells[cell]
                results.put(self._judge(scenario, cell, environment, observation))
        except ServerLostError as lost:
            if self._stop.is_set():
                return
            # The cells of this group cannot be told; the next ones get a new server.
            verdict = Verdict(Outcome.UNDECIDED, "PC903", lost.reason)
            for cell in open_cells:
                results.put(self._result(cell, environment, verdict, None, None))
            self._servers[number].close()
            self._servers[number] = self._replace_server()

    def _judge(self, scenario: Scenario, cell: Cell, environment: Environment, observation: Observation) -> Result:
        verdict = diagnose(observation)
        expected: bool | None = None
        if is_promised(scenario, cell) and (verdict.outcome is Outcome.PASS or verdict.outcome.is_failure):
            expected = verdict.outcome is Outcome.PASS
        return self._result(cell, environment, verdict, expected, observation)

    def _result(
        self,
        cell: Cell,
        environment: Environment,
        verdict: Verdict,
        expected: bool | None,  # noqa: FBT001 - a value of the report, not a switch
        observation: Observation | None,
    ) -> Result:
        seen = (observation.producer, observation.relay, observation.receiver) if observation else ()
        duration = sum(child.duration_s for child in seen if child is not None)
        return Result(
            cell, environment.id, process.NAME, self._settings.isolation, verdict, expected, duration, observation
        )

    def _replace_server(self) -> ProbeServer:
        try:
            return self._start_server()
        except ServerLostError as lost:
            msg = f"{self._settings.python} started before and does not start again: {lost.reason}."
            raise EnvironmentUnusableError(msg, "Was it removed meanwhile?") from lost

    def _start_server(self) -> ProbeServer:
        log = self._folder.root / f"server-{next(self._numbers)}.log"
        settings = self._settings
        return ProbeServer(settings.python, self._folder.server_main, settings.isolation, log, self._stop)


def require_serializers(environment: Environment, names: set[str]) -> None:
    """Raise EnvironmentUnusableError if a serializer that cells need is not installed in the environment."""
    for name in sorted(names.difference(environment.serializers)):
        msg = f"{name} is not installed in the environment under test ({environment.id})."
        raise EnvironmentUnusableError(msg, "Install it there, or choose the others with --serializer.")


def _groups(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Put together the cells that share a producer: they differ in their receiver alone."""
    groups: dict[tuple[str, str, str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.scenario, str(cell.serializer), cell.site, cell.fix), []).append(cell)
    return list(groups.values())
