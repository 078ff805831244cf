"""One server in one environment, and the judged cells that come out of it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from picklecheck.environments.pythons import OLDEST
from picklecheck.errors import EnvironmentUnusableError, EvidenceLostError, ServerLostError
from picklecheck.harness.engines import process
from picklecheck.harness.engines.process import ProcessEngine
from picklecheck.harness.probe_client import ProbeClient
from picklecheck.harness.staging import programs
from picklecheck.model import Environment, Observation, Outcome, Result, Verdict, environment_id
from picklecheck.plan.scenarios import read_scenarios
from picklecheck.verdicts import facts as evidence
from picklecheck.verdicts import receiver_states
from picklecheck.verdicts.diagnosis import diagnose
from picklecheck.verdicts.promises import is_promised

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.harness.engines.process import SentPayload
    from picklecheck.harness.settings import RunSettings
    from picklecheck.harness.staging import StagingFolder
    from picklecheck.model import Cell, Scenario

Lost: TypeAlias = "ServerLostError | EvidenceLostError"
# What came of a producer: what it left, or why nobody can tell.
Produced: TypeAlias = "SentPayload | ServerLostError | EvidenceLostError"


class Worker:
    """A server, as a context manager; for one thread at a time. A lost server is replaced by a new one.

    ``stop``, once set, ends whatever is under way.
    """

    def __init__(self, python: Path, settings: RunSettings, folder: StagingFolder, stop: threading.Event) -> None:
        self._python = python
        self._settings = settings
        self._folder = folder
        self._stop = stop
        self._ended = False
        self._server = self._new_server()

    def __enter__(self) -> Self:
        """Start the server, which imports Pydantic while the caller goes on; raises EnvironmentUnusableError."""
        try:
            self._server.start()
        except ServerLostError as lost:
            msg = f"{lost.reason[0].upper()}{lost.reason[1:]}."
            raise EnvironmentUnusableError(msg, "Is it a Python, 3.8 or later?") from lost
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the server, and with it its children."""
        self._server.close()

    def end(self) -> None:
        """Tell the server to end, without waiting for it; nothing takes its place."""
        self._ended = True
        self._server.end()

    def environment(self) -> Environment:
        """Return what the interpreter under test says of itself; raises EnvironmentUnusableError."""
        python = self._python
        self._renew_server()
        try:
            hello = self._server.hello()
        except ServerLostError as lost:
            msg = f"{python} cannot be examined: {lost.reason}"
            hint = "Somebody ended it; try once more." if "status -" in lost.reason else "Is it a Python, 3.8 or later?"
            raise EnvironmentUnusableError(msg, hint) from lost
        if tuple(int(part) for part in hello["python"].split(".")[:2]) < OLDEST:
            msg = f"{python} is Python {hello['python']}, and 3.8 is the oldest that can be examined."
            raise EnvironmentUnusableError(msg, "Point --python at a newer one.")
        version = hello["pydantic"]
        if version is None:
            why = f": {hello['error']['message']}" if "error" in hello else ""
            msg = f"{python} cannot import pydantic{why}."
            raise EnvironmentUnusableError(
                msg, "Install pydantic (2.0 or later) and cloudpickle there, or name another with --python."
            )
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
            child = self._server.run(self._folder.catalog(), {}, self._settings.timeout)
        except ServerLostError as lost:
            msg = f"{self._python} cannot list the catalogue: {lost.reason}."
            raise EnvironmentUnusableError(msg) from lost
        if child.stage != "done":
            error = child.facts.get("error")
            why = f"{error['type']}: {error['message']}" if error else f"the child ended at stage {child.stage}"
            msg = f"{self._python} cannot list the catalogue: {why}."
            raise EnvironmentUnusableError(msg)
        return read_scenarios(child.facts["scenarios"])

    def check(
        self, scenario: Scenario, cells: Sequence[Cell], environment: str, path: Sequence[str] | None = None
    ) -> Iterator[Result]:
        """Yield the results of cells that differ in their receiver alone, all within this environment.

        ``path`` is where targets are imported from, if not where the settings say.
        """
        open_cells = dict.fromkeys(cells)
        try:
            with _telling():
                for cell, observation in self._engine(path).observe(scenario, cells):
                    result = self._judge(scenario, cell, (environment, None), observation)
                    del open_cells[cell]
                    yield result
        except (ServerLostError, EvidenceLostError) as lost:
            yield from self._give_up(open_cells, (environment, None), lost)

    def produce(self, scenario: Scenario, cell: Cell) -> Produced:
        """Have the value of a cell dumped here, to be received elsewhere; a lost server is the answer's reason."""
        try:
            with _telling():
                return self._engine().produce(scenario, cell)
        except EvidenceLostError as lost:
            return lost
        except ServerLostError as lost:
            self._replace_server()
            return lost

    def receive(
        self, scenario: Scenario, cells: Sequence[Cell], sent: Produced, own: Produced, environments: tuple[str, str]
    ) -> Iterator[Result]:
        """Yield the results of cells whose value was dumped in the first of two environments and is received here.

        ``own`` is what came of dumping the same here: a shape that this environment rejects cannot arrive.
        """
        if isinstance(sent, Exception):
            yield from self._undecided(cells, environments, sent)
            return
        unfit = None if isinstance(own, Exception) else diagnose(Observation(own.producer))
        if unfit is not None and unfit.outcome is Outcome.UNSUPPORTED:
            verdict = replace(unfit, reason=f"there is no such value where it is to be loaded: {unfit.reason}")
            for cell in cells:
                yield self._result(cell, environments, verdict, None, Observation(sent.producer, sent.payload))
            return
        open_cells = dict.fromkeys(cells)
        try:
            with _telling():
                for cell in cells:
                    observation = self._engine().receive(scenario, cell, sent)
                    result = self._judge(scenario, cell, environments, observation)
                    del open_cells[cell]
                    yield result
        except (ServerLostError, EvidenceLostError) as lost:
            yield from self._give_up(open_cells, environments, lost)

    def _engine(self, path: Sequence[str] | None = None) -> ProcessEngine:
        self._renew_server()
        folders = self._settings.path if path is None else path
        return ProcessEngine(self._server, self._folder, self._settings.timeout, folders)

    def _judge(
        self, scenario: Scenario, cell: Cell, environments: tuple[str, str | None], observation: Observation
    ) -> Result:
        verdict = receiver_states.confirmed(
            diagnose(observation),
            observation,
            programs.prepared(scenario, cell.site, cell.receiver),
            cell.receiver,
            is_crossed=environments[1] not in (None, environments[0]),
        )
        verdict = replace(verdict, reason=str(verdict.reason))  # it may be a process's own word
        expected: bool | None = None
        if is_promised(scenario, cell) and verdict.outcome.is_judged:
            expected = verdict.outcome is Outcome.PASS
        return self._result(cell, environments, verdict, expected, observation)

    def _give_up(self, cells: Iterable[Cell], environments: tuple[str, str | None], lost: Lost) -> Iterator[Result]:
        """What is left of a group cannot be told; the next one gets a new server, if it was lost."""
        if not self._is_over():
            yield from self._undecided(cells, environments, lost)
            if isinstance(lost, ServerLostError):
                self._replace_server()

    def _undecided(self, cells: Iterable[Cell], environments: tuple[str, str | None], lost: Lost) -> Iterator[Result]:
        code = "PC903" if isinstance(lost, ServerLostError) else "PC902"
        verdict = Verdict(Outcome.UNDECIDED, code, lost.reason)
        for cell in cells:
            yield self._result(cell, environments, verdict, None, None)

    def _result(
        self,
        cell: Cell,
        environments: tuple[str, str | None],
        verdict: Verdict,
        expected: bool | None,  # noqa: FBT001 - a value of the report, not a switch
        observation: Observation | None,
    ) -> Result:
        seen = (observation.producer, observation.relay, observation.receiver) if observation else ()
        return Result(
            cell=cell,
            environment=environments[0],
            receiver_environment=environments[1],
            engine=process.NAME,
            isolation=self._settings.isolation,
            verdict=verdict,
            expected=expected,
            duration_s=sum(child.duration_s for child in seen if child is not None),
            observation=observation,
            protocol=evidence.protocol(cell, observation),
            registered_in_producer=evidence.registered_in_producer(observation),
            registered_in_receiver=evidence.registered_in_receiver(observation),
            exception=evidence.exception(observation),
            location=evidence.location(observation),
            source=evidence.source(observation),
            script=evidence.script(cell, observation),
        )

    def _is_over(self) -> bool:
        return self._ended or self._stop.is_set()

    def _renew_server(self) -> None:
        """Replace a server whose answer to what was cut off is still to come, or was lost."""
        if not self._server.is_idle:
            self._replace_server()

    def _replace_server(self) -> None:
        if self._is_over():
            return
        self._server.close()
        self._server = self._new_server()
        try:
            self._server.start()
        except ServerLostError as lost:
            msg = f"{self._python} started before and does not start again: {lost.reason}."
            raise EnvironmentUnusableError(msg, "Was it removed meanwhile?") from lost

    def _new_server(self) -> ProbeClient:
        return ProbeClient(
            self._python, self._folder.server_main, self._settings.isolation, self._folder.new_log(), self._stop
        )


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Turn what comes of a report that makes no sense into one sentence: code under test may write one, too."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        msg = f"what a process reported makes no sense ({type(error).__name__}: {error})"
        raise EvidenceLostError(msg) from error
