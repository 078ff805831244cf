"""``picklecheck run``."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from picklecheck.cli.configured_command import ConfiguredCommand, configured_targets, project_folder
from picklecheck.cli.gate_options import gate_options
from picklecheck.cli.interruption import interruption
from picklecheck.cli.options import axis_options, output_options, process_options, shard_option
from picklecheck.cli.progress import progress
from picklecheck.environments.choice import choose_interpreter
from picklecheck.gate.exit_status import exit_status
from picklecheck.harness.session import open_session
from picklecheck.plan.cells import make_plan
from picklecheck.plan.scripts import find_targets
from picklecheck.plan.sharding import shard_cells
from picklecheck.reports.answers.run import also_scripts
from picklecheck.reports.formats import RUN_FORMATS, run_formats

if TYPE_CHECKING:
    from picklecheck.cli.gate_options import Gate
    from picklecheck.cli.options import AxisOptions, Delivery
    from picklecheck.harness.settings import RunSettings
    from picklecheck.model import Shard


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
    words: AxisOptions,
    python: str | None,
    settings: RunSettings,
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
    delivery.refuse_overwriting(gate.file)
    targets = find_targets(selection, settings.path)
    chosen = choose_interpreter(python, project_folder(context), os.environ)
    if chosen.why:
        click.echo(f"picklecheck: Examining {chosen.python}, since {chosen.why}; --python names another one.", err=True)
    with interruption() as stop, open_session(chosen.python, settings, stop) as session:
        environment = session.environment()  # says what is wrong with it, before the catalogue stumbles over that
        scenarios = (*session.scenarios(), *targets)
        cells = make_plan(scenarios, selection, words.axes())
        if shard is not None:
            cells, shard = shard_cells(cells, shard, environment.id)
        with progress(len(cells), wanted=not delivery.is_quiet) as advance:
            report = session.run(scenarios, cells, ("run", *sys.argv[2:]), advance)
        report = session.with_cures(scenarios, report, beside=delivery.tells_causes)
        report = replace(report, shard=shard, configured=configured_targets(context))
        against = gate.compare(report, gate.known(scenarios, report.configured))
        status = exit_status(report, against, exit_zero=delivery.exit_zero)
        delivery.deliver(run_formats(report, status, against))
        delivery.remark(also_scripts(report))
    raise SystemExit(int(status))
