"""``picklecheck matrix``."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from packaging.version import Version

from picklecheck.cli import outputs
from picklecheck.cli.environments import Resolver, Sources, install_options, make_extras
from picklecheck.cli.interruption import interruption
from picklecheck.cli.matrix_progress import matrix_progress
from picklecheck.cli.matrix_session import open_matrix
from picklecheck.cli.options import axis_options, make_axes, output_options, process_options
from picklecheck.cli.session import make_settings
from picklecheck.gate import matrix_exit_status
from picklecheck.matrix_file import MatrixFile, find_matrix_file, read_matrix_file
from picklecheck.matrix_plan import make_specs, make_wanted, tell_left_out
from picklecheck.plan import make_plan
from picklecheck.reports.formats import MATRIX_FORMATS, matrix_formats
from picklecheck.reports.spool import CellSpool
from picklecheck.rules import check_rules, parse_rule

if TYPE_CHECKING:
    from picklecheck.cli.matrix_session import MatrixSession
    from picklecheck.matrix_plan import Wanted

_DEFAULT = "pydantic"


@click.command("matrix")
@click.argument("selection", metavar="[SCENARIO]...", nargs=-1)
@click.option(
    "--pydantic",
    "pydantics",
    multiple=True,
    metavar="SPEC",
    help="Releases: 2.13.4, 2.14 (its newest patch), '2.14.*', '>=2.12,<2.14', minors, all, latest, lowest."
    "  [default: the newest patch of each minor, and each release that behaves differently]",
)
@install_options
@click.option(
    "--exclude", "excludes", multiple=True, metavar="RULE", help="Leave out, as in 'python>=3.13 pydantic<2.8'."
)
@click.option(
    "--matrix",
    "file",
    metavar="FILE.toml",
    help="Axes from a file; the command line wins. Built in: pydantic, report, full, patches-2.14, pythons.",
)
@click.option("--cross/--no-cross", default=None, help="Every version writes, and every version reads.")
@axis_options
@process_options
@click.option("--cached", is_flag=True, help="Take results of earlier runs whose inputs are the same.")
@click.option("--detail", is_flag=True, help="Also show each scenario in each version.")
@click.option("--evidence", is_flag=True, help="Put what the processes saw into the JSON; some 7 kB a cell.")
@output_options(MATRIX_FORMATS)
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click has it
    selection: tuple[str, ...],
    pydantics: tuple[str, ...],
    pythons: tuple[str, ...],
    cloudpickles: tuple[str, ...],
    requirements: tuple[str, ...],
    editables: tuple[str, ...],
    requirement_files: tuple[str, ...],
    offline: bool,  # noqa: FBT001 - click's
    download: bool,  # noqa: FBT001
    excludes: tuple[str, ...],
    file: str | None,
    cross: bool | None,  # noqa: FBT001
    serializers: tuple[str, ...],
    sites: tuple[str, ...],
    receivers: tuple[str, ...],
    fixes: tuple[str, ...],
    isolation: str,
    jobs: int | None,
    timeout: float,
    cached: bool,  # noqa: FBT001
    detail: bool,  # noqa: FBT001
    evidence: bool,  # noqa: FBT001
    form: str,
    files: tuple[str, ...],
    verbose: int,
    quiet: int,
    exit_zero: bool,  # noqa: FBT001
) -> None:
    """Check scenarios in many environments, built as needed: releases of Pydantic, Pythons, cloudpickles.

    SCENARIO is what it is for 'picklecheck run'. With --cross, payloads written by one version are read by all others.

    \b
    Exit status: 0 as expected, 1 a promise of the fix is broken, 2 usage,
    3 could not judge (an environment that cannot be had counts),
    4 nothing was checked, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    flags: dict[str, Any] = {
        "pydantic": pydantics,
        "python": pythons,
        "cloudpickle": cloudpickles,
        "requirements": requirements,
        "editables": editables,
        "requirement_files": requirement_files,
        "scenarios": selection,
        "serializers": serializers,
        "sites": sites,
        "receivers": receivers,
        "fixes": fixes,
    }
    # The default file says which releases; whoever names releases needs none of it.
    given = MatrixFile(Path()) if pydantics and not file else read_matrix_file(find_matrix_file(file or _DEFAULT))
    flags["exclude"] = (*given.exclude, *map(parse_rule, excludes))
    flags["cross"] = given.cross if cross is None else cross
    request = replace(given, **{name: value for name, value in flags.items() if value not in ((), None)})
    settings = make_settings(isolation, jobs, timeout)
    targets = outputs.check_all(files, MATRIX_FORMATS)
    wants_json = "json" in (form, *(kind for kind, _ in targets))
    with contextlib.ExitStack() as open_things:
        stop = open_things.enter_context(interruption())
        resolver = Resolver(Sources(offline=offline, download=download), stop)
        session = open_things.enter_context(open_matrix(settings, stop, offline=offline, reuse=cached and not evidence))
        wanted, notes = _plan(request, resolver, session)
        spool = None
        if wants_json:
            spool = open_things.enter_context(CellSpool(session.folder.root / "cells.jsonl", with_evidence=evidence))
        with matrix_progress(wanted, is_quiet=bool(quiet)) as progress:
            report = session.run(wanted, cross=bool(request.cross), spool=spool, progress=progress)
        report = replace(report, notes=(*notes, *report.notes))
        status = matrix_exit_status(report, exit_zero=exit_zero)
        outputs.deliver(form, targets, matrix_formats(report, spool, status, detail=detail), verbose - quiet)
    raise SystemExit(int(status))


def _plan(
    request: MatrixFile, resolver: Resolver, session: MatrixSession
) -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
    """Return what is to be checked where, and what is to be said of the plan; raises PicklecheckError."""
    axes = make_axes(request.serializers, request.sites, request.receivers, request.fixes)
    cells = make_plan(session.scenarios, request.scenarios, axes)
    extras = make_extras(request.requirements, request.editables, request.requirement_files)
    if any(cell.serializer.name == "dill" for cell in cells):
        extras = replace(extras, requirements=(*extras.requirements, "dill"))
    versions = resolver.versions(request.pydantic, request.python, request.cloudpickle)
    check_rules(
        request.exclude,
        pydantic=[*resolver.releases("pydantic"), *map(Version, versions.pydantics)],
        cloudpickle=[*resolver.releases("cloudpickle"), *map(Version, versions.cloudpickles)],
        scenarios=[one.id for one in session.scenarios],
    )
    wanted = make_wanted(make_specs(versions, extras, request.exclude), cells, request.exclude)
    return wanted, tell_left_out(versions, request.exclude)
