"""``picklecheck explain CODE``."""

import click

from picklecheck.causes import cause


@click.command("explain")
@click.argument("code")
def command(code: str) -> None:
    """Print the page about a cause, such as PC201: what happened, why, and what to do."""
    click.echo(cause(code).page.rstrip("\n"))
