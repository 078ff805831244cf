"""``picklecheck matrix``."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from picklecheck.cli.configured_command import ConfiguredCommand, configured_targets
from picklecheck.cli.gate_options import gate_options
from picklecheck.cli.interruption import interruption
from picklecheck.cli.matrix_progress import matrix_progress
from picklecheck.cli.options import AxisOptions, axis_options, output_options, process_options, shard_option
from picklecheck.cli.resolver import Resolver
from picklecheck.cli.version_options import overlaid, version_options
from picklecheck.errors import UsageError
from picklecheck.gate.exit_status import exit_status
from picklecheck.harness.matrix_session import open_matrix
from picklecheck.plan.cells import make_plan
from picklecheck.plan.environments import make_wanted, tell_cells_left_out, tell_left_out
from picklecheck.plan.matrix_file import MatrixFile
from picklecheck.plan.sharding import shard_wanted
from picklecheck.reports.answers.run import also_scripts
from picklecheck.reports.formats import MATRIX_FORMATS, SPOOLED_FORMATS, matrix_formats
from picklecheck.reports.json_format.spool import CellSpool

if TYPE_CHECKING:
    from picklecheck.cli.gate_options import Gate
    from picklecheck.cli.options import Delivery
    from picklecheck.cli.version_options import InstallPolicy
    from picklecheck.harness.matrix_session import MatrixSession
    from picklecheck.harness.settings import RunSettings
    from picklecheck.model import Shard
    from picklecheck.plan.environments import EnvironmentPlan, Versions


@click.command("matrix", cls=ConfiguredCommand)
@click.argument("selection", metavar="[SCENARIO]...", nargs=-1)
@version_options
@click.option("--cross/--no-cross", default=None, help="Every version writes, and every version reads.")
@axis_options
@process_options
@click.option("--cached", is_flag=True, help="Take results of earlier runs whose inputs are the same.")
@click.option("--detail", is_flag=True, help="Also show each scenario in each version.")
@click.option("--evidence", is_flag=True, help="Put what the processes saw into the JSON; some 7 kB a cell.")
@gate_options
@shard_option
@output_options(MATRIX_FORMATS, verbose="Tell every kind of change, and every broken promise.")
@click.pass_context
def command(  # noqa: PLR0913 - one parameter a group of options
    context: click.Context,
    *,
    selection: tuple[str, ...],
    given: MatrixFile,
    sources: InstallPolicy,
    cross: bool | None,
    words: AxisOptions,
    settings: RunSettings,
    cached: bool,
    detail: bool,
    evidence: bool,
    gate: Gate,
    shard: Shard | None,
    delivery: Delivery,
) -> None:
    """Check scenarios in many environments, built as needed: releases of Pydantic, Pythons, cloudpickles.

    SCENARIO is what it is for 'picklecheck run'. With --cross, payloads written by one version are read by all others.

    \b
    Exit status: 0 as expected, 1 a regression, a broken promise or a stale
    baseline, 2 usage, 3 could not judge (an environment that cannot be had
    counts), 4 nothing was checked, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    if evidence and (cached or not delivery.wants("json")):
        why = "--cached, whose results come without any" if cached else "what writes no JSON"
        msg = f"--evidence does not go with {why}."
        raise UsageError(msg, "It is what '--format json' and '--output json=PATH' can have, of cells that are run.")
    delivery.refuse_overwriting(gate.file)
    request = overlaid(
        given,
        MatrixFile(
            given.path,
            scenarios=selection,
            cross=cross,
            serializers=words.serializers,
            sites=words.sites,
            receivers=words.receivers,
            fixes=words.fixes,
        ),
    )
    with contextlib.ExitStack() as open_things:
        stop = open_things.enter_context(interruption())
        resolver = Resolver(sources, stop)
        versions = resolver.versions(request)
        session = open_things.enter_context(open_matrix(settings, stop, offline=sources.offline, reuse=cached))
        session = session.with_targets(request.scenarios)
        wanted, notes = _plan(request, words.asked, versions, resolver, session)
        if shard is not None:
            wanted, shard = shard_wanted(wanted, shard, cross=bool(request.cross))
        spool = None
        if any(map(delivery.wants, SPOOLED_FORMATS)):
            spool = open_things.enter_context(CellSpool(session.folder.root / "cells.jsonl", with_evidence=evidence))
        with matrix_progress(wanted, is_quiet=delivery.is_quiet) as progress:
            report = session.run(wanted, sys.argv[1:], cross=bool(request.cross), spool=spool, tell=progress.add)
        configured = configured_targets(context)
        report = replace(report, notes=(*notes, *report.notes), shard=shard, configured=configured)
        if report.interrupted and delivery.wants("record"):
            click.echo("picklecheck: Nothing was recorded, since the run was interrupted.", err=True)
            delivery = delivery.without("record")
        against = gate.compare(report, gate.known(session.scenarios, configured))
        status = exit_status(report, against, exit_zero=delivery.exit_zero)
        delivery.deliver(matrix_formats(report, spool, status, against, detail=detail))
        delivery.remark(also_scripts(report))
    raise SystemExit(int(status))


def _plan(
    request: MatrixFile, asked: tuple[str, ...], versions: Versions, resolver: Resolver, session: MatrixSession
) -> tuple[tuple[EnvironmentPlan, ...], tuple[str, ...]]:
    """Return what is to be checked where, and what is to be said of the plan; raises PicklecheckError."""
    words = AxisOptions(request.serializers, request.sites, request.receivers, request.fixes, asked)
    cells = make_plan(session.scenarios, request.scenarios, words.axes())
    specs = resolver.specs(request, versions, cells, [one.id for one in session.scenarios])
    wanted = make_wanted(specs, cells, request.exclude)
    return wanted, (*tell_left_out(versions, request.exclude), *tell_cells_left_out(specs, cells, wanted))
