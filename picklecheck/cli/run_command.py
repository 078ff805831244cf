"""``picklecheck run``."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import click

from picklecheck import __version__
from picklecheck.cli import outputs
from picklecheck.cli.interruption import interruption
from picklecheck.cli.progress import progress
from picklecheck.cli.session import make_settings, open_runner
from picklecheck.gate import exit_status
from picklecheck.model import FIXES, RECEIVERS, SITES, Report
from picklecheck.plan import Axes, make_plan, parse_serializer
from picklecheck.runner import require_serializers

if TYPE_CHECKING:
    import threading

    from picklecheck.model import Cell, Result
    from picklecheck.runner import Settings

_DEFAULTS = Axes()


@click.command("run")
@click.argument("selection", metavar="[SCENARIO]...", nargs=-1)
@click.option(
    "--serializer",
    "serializers",
    multiple=True,
    metavar="pickle[:PROTOCOL]|cloudpickle|dill",
    help="Serializer; pickle alone means its highest protocol.  [default: pickle, cloudpickle]",
)
@click.option(
    "--site",
    "sites",
    multiple=True,
    type=click.Choice(SITES),
    help="Where the producer evaluates the specialization.  [default: main, function]",
)
@click.option(
    "--receiver",
    "receivers",
    multiple=True,
    type=click.Choice(RECEIVERS),
    help="What the receiver did before it loads.  [default: cold, warm]",
)
@click.option(
    "--fix",
    "fixes",
    multiple=True,
    type=click.Choice(FIXES),
    help="Fix that is active in the producer.  [default: all three]",
)
@click.option(
    "--isolation",
    type=click.Choice(["auto", "fork", "spawn"]),
    default="auto",
    show_default=True,
    help="How children start: forked off a warmed-up process, or as new interpreters.",
)
@click.option(
    "--python", metavar="PATH", help="Examine this interpreter's environment; it needs only pydantic and cloudpickle."
)
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Workers.  [default: the number of cores]")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one child may take.",
)
@click.option("--format", "form", type=click.Choice(outputs.FORMATS), default="grid", show_default=True)
@click.option(
    "--output",
    "files",
    multiple=True,
    metavar="FORMAT=PATH",
    help="Also write the report to a file; may be given several times.",
)
@click.option("--verbose", "-v", count=True, help="List every cell that failed.")
@click.option("--quiet", "-q", count=True, help="Print the answer alone.")
@click.option("--exit-zero", is_flag=True, help="End with 0 in spite of findings.")
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click has it
    selection: tuple[str, ...],
    serializers: tuple[str, ...],
    sites: tuple[str, ...],
    receivers: tuple[str, ...],
    fixes: tuple[str, ...],
    isolation: str,
    python: str | None,
    jobs: int | None,
    timeout: float,
    form: str,
    files: tuple[str, ...],
    verbose: int,
    quiet: int,
    exit_zero: bool,  # noqa: FBT001 - click's
) -> None:
    """Check scenarios in processes of their own: what survives, what does not, why, and what to do.

    SCENARIO is an id, a glob such as 'shapes.*', or the id of a cell from a report; without any, the whole catalogue
    is checked.

    \b
    Exit status: 0 as expected, 1 a promise of the fix is broken, 2 usage,
    3 could not judge, 4 nothing was checked, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    axes = Axes(
        tuple(dict.fromkeys(map(parse_serializer, serializers))) or _DEFAULTS.serializers,
        tuple(dict.fromkeys(sites)) or _DEFAULTS.sites,
        tuple(dict.fromkeys(receivers)) or _DEFAULTS.receivers,
        tuple(dict.fromkeys(fixes)) or _DEFAULTS.fixes,
    )
    settings = make_settings(python, isolation, jobs, timeout)
    targets = outputs.check_all(files)
    with interruption() as stop:
        report = _run(selection, axes, settings, stop, show_progress=not quiet)
        status = exit_status(report, exit_zero=exit_zero)
        try:
            outputs.show(form, report, status, verbose - quiet)
        finally:  # a reader of stdout that goes away takes no file along
            for kind, path in targets:
                outputs.write(kind, path, report, status, verbose)
    raise SystemExit(int(status))


def _run(
    selection: tuple[str, ...],
    axes: Axes,
    settings: Settings,
    stop: threading.Event,
    *,
    show_progress: bool,
) -> Report:
    started_at, started = datetime.now(timezone.utc), time.monotonic()
    results: dict[Cell, Result] = {}
    with open_runner(settings, stop) as runner:
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
