"""``picklecheck schema``."""

from __future__ import annotations

import click

from picklecheck.bundle import bundled
from picklecheck.cli.outputs import say


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the reports that '--format json' writes."""
    say(bundled("report.schema.json").read_text(encoding="utf-8").rstrip("\n"))
