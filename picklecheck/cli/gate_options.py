"""The options that hold a run against a baseline."""

from __future__ import annotations

import datetime as dt
import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from picklecheck.cli.config_file import CATALOGUE
from picklecheck.cli.options import with_options
from picklecheck.errors import UsageError
from picklecheck.gate.baseline_file import read_baseline
from picklecheck.gate.checked import found_in
from picklecheck.gate.compare import compare
from picklecheck.gate.judgement import BaselineCheck
from picklecheck.model import is_target
from picklecheck.resources import resource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from picklecheck.cli.options import Function
    from picklecheck.gate.baseline import Baseline
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Report, Scenario


@dataclass(frozen=True)
class Gate:
    """The baseline of a run, read before any work is done; None where there is none."""

    file: str = ""
    baseline: Baseline | None = None
    allow_fixed: bool = False

    def compare(self, report: Report | MatrixReport, scenarios: Collection[str] | None) -> BaselineCheck | None:
        """Hold a report against the baseline. ``scenarios`` are the ids of all that there are; None if nobody knows."""
        if self.baseline is None:
            return None
        return BaselineCheck(self.file, compare(self.baseline, found_in(report, scenarios), today()), self.allow_fixed)

    def known(self, scenarios: Iterable[Scenario] | None, configured: Collection[str] | None) -> set[str]:
        """Return the ids of all scenarios that there are, as far as the entries need to know.

        ``scenarios`` are those that were known to the run, the catalogue among them; None if nobody knows that.
        ``configured`` are the targets of the configuration; None if the run was not of those: then a target that is
        recorded may well be there.
        """
        recorded = {place.scenario for place in self.baseline.entries} if self.baseline else set()
        targets = {name for name in recorded if is_target(name)}
        there = recorded - targets if scenarios is None else {one.id for one in scenarios}
        return there | (targets if configured is None else set(configured))


def today() -> dt.date:
    """Return the day against which ``until`` is held; UTC, so that all machines agree."""
    return dt.datetime.now(dt.timezone.utc).date()


def shown_path(name: str) -> str:
    """Return a path as a report names it: from the working folder, where it lies in there."""
    relative = os.path.relpath(name)
    return name if relative.startswith(os.pardir) else relative


def gate_options(function: Function) -> Function:
    """Add what a run is held against, which comes as ``gate``: Gate."""

    @functools.wraps(function)
    def command(baseline: str | None, *, no_baseline: bool, allow_fixed: bool, **others: object) -> object:
        gate = open_gate(baseline, no_baseline=no_baseline, allow_fixed=allow_fixed)
        return function(gate=gate, **others)

    return with_options(
        command,
        click.option(
            "--baseline",
            metavar="FILE",
            help=f"Compare with what is recorded there, cell by cell; {CATALOGUE!r} is the built-in record.",
        ),
        click.option("--no-baseline", is_flag=True, help="Compare with none, whatever the configuration says."),
        click.option(
            "--allow-fixed", is_flag=True, help="Do not fail for cells that pass and are recorded as failing."
        ),
    )


def open_gate(baseline: str | None, *, no_baseline: bool, allow_fixed: bool) -> Gate:
    """Return the gate that options ask for; raises UsageError."""
    if baseline is None or no_baseline:
        return Gate()
    if not baseline:
        msg = "--baseline is empty."
        raise UsageError(msg, "Name a file, or say --no-baseline.")
    return Gate(shown_path(baseline), read_named_baseline(baseline), allow_fixed)


def read_named_baseline(name: str) -> Baseline:
    """Read a baseline by its path, or the built-in one; raises UsageError."""
    if name == CATALOGUE and not Path(name).exists():
        from picklecheck.reports.record import record  # noqa: PLC0415 - it imports rich, which is for those who want it

        path = resource("matrix") / "results" / "pydantic.json"
        return record.as_baseline(record.parse(path.read_text(encoding="utf-8")))
    return read_baseline(Path(shown_path(name)))
