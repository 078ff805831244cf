"""The options that hold a run against a baseline."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from picklecheck.baselines.compare import compare
from picklecheck.baselines.file import read_baseline
from picklecheck.bundle import bundled
from picklecheck.checked import found_in
from picklecheck.cli.options import with_options
from picklecheck.judging import Against
from picklecheck.model import is_target
from picklecheck.reports import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from picklecheck.baselines.entries import Baseline
    from picklecheck.board import MatrixReport
    from picklecheck.cli.options import Function
    from picklecheck.model import Report

# What the catalogue showed on each line of Pydantic, recorded with matrix/refresh.py.
CATALOGUE = "catalogue"


@dataclass(frozen=True)
class Gate:
    """The baseline of a run, read before any work is done; None where there is none."""

    file: str = ""
    baseline: Baseline | None = None
    allow_fixed: bool = False

    def compare(
        self, report: Report | MatrixReport, scenarios: Iterable[str], *, is_complete: bool
    ) -> Against | None:
        """Hold a report against the baseline. ``scenarios`` are the ids of all that were known to the run.

        Unless the run ``is_complete``, a recorded target that was not asked for may well be there.
        """
        if self.baseline is None:
            return None
        known = set(scenarios)
        if not is_complete:
            recorded = {place.cell.partition("/")[0] for place in self.baseline.entries}
            known |= {name for name in recorded if is_target(name)}
        today = dt.datetime.now(dt.timezone.utc).date()
        return Against(self.file, compare(self.baseline, found_in(report, known), today), self.allow_fixed)


def gate_options(function: Function) -> Function:
    """Add what a run is held against, which comes as ``gate``: Gate."""

    @functools.wraps(function)
    def command(baseline: str | None, *, allow_fixed: bool, **others: object) -> object:
        gate = Gate() if baseline is None else Gate(baseline, _read(baseline), allow_fixed)
        return function(gate=gate, **others)

    return with_options(
        command,
        click.option(
            "--baseline",
            metavar="FILE",
            help=f"Compare with what is recorded there, cell by cell; {CATALOGUE!r} is the built-in record.",
        ),
        click.option("--allow-fixed", is_flag=True, help="Do not fail for cells that were recorded as failing and pass."),
    )


def _read(name: str) -> Baseline:
    if name == CATALOGUE and not Path(name).exists():
        path = bundled("matrix") / "results" / "pydantic.json"
        return record.as_baseline(record.parse(path.read_text(encoding="utf-8")))
    return read_baseline(Path(name))
