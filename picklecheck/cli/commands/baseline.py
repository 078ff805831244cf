"""``picklecheck baseline``: record, prune, compare and show what a run is held against."""

from __future__ import annotations

import functools
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from picklecheck import __version__
from picklecheck.cli import outputs
from picklecheck.cli.config_file import CATALOGUE
from picklecheck.cli.configured_command import ConfiguredCommand
from picklecheck.cli.gate_options import open_gate, read_named_baseline, shown_path, today
from picklecheck.cli.options import with_options
from picklecheck.cli.report_files import read_reports
from picklecheck.errors import CouldNotJudgeError, UsageError
from picklecheck.gate.baseline import Baseline
from picklecheck.gate.baseline_file import read_baseline, to_text
from picklecheck.gate.compare import Status, compare
from picklecheck.gate.exit_status import ExitStatus
from picklecheck.gate.judgement import BaselineCheck
from picklecheck.gate.update import prune, update
from picklecheck.model import Outcome
from picklecheck.reports.json_format.merging import configured_in, found_in_all, gaps_of
from picklecheck.reports.terminal import against_baseline
from picklecheck.reports.terminal import baseline as baseline_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.text import Text

    from picklecheck.cli.options import Function
    from picklecheck.gate.compare import Found
    from picklecheck.gate.update import Edited
    from picklecheck.reports.view import View

_DEFAULT = "picklecheck-baseline.json"


@click.group("baseline")
def command() -> None:
    """Record what is known to fail (and to pass), so that a run can be held against it.

    REPORTs are what '--output json=FILE' of run, matrix and merge wrote; - is stdin.
    """


def _file_option(function: Function) -> Function:
    return with_options(
        function,
        click.option("--baseline", "file", default=_DEFAULT, show_default=True, metavar="FILE", help="The baseline."),
    )


def _writing(function: Function) -> Function:
    """Add what the commands that write have in common; the file comes as ``path``."""

    @functools.wraps(function)
    def checked(file: str, *, force: bool, **others: object) -> object:
        if file == CATALOGUE:
            msg = f"{CATALOGUE!r} is the built-in record, which nobody writes."
            raise UsageError(msg, "Give another file with --baseline.")
        if not force and os.environ.get("CI", "").lower() not in ("", "0", "false"):
            msg = "CI is set, and a baseline is recorded by people, not by the job that it is to judge."
            raise UsageError(msg, "Record it on your machine from the job's report, or insist with --force.")
        return function(path=Path(shown_path(file)), **others)

    return with_options(
        checked,
        _file_option,
        click.option("--force", is_flag=True, help="Write even where CI is set."),
    )


@command.command("update", cls=ConfiguredCommand)
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True)
@_writing
def update_command(reports: tuple[str, ...], path: Path) -> None:
    """Record what REPORTs found.

    Cells that were not run, or could not be judged, keep their entries. 'reason' and 'until', which you write into the
    file by hand, stay as long as the cell shows the same.
    """
    baseline = read_baseline(path) if path.exists() else Baseline(__version__)
    _write(path, update(baseline, found_in_all(read_reports(reports)), __version__))


@command.command("prune", cls=ConfiguredCommand)
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True)
@_writing
def prune_command(reports: tuple[str, ...], path: Path) -> None:
    """Drop the entries whose cells are in none of REPORTs, which should be those of whole runs."""
    read = read_reports(reports)
    cut_short = [f"{one.source} is a report of a run that was cut short." for one in read if one.interrupted]
    for flaw in (*cut_short, *gaps_of(read)):
        raise UsageError(flaw, "Prune with reports of whole runs, or entries of cells that exist are lost.")
    _write(path, prune(read_baseline(path), found_in_all(read)))


@command.command("diff", cls=ConfiguredCommand)
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True)
@_file_option
@click.option("--verbose", "-v", "verbosity", count=True, help="List every cell that differs.")
def diff_command(reports: tuple[str, ...], file: str, verbosity: int) -> None:
    """Tell how REPORTs differ from the baseline, without running anything.

    Exit status: 0 if they do not, 1 if they do, 3 if something could not be judged.
    """
    read = read_reports(reports)
    gate = open_gate(file, no_baseline=False, allow_fixed=False)
    found = replace(found_in_all(read), scenarios=gate.known(None, configured_in(read)))
    comparison = compare(gate.baseline or Baseline(__version__), found, today())
    against = BaselineCheck(gate.file, comparison)
    _show(lambda view: against_baseline.render(against, view), verbosity)
    differ = {one.status for one in (*comparison.standings.values(), *comparison.left)}
    if differ - {Status.AS_RECORDED, Status.NOT_CHECKED}:
        raise SystemExit(int(ExitStatus.FINDINGS))
    flaws = [*gaps_of(read), *_flaws(found)]
    if flaws:
        raise CouldNotJudgeError(flaws[0])


@command.command("show", cls=ConfiguredCommand)
@_file_option
@click.option("--verbose", "-v", "verbosity", count=True, help="List every entry, those that pass too.")
def show_command(file: str, verbosity: int) -> None:
    """Show what is recorded: the environments, how many cells pass, and what fails."""
    baseline = read_named_baseline(file)
    _show(lambda view: baseline_report.render(baseline, shown_path(file), view), verbosity)


def _flaws(found: Found) -> Iterator[str]:
    """Yield a sentence for each part of a report of which nothing can be said."""
    for one in found.environments:
        if not one.is_available:
            yield f"{one.id} could not be had: {one.reason or 'no reason was given'}."
    for place, finding in found.places.items():
        if finding.outcome is Outcome.UNDECIDED:
            yield f"{place.cell} with {place.environment} could not be judged."


def _show(render: Callable[[View], Text], verbosity: int) -> None:
    outputs.show("text", {"text": render}, verbosity)


def _write(path: Path, edited: Edited) -> None:
    outputs.write_text(path, to_text(edited.baseline))
    _show(lambda view: _told(path, edited, view), 0)


def _told(path: Path, edited: Edited, view: View) -> Text:
    return baseline_report.render_edit(edited, shown_path(str(path)), view)
