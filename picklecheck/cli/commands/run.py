"""``picklecheck run``."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import click

from picklecheck import __version__
from picklecheck.cli.configured_command import ConfiguredCommand, configured_targets, project_folder
from picklecheck.cli.gate_options import gate_options
from picklecheck.cli.interruption import interruption
from picklecheck.cli.options import axis_options, output_options, process_options, shard_option
from picklecheck.cli.progress import progress
from picklecheck.cli.session import open_runner
from picklecheck.environments.choice import choose_interpreter
from picklecheck.errors import EnvironmentUnusableError
from picklecheck.gate.exit_status import exit_status
from picklecheck.harness.result_store import scenario_digests
from picklecheck.harness.runner import require_serializers
from picklecheck.model import Report
from picklecheck.plan.cells import make_plan
from picklecheck.plan.scripts import find_targets
from picklecheck.plan.sharding import shard_cells
from picklecheck.reports.answers.run import also_scripts
from picklecheck.reports.formats import RUN_FORMATS, run_formats
from picklecheck.resources import resource
from picklecheck.verdicts.cures import cells_to_try, trials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.cli.gate_options import Gate
    from picklecheck.cli.options import AxisWords, Delivery
    from picklecheck.harness.runner import Runner
    from picklecheck.harness.worker import Settings
    from picklecheck.model import Cell, Result, Scenario, Shard, Trial


@click.command("run", cls=ConfiguredCommand)
@click.argument("selection", metavar="[SCENARIO]...", nargs=-1)
@axis_options
@click.option(
    "--python",
    metavar="PATH",
    help="Examine this interpreter's environment; it needs only pydantic and cloudpickle."
    "  [default: that of VIRTUAL_ENV, else .venv of the project, else picklecheck's own]",
)
@process_options
@gate_options
@shard_option
@output_options(RUN_FORMATS)
@click.pass_context
def command(  # noqa: PLR0913 - one parameter a group of options
    context: click.Context,
    *,
    selection: tuple[str, ...],
    words: AxisWords,
    python: str | None,
    settings: Settings,
    gate: Gate,
    shard: Shard | None,
    delivery: Delivery,
) -> None:
    """Check scenarios in processes of their own: what survives, what does not, why, and what to do.

    SCENARIO is a value of yours as MODULE:NAME (a function that returns it, or the value) or SCRIPT.py:NAME (the script
    is run as 'python SCRIPT.py' does), or of the catalogue an id, a glob such as 'shapes.*', or the id of a cell from a
    report. Without any, the whole catalogue is checked, or what the configuration file says.

    What the report tells to do has been tried on a cell that failed, or it says "not tried".

    \b
    Exit status: 0 as expected, 1 a regression, a broken promise or a stale
    baseline, 2 usage, 3 could not judge, 4 nothing was checked, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    delivery.spare(gate.file)
    targets = find_targets(selection, settings.path)
    chosen = choose_interpreter(python, project_folder(context), os.environ)
    if chosen.why:
        click.echo(f"picklecheck: Examining {chosen.python}, since {chosen.why}; --python names another one.", err=True)
    with interruption() as stop, open_runner(chosen.python, settings, stop) as runner:
        environment = runner.environment()  # says what is wrong with it, before the catalogue stumbles over that
        scenarios = (*runner.scenarios(), *targets)
        cells = make_plan(scenarios, selection, words.axes())
        if shard is not None:
            cells, shard = shard_cells(cells, shard, environment.id)
        report = _run(runner, scenarios, cells, show_progress=not delivery.is_quiet)
        report = replace(report, trials=_try_cures(runner, scenarios, report, beside=delivery.tells_causes))
        report = replace(report, shard=shard, configured=configured_targets(context))
        against = gate.compare(report, gate.known(scenarios, report.configured))
        status = exit_status(report, against, exit_zero=delivery.exit_zero)
        delivery.deliver(run_formats(report, status, against))
        delivery.remark(also_scripts(report))
    raise SystemExit(int(status))


def _run(
    runner: Runner,
    scenarios: Sequence[Scenario],
    cells: Sequence[Cell],
    *,
    show_progress: bool,
) -> Report:
    started_at, started = datetime.now(timezone.utc), time.monotonic()
    results: dict[Cell, Result] = {}
    environment = runner.environment()
    require_serializers(environment, {cell.serializer.name for cell in cells})
    with progress(len(cells), wanted=show_progress) as advance:
        for result in runner.run(scenarios, cells, environment):
            results[result.cell] = result
            advance()
    names = {cell.scenario for cell in cells}
    chosen = tuple(one for one in scenarios if one.id in names)
    digests = scenario_digests(resource("repros"), [one for one in chosen if not one.is_target])
    return Report(
        command=("run", *sys.argv[2:]),
        tool_version=__version__,
        started_at=started_at.isoformat(timespec="seconds"),
        duration_s=time.monotonic() - started,
        environments=(environment,),
        scenarios=chosen,
        planned=len(cells),
        results=tuple(results[cell] for cell in cells if cell in results),
        interrupted=len(results) < len(cells),
        sources={**digests, **{one.cell.scenario: one.source for one in results.values() if one.source}},
        scripts={one.cell.scenario: one.script for one in results.values() if one.script},
    )


def _try_cures(runner: Runner, scenarios: Sequence[Scenario], report: Report, *, beside: bool) -> tuple[Trial, ...]:
    """Return which cures help; with ``beside``, one more cell is run for each that is not part of the report."""
    environment = report.environments[0]
    judged = [(one.cell, one.verdict.outcome, one.verdict.code) for one in report.results]
    outcomes = {cell: outcome for cell, outcome, _ in judged}
    if beside and not report.interrupted:
        # An environment that breaks down now has been judged all the same.
        with contextlib.suppress(EnvironmentUnusableError):
            for result in runner.run(scenarios, cells_to_try(judged), environment):
                outcomes[result.cell] = result.verdict.outcome
    return tuple(trials(judged, outcomes.get, environment.id))
