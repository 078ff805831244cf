"""``picklecheck run``."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import click

from picklecheck import __version__
from picklecheck.cli.interruption import interruption
from picklecheck.cli.options import axis_options, output_options, process_options
from picklecheck.cli.progress import progress
from picklecheck.cli.session import open_runner
from picklecheck.gate import exit_status
from picklecheck.model import Report
from picklecheck.plan import make_plan
from picklecheck.reports.formats import RUN_FORMATS, run_formats
from picklecheck.runner import require_serializers

if TYPE_CHECKING:
    from picklecheck.cli.options import AxisWords, Delivery
    from picklecheck.model import Cell, Result
    from picklecheck.plan import Axes
    from picklecheck.runner import Runner
    from picklecheck.station import Settings


@click.command("run")
@click.argument("selection", metavar="[SCENARIO]...", nargs=-1)
@axis_options
@click.option(
    "--python", metavar="PATH", help="Examine this interpreter's environment; it needs only pydantic and cloudpickle."
)
@process_options
@output_options(RUN_FORMATS)
def command(
    *, selection: tuple[str, ...], words: AxisWords, python: str | None, settings: Settings, delivery: Delivery
) -> None:
    """Check scenarios in processes of their own: what survives, what does not, why, and what to do.

    SCENARIO is an id, a glob such as 'shapes.*', or the id of a cell from a report; without any, the whole catalogue
    is checked.

    \b
    Exit status: 0 as expected, 1 a promise of the fix is broken, 2 usage,
    3 could not judge, 4 nothing was checked, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    with interruption() as stop, open_runner(python, settings, stop) as runner:
        report = _run(runner, selection, words.axes(), show_progress=not delivery.is_quiet)
        status = exit_status(report, exit_zero=delivery.exit_zero)
        delivery.deliver(run_formats(report, status))
    raise SystemExit(int(status))


def _run(runner: Runner, selection: tuple[str, ...], axes: Axes, *, show_progress: bool) -> Report:
    started_at, started = datetime.now(timezone.utc), time.monotonic()
    results: dict[Cell, Result] = {}
    environment = runner.environment()
    scenarios = runner.scenarios()
    cells = make_plan(scenarios, selection, axes)
    require_serializers(environment, {cell.serializer.name for cell in cells})
    with progress(len(cells), wanted=show_progress) as advance:
        for result in runner.run(scenarios, cells, environment):
            results[result.cell] = result
            advance()
    return Report(
        command=("run", *sys.argv[2:]),
        tool_version=__version__,
        started_at=started_at.isoformat(timespec="seconds"),
        duration_s=time.monotonic() - started,
        environments=(environment,),
        scenarios=scenarios,
        planned=len(cells),
        results=tuple(results[cell] for cell in cells if cell in results),
        interrupted=len(results) < len(cells),
    )
