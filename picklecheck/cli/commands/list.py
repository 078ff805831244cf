"""``picklecheck list``."""

from __future__ import annotations

import json
import shutil

import click

from picklecheck.cli.interruption import interruption
from picklecheck.cli.outputs import say
from picklecheck.environments.interpreter import find_interpreter
from picklecheck.harness.session import open_session
from picklecheck.harness.settings import make_settings

_TIMEOUT = 30.0


@click.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--python", metavar="PATH", help="List what this interpreter makes of the catalogue.")
def command(form: str, python: str | None) -> None:
    """List the scenarios of the catalogue, one line each."""
    settings = make_settings("spawn", 1, _TIMEOUT)
    with interruption() as stop, open_session(find_interpreter(python), settings, stop) as session:
        session.environment()
        scenarios = session.scenarios()
    if form == "json":
        rows = [
            {"id": one.id, "summary": one.summary, "expressions": one.expressions, "beyond": one.beyond}
            for one in scenarios
        ]
        say(json.dumps(rows, indent=2))
        return
    width = max(len(one.id) for one in scenarios)
    columns = shutil.get_terminal_size((80, 24)).columns
    for one in scenarios:
        line = f"{one.id:{width}}  {one.summary}"
        say(line if len(line) <= columns else line[: columns - 3] + "...")
