"""``picklecheck explain CODE``."""

import click

from picklecheck.cli.outputs import say
from picklecheck.verdicts.causes import cause


@click.command("explain")
@click.argument("code")
def command(code: str) -> None:
    """Print the page about a cause, such as PC201: what happened, why, and what to do."""
    say(cause(code).page.rstrip("\n"))
