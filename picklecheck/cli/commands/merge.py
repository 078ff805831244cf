"""``picklecheck merge``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from picklecheck.cli.configured_command import ConfiguredCommand
from picklecheck.cli.gate_options import gate_options
from picklecheck.cli.options import output_options
from picklecheck.cli.report_files import read_reports
from picklecheck.gate.exit_status import exit_status
from picklecheck.reports.formats import MATRIX_FORMATS, matrix_formats
from picklecheck.reports.json_format.merging import merge
from picklecheck.reports.json_format.spool import CellSpool

if TYPE_CHECKING:
    from picklecheck.cli.gate_options import Gate
    from picklecheck.cli.options import Delivery


@click.command("merge", cls=ConfiguredCommand)
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True)
@click.option("--expect", type=click.IntRange(min=1), metavar="N", help="Fewer reports than this are a gap.")
@click.option("--detail", is_flag=True, help="Also show each scenario in each version.")
@gate_options
@output_options(MATRIX_FORMATS, verbose="Tell every kind of change, and every broken promise.")
def command(reports: tuple[str, ...], expect: int | None, gate: Gate, delivery: Delivery, *, detail: bool) -> None:
    """Join JSON reports: of shards, or of jobs that checked an environment each.

    REPORTs are what '--output json=FILE' wrote. Reports that disagree about a cell are refused; a shard that is
    missing, and cells that were planned and not run, are gaps. How many jobs there should have been, --expect says.

    \b
    Exit status: 0 as expected, 1 a regression, a broken promise or a stale
    baseline, 2 usage (they disagree), 3 could not judge (gaps count),
    4 nothing was checked, 130 one of them was interrupted.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    delivery.refuse_overwriting(gate.file, *reports)
    read = read_reports(reports)
    with (
        tempfile.TemporaryDirectory(prefix="picklecheck_merge-") as folder,
        CellSpool(Path(folder) / "cells.jsonl", with_evidence=True) as spool,
    ):
        report = merge(read, spool, sys.argv[1:], expect)
        against = gate.compare(report, gate.known(None, report.configured))
        status = exit_status(report, against, exit_zero=delivery.exit_zero)
        delivery.deliver(matrix_formats(report, spool, status, against, detail=detail))
    raise SystemExit(int(status))
