"""A plan is run in one environment, and a report comes of it."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from picklecheck import __version__
from picklecheck.errors import EnvironmentUnusableError, InterruptedEarlyError
from picklecheck.harness.result_store import scenario_digests
from picklecheck.harness.runner import Runner, require_serializers
from picklecheck.harness.staging import StagingFolder
from picklecheck.model import Report
from picklecheck.resources import resource
from picklecheck.verdicts.cures import cells_to_try, trials

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from picklecheck.harness.settings import RunSettings
    from picklecheck.model import Cell, Environment, Result, Scenario


class Session:
    """Workers in one environment, for as long as they are open."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._digests: dict[str, str] = {}

    def environment(self) -> Environment:
        """Return what the interpreter under test says of itself; raises EnvironmentUnusableError."""
        return self._runner.environment()

    def scenarios(self) -> tuple[Scenario, ...]:
        """Return the built-in catalogue as this environment lists it; raises EnvironmentUnusableError."""
        return self._runner.scenarios()

    def run(
        self,
        scenarios: Sequence[Scenario],
        cells: Sequence[Cell],
        command: Sequence[str] = (),
        advance: Callable[[], None] = lambda: None,
    ) -> Report:
        """Run a plan; ``advance`` is called after each cell, and ``command`` is what the report says was asked for.

        Raises EnvironmentUnusableError if the environment lacks a serializer.
        """
        started_at, started = datetime.now(timezone.utc), time.monotonic()
        results: dict[Cell, Result] = {}
        environment = self.environment()
        require_serializers(environment, {cell.serializer.name for cell in cells})
        for result in self._runner.run(scenarios, cells, environment):
            results[result.cell] = result
            advance()
        names = {cell.scenario for cell in cells}
        chosen = tuple(one for one in scenarios if one.id in names)
        return Report(
            command=tuple(command),
            tool_version=__version__,
            started_at=started_at.isoformat(timespec="seconds"),
            duration_s=time.monotonic() - started,
            environments=(environment,),
            scenarios=chosen,
            planned=len(cells),
            results=tuple(results[cell] for cell in cells if cell in results),
            interrupted=len(results) < len(cells),
            sources={
                **self._digests_of([one for one in chosen if not one.is_target]),
                **{one.cell.scenario: one.source for one in results.values() if one.source},
            },
            scripts={one.cell.scenario: one.script for one in results.values() if one.script},
        )

    def with_cures(self, scenarios: Sequence[Scenario], report: Report, *, beside: bool = True) -> Report:
        """Return the report with the cures that help; with ``beside``, a cell is run for one that has none."""
        environment = report.environments[0]
        judged = [(one.cell, one.verdict.outcome, one.verdict.code) for one in report.results]
        outcomes = {cell: outcome for cell, outcome, _ in judged}
        if beside and not report.interrupted:
            # An environment that breaks down now has been judged all the same.
            with contextlib.suppress(EnvironmentUnusableError):
                for result in self._runner.run(scenarios, cells_to_try(judged), environment):
                    outcomes[result.cell] = result.verdict.outcome
        return replace(report, trials=tuple(trials(judged, outcomes.get, environment.id)))

    def _digests_of(self, scenarios: Sequence[Scenario]) -> dict[str, str]:
        unknown = [one for one in scenarios if one.id not in self._digests]
        self._digests.update(scenario_digests(resource("repros"), unknown))
        return {one.id: self._digests[one.id] for one in scenarios}


@contextlib.contextmanager
def staging(stop: threading.Event) -> Iterator[StagingFolder]:
    """Give a staging folder that is gone afterwards; raises PicklecheckError."""
    try:
        with StagingFolder() as folder:
            yield folder
    except EnvironmentUnusableError:
        # Servers that were told to end look like servers that cannot start.
        if stop.is_set():
            raise InterruptedEarlyError from None
        raise


@contextlib.contextmanager
def open_session(python: Path, settings: RunSettings, stop: threading.Event) -> Iterator[Session]:
    """Give a session for an interpreter, whose processes and files are gone afterwards; raises PicklecheckError."""
    with staging(stop) as folder, Runner(python, settings, folder, stop) as runner:
        yield Session(runner)
