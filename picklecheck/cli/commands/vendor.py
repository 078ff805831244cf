"""``picklecheck vendor PATH``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from picklecheck.cli.interruption import interruption
from picklecheck.cli.outputs import say
from picklecheck.errors import UsageError
from picklecheck.vendoring import State, Written, check_name, examine, find_difference, import_line, make_copy, vendor

_DIFFERS = 1


@click.command("vendor")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say whether PATH is what would be written.")
@click.option(
    "--force", is_flag=True, help="Replace an edited copy, or a folder of something else, which stays as PATH.old."
)
def command(path: Path, only_check: bool, force: bool) -> None:  # noqa: FBT001 - click's
    """Write a copy of the fix into a code base, which then needs no picklecheck.

    PATH is the folder to be made, such as src/myapp/_portable: the modules of picklecheck.reducers, for Python 3.8 or
    later and Pydantic 2, and their licence. The same command updates it later.

    \b
    Exit status: 0 written, or up to date; 1 --check found a difference; 2 usage
      (such as a PATH that holds something else); 3 PATH cannot be read.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # paths may hold anything
    if only_check:
        _check(path, force=force)
        return
    copy = make_copy()
    with interruption():  # of two renamings, both or none
        written = vendor(path, copy, force=force)
    if not written.count:
        say(f"{path} is up to date (picklecheck {copy.version})")
        return
    say(f"wrote {written.count} files to {path} (picklecheck {copy.version}{_before(written, copy.version)})")
    say(import_line(path))
    if written.kept:
        click.echo(f"what was there is now {written.kept}", err=True)
    if written.leftover:
        click.echo(f"picklecheck: The old copy, now {written.leftover}, could not be removed.", err=True)


def _check(path: Path, *, force: bool) -> None:
    if force:
        msg = "--check writes nothing, so there is nothing to --force."
        raise UsageError(msg, "Give one of them.")
    check_name(path)
    copy = make_copy()
    difference = find_difference(path, examine(path), copy)
    say(difference or f"{path} is up to date (picklecheck {copy.version})")
    if difference:
        raise SystemExit(_DIFFERS)


def _before(written: Written, version: str) -> str:
    """Tell of which picklecheck the replaced copy was."""
    before = written.before
    if before.state is State.WHOLE:
        return f", was {before.version}" if before.version != version else ", was another build of it"
    return f", was {before.version} with edits" if before.state is State.EDITED else ""
