"""The group of commands. Each lives in a module of its own, which is imported only when it is needed."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import Any

import click

from picklecheck import __version__
from picklecheck.errors import CouldNotJudgeError, PicklecheckError, UsageError
from picklecheck.reports.printable import tame

# Command -> its line in the overview, so that --help imports none of them.
_COMMANDS = {
    "run": "Check scenarios: what survives, what does not, why, and what to do.",
    "matrix": "Check scenarios in many environments: releases of Pydantic, Pythons, cloudpickles.",
    "envs": "Build, list, verify and remove the environments that the matrix keeps.",
    "merge": "Join JSON reports of shards or of several jobs.",
    "baseline": "Record what is known to fail, so that runs can be held against it.",
    "bisect": "Find the release of Pydantic in which an outcome changed.",
    "list": "List the scenarios of the catalogue.",
    "schema": "Print the JSON Schema of the reports.",
    "explain": "Print the page about a cause, such as PC201.",
    "vendor": "Write a copy of the fix into your code base.",
}


_INTERNAL = f"""\
picklecheck: This is an error of picklecheck itself, and says nothing about your code.
  Please report it to its authors, with the command line and what follows.
  picklecheck {__version__}, Python {sys.version.split()[0]}, {sys.platform}"""
# What a shell says of a program that SIGPIPE ended, which is what happened to this one's output.
_NO_READER = 141


class _Commands(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"picklecheck.cli.commands.{name}").command
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def main(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - what click takes
        """Run the command line; the one place where an error that a user can mend is printed."""
        try:
            return super().main(*arguments, **options)
        except PicklecheckError as error:
            click.echo(tame(f"picklecheck: {error.message}" + (f"\n  {error.hint}" if error.hint else "")), err=True)
            sys.exit(error.exit_status)
        except Exception:  # noqa: BLE001 - whatever it is, it is ours, and no verdict on the user's code
            click.echo(tame(f"{_INTERNAL}\n\n{traceback.format_exc()}"), err=True, nl=False)
            sys.exit(CouldNotJudgeError.exit_status)

    def invoke(self, context: click.Context) -> object:
        """Run the command; a reader that goes away ends it."""
        _require_working_folder()
        try:
            return super().invoke(context)
        except BrokenPipeError:
            from picklecheck.cli.outputs import forget_stdout  # noqa: PLC0415 - not for --help to pay

            forget_stdout()
            context.exit(_NO_READER)


def _require_working_folder() -> None:
    try:
        os.stat(os.path.join(os.getcwd(), "."))  # noqa: PTH109, PTH116, PTH118 - pathlib is not for --help to pay
    except OSError as error:
        msg = f"The working folder cannot be used: {error.strerror}."
        raise UsageError(msg, "Change to one that is there and can be read.") from error


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if not value or context.resilient_parsing:
        return
    from importlib import metadata  # noqa: PLC0415 - not for --help to pay

    def version(package: str) -> str:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return "not installed"

    from picklecheck.cli.outputs import say  # noqa: PLC0415 - not for --help to pay

    say(f"picklecheck {__version__} (pydantic {version('pydantic')}, cloudpickle {version('cloudpickle')})")
    context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version, and the pydantic and cloudpickle that it sees.",
)
def cli() -> None:
    """Find out whether your generic Pydantic models survive the way to another process."""
