"""``picklecheck schema``."""

from __future__ import annotations

import click

from picklecheck.cli.outputs import say
from picklecheck.resources import resource


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the reports that '--format json' writes."""
    say(resource("report.schema.json").read_text(encoding="utf-8").rstrip("\n"))
