"""``pytest --picklecheck``: the configured scenarios, each cell a test, with strict xfail from the baseline."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from picklecheck.cli.commands.run import command as run_command
from picklecheck.cli.config_file import find_config
from picklecheck.cli.configured_command import configured_targets
from picklecheck.cli.gate_options import open_gate
from picklecheck.cli.options import AxisOptions, asked_axes
from picklecheck.environments.interpreter import find_interpreter
from picklecheck.errors import PicklecheckError
from picklecheck.gate.baseline import Baseline, Place
from picklecheck.gate.compare import Status, find_references, recorded_place
from picklecheck.gate.judgement import Judgement
from picklecheck.harness.runner import require_serializers
from picklecheck.harness.session import open_session
from picklecheck.harness.settings import make_settings
from picklecheck.model import NOTHING_SENT
from picklecheck.plan.cells import make_plan
from picklecheck.plan.scripts import find_targets
from picklecheck.reports import phrases
from picklecheck.reports.rows import row_of
from picklecheck.reports.terminal import assertion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picklecheck.gate.baseline import Entry
    from picklecheck.model import Cell, Report, Scenario
    from picklecheck.reports.document import Row

_NAME = "picklecheck"


class CellFailedError(AssertionError):
    """A cell that is a finding. The text says why, and what to do."""


class RecordedFailureError(AssertionError):
    """A cell that fails as the baseline says: an expected failure."""


class CellUndecidedError(AssertionError):
    """A cell that nobody can judge, which is no success."""


def make_items(session: pytest.Session, config: pytest.Config) -> list[pytest.Item]:
    """Return a test for each cell that the configuration asks for; raises pytest.UsageError."""
    with _telling():
        checker = _Checker(config)
        config.add_cleanup(checker.close)
        collector = _Configured.from_parent(session, name=_NAME, path=checker.path, nodeid=_NAME)
        items: list[pytest.Item] = [_item(collector, checker, scenario, cell) for scenario, cell in checker.cells()]
        if checker.missing():
            stale: _StaleItem = _StaleItem.from_parent(collector, name="baseline", missing=checker.missing())
            items.append(stale)
    # So that the terminal counts them among those that were collected.
    config.hook.pytest_collectreport(report=pytest.CollectReport(_NAME, "passed", None, list(items)))
    return items


def check_configuration(config: pytest.Config) -> None:
    """Raise pytest.UsageError if there would be no items; in a worker of pytest-xdist that is an internal error."""
    with _telling(), contextlib.closing(_Checker(config)) as checker:
        list(checker.cells())


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Turn what may be wrong with a configuration into pytest's own error for it."""
    try:
        yield
    except PicklecheckError as error:
        msg = f"--picklecheck: {error.message}" + (f" {error.hint}" if error.hint else "")
        raise pytest.UsageError(msg) from error
    except click.UsageError as error:  # of a variable, PICKLECHECK_TIMEOUT for instance
        msg = f"--picklecheck: {error.format_message()}"
        raise pytest.UsageError(msg) from error


class _Checker:
    """Checks the cells of a configuration on one server, and holds each against the baseline."""

    def __init__(self, config: pytest.Config) -> None:
        root = config.rootpath
        named = os.environ.get("PICKLECHECK_CONFIG")
        path = Path(named) if named else find_config(root)
        if path is None:
            msg = f"there is no [tool.picklecheck] in {root} or above it."
            raise PicklecheckError(msg)
        self.path = path
        context = run_command.make_context("run", ["--config", str(path)])
        said = context.params
        self._configured = configured_targets(context)
        if not said["selection"]:
            msg = f"{path} names no scenarios."
            raise PicklecheckError(msg, "Write scenarios = ['myapp.jobs:example'], for instance.")
        axes = (said["serializers"], said["sites"], said["receivers"], said["fixes"])
        self._words = AxisOptions(*axes, asked=asked_axes(context))
        self._selection = said["selection"]
        self.gate = open_gate(said["baseline"], no_baseline=said["no_baseline"], allow_fixed=said["allow_fixed"])
        asked = config.getoption("--picklecheck-isolation")
        isolation = said["isolation"] if asked == "auto" else asked
        settings = make_settings(isolation, 1, said["timeout"], said["path"])
        self._path = settings.path
        with contextlib.ExitStack() as opening:
            python = find_interpreter(said["python"])
            self._session = opening.enter_context(open_session(python, settings, threading.Event()))
            self.environment = self._session.environment()
            self._open = opening.pop_all()

    def close(self) -> None:
        """End the server."""
        self._open.close()

    def cells(self) -> Iterator[tuple[Scenario, Cell]]:
        """Yield what is to be checked; raises PicklecheckError."""
        targets = find_targets(self._selection, self._path)
        catalogue = self._session.scenarios() if len(targets) < len(self._selection) else ()
        scenarios = {one.id: one for one in (*catalogue, *targets)}
        cells = make_plan(list(scenarios.values()), self._selection, self._words.axes())
        require_serializers(self.environment, {cell.serializer.name for cell in cells})
        for cell in cells:
            yield scenarios[cell.scenario], cell

    def missing(self) -> list[str]:
        """Return the cells that are recorded and whose scenario is gone."""
        if self.gate.baseline is None or self._configured is None:
            return []
        known = self.gate.known(None, self._configured)
        return [place.cell for place in sorted(self.gate.baseline.entries) if place.scenario not in known]

    def entry(self, cell: Cell) -> Entry | None:
        """Return what is recorded of a cell in this environment, or in the nearest one."""
        baseline = self.gate.baseline or Baseline("")
        references = find_references(baseline.environments, [self.environment])
        name = self.environment.id
        place = recorded_place(Place(cell.id, name, name), references)
        return None if place is None else baseline.entries.get(place)

    def check(self, scenario: Scenario, cell: Cell) -> tuple[Report, Row]:
        """Run a cell; the report is of that one alone."""
        report = self._session.run([scenario], [cell])
        (result,) = report.results
        return report, row_of(result, self.gate.compare(report, None))

    def render(self, scenario: Scenario, report: Report) -> str:
        """Return what a cell that failed has to say, with each cure tried on one more cell."""
        report = self._session.with_cures([scenario], report)
        return assertion.render(report.results[0], self.environment, report.trials)


class _Configured(pytest.Collector):
    """Stands for the configuration file; its tests are made beforehand."""

    def collect(self) -> list[pytest.Item]:
        """Return nothing: nobody asks."""
        return []


def _item(collector: pytest.Collector, checker: _Checker, scenario: Scenario, cell: Cell) -> pytest.Item:
    item: _CellItem = _CellItem.from_parent(collector, name=cell.id, checker=checker, scenario=scenario, cell=cell)
    entry = checker.entry(cell)
    if entry is not None and entry.finding.outcome.is_failure:
        reason = phrases.excuse(entry) or f"recorded as {entry.finding}"
        advice = "if it passes, record that with 'picklecheck baseline update'"
        strict = not checker.gate.allow_fixed
        item.add_marker(pytest.mark.xfail(reason=f"{reason}; {advice}", raises=RecordedFailureError, strict=strict))
    return item


class _StaleItem(pytest.Item):
    """The baseline has entries of scenarios that are gone."""

    def __init__(self, *, missing: list[str], **others: Any) -> None:  # noqa: ANN401 - pytest's
        super().__init__(**others)
        self._missing = missing

    def runtest(self) -> None:
        """Fail, and say what to do."""
        what = f"{len(self._missing)} recorded cells are of scenarios that are gone, {self._missing[0]} among them."
        msg = f"{what} {phrases.CURES[Status.MISSING]}"
        raise CellFailedError(msg)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return the text alone."""
        return (
            str(excinfo.value) if isinstance(excinfo.value, CellFailedError) else super().repr_failure(excinfo, style)
        )


class _CellItem(pytest.Item):
    """One cell."""

    def __init__(self, *, checker: _Checker, scenario: Scenario, cell: Cell, **others: Any) -> None:  # noqa: ANN401
        super().__init__(**others)
        self._checker = checker
        self._scenario = scenario
        self._cell = cell

    def runtest(self) -> None:
        """Check the cell."""
        report, row = self._checker.check(self._scenario, self._cell)
        if row.judgement is Judgement.UNDECIDED or row.code == NOTHING_SENT:
            raise CellUndecidedError(self._told(report, ""))
        if row.judgement is Judgement.UNSUPPORTED:
            pytest.skip(phrases.tolerance(row))
        if row.judgement is Judgement.TOLERATED:
            if row.standing is not None and row.standing.status is Status.AS_RECORDED:
                raise RecordedFailureError(phrases.tolerance(row))
            pytest.xfail(phrases.tolerance(row))
        # One that was recorded as failing is expected to fail, and pytest tells that it did not.
        is_surprise = row.standing is not None and row.standing.status is Status.FIXED and self._is_expected_to_fail()
        if row.judgement is Judgement.FINDING and not is_surprise:
            raise CellFailedError(self._told(report, phrases.complaint(row)))

    def _is_expected_to_fail(self) -> bool:
        return self.get_closest_marker("xfail") is not None and not self.config.getoption("runxfail")

    def _told(self, report: Report, complaint: str) -> str:
        text = self._checker.render(self._scenario, report)
        return f"{text}\n  gate {complaint}" if complaint else text

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return the text alone where the error is ours: the stack is picklecheck's own."""
        if isinstance(excinfo.value, CellFailedError | CellUndecidedError | RecordedFailureError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the cell was asked for."""
        return self.path, None, f"{_NAME}: {self.name}"
