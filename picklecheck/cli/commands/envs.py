"""``picklecheck envs``: the environments that the matrix builds and keeps."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from picklecheck.cli.interruption import interruption
from picklecheck.cli.outputs import say
from picklecheck.cli.resolver import Resolver
from picklecheck.cli.version_options import version_options
from picklecheck.environments.builder import PLACE_HINT
from picklecheck.environments.cache import BuiltEnvironment, EnvironmentCache, cache_root
from picklecheck.environments.inventory import list_entries, measure_total, prune, remove, verify
from picklecheck.environments.parallel_builds import build_all
from picklecheck.errors import (
    EnvironmentUnavailableError,
    EnvironmentUnusableError,
    InterruptedEarlyError,
    UsageError,
)
from picklecheck.harness.cores import default_jobs

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from picklecheck.cli.version_options import InstallPolicy
    from picklecheck.environments.inventory import Entry
    from picklecheck.model import EnvironmentSpec
    from picklecheck.plan.matrix_file import MatrixFile

_DAMAGED, _UNAVAILABLE = 1, 3


@click.group("envs")
def command() -> None:
    """Build, list, verify and remove the environments that the matrix keeps.

    They lie in PICKLECHECK_CACHE_DIR, or in this platform's folder for caches.
    """


@command.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_environments(form: str) -> None:
    """List the environments, their size, and when they were built and used."""
    with _readable_cache() as root:
        entries = list_entries(root)
    if form == "json":
        say(json.dumps([_row(entry) for entry in entries], indent=2))
        return
    if not entries:
        say(f"No environments in {root}.")
        return
    width = max(len(entry.id) for entry in entries)
    say(f"{'environment':{width}}  {'size':>8}  {'built':10}  last used")
    for entry in entries:
        flaw = f"  damaged: {entry.flaw}" if entry.flaw else ""
        days = f"{_day(entry.built_at):10}  {_day(entry.last_used):10}"
        say(f"{entry.id:{width}}  {_size(entry.bytes):>8}  {days}{flaw}".rstrip())


@command.command("build")
@version_options
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Builders.  [default: the number of cores]")
def build(*, given: MatrixFile, sources: InstallPolicy, jobs: int | None) -> None:
    """Build environments in advance: those of 'picklecheck matrix' with the same options.

    \b
    Exit status: 0 all are there, 3 some cannot be had.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    with interruption() as stop:
        resolver = Resolver(sources, stop)
        specs = resolver.specs(given, resolver.versions(given))
        cache = EnvironmentCache(cache_root(), stop, offline=sources.offline)
        unavailable = sum([_tell(spec, built) for spec, built in build_all(specs, cache, jobs or default_jobs(), stop)])
    if unavailable:
        raise SystemExit(_UNAVAILABLE)


@command.command("size")
def size() -> None:
    """Say how much room the environments take; files that several share count once."""
    with _readable_cache() as root:
        count, (total, own) = len(list_entries(root)), measure_total(root)
    shared = f", {_size(own)} of it not shared with uv's cache" if own < total else ""
    say(f"{_size(total)} in {count} environments in {root}{shared}")


@command.command("prune")
@click.option("--all", "everything", is_flag=True, help="Remove all environments.")
@click.option("--older-than", type=click.IntRange(min=0), metavar="DAYS", help="Also those not used for so long.")
def prune_environments(everything: bool, older_than: int | None) -> None:  # noqa: FBT001 - click's
    """Remove builds that were cut off, damaged environments, and those whose Python is gone.

    What somebody uses at this moment stays.
    """
    count = 0
    with _readable_cache() as root:
        _, before = measure_total(root)
        limit = None if older_than is None else timedelta(days=older_than)
        for removed in prune(root, everything=everything, older_than=limit):
            say(f"removed {removed.id}: {removed.reason}")
            count += 1
        freed = before - measure_total(root)[1]
    say(f"{count} removed, {_size(freed)} freed." if count else "There was nothing to remove.")


@command.command("verify")
@click.option("--repair", is_flag=True, help="Build damaged environments again; remove those that cannot be built.")
def verify_environments(repair: bool) -> None:  # noqa: FBT001 - click's
    """Compare every installed file with what was installed.

    \b
    Exit status: 0 all are whole, or were repaired; 1 some are damaged.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    damaged = repaired = 0
    with _readable_cache() as root, interruption() as stop:
        entries = list_entries(root)
        for entry in entries:
            if stop.is_set():
                raise InterruptedEarlyError
            problems = verify(entry)
            if problems:
                damaged += 1
                say(f"{entry.id} is damaged:")
                for problem in problems:
                    say(f"  {problem}")
                repaired += repair and _repair(entry, root, stop)
    whole = len(entries) - damaged
    say(f"{whole} of {len(entries)} environments are whole" + (f", {repaired} repaired." if repair else "."))
    if damaged > repaired:
        raise SystemExit(_DAMAGED)


def _repair(entry: Entry, root: Path, stop: threading.Event) -> bool:
    """Build it again, under the settings of today; what cannot be built is removed. Both repair the cache."""
    try:
        built = EnvironmentCache(root, stop).rebuild(entry.spec) if entry.spec else None
    except (EnvironmentUnavailableError, UsageError) as error:
        say(f"  it cannot be built again: {getattr(error, 'reason', error)}")
        built = None
    if built is None or built.python.parent.parent != entry.path:
        remove(entry.path)
        say("  removed")
    else:
        say("  built again")
    return True


@contextmanager
def _readable_cache() -> Iterator[Path]:
    """Give the cache's folder, and turn what its files may raise into an error that a user can mend."""
    root = cache_root()
    try:
        yield root
    except OSError as error:
        msg = f"The cache of environments in {root} cannot be used: {error.strerror or error}."
        raise EnvironmentUnusableError(msg, PLACE_HINT) from error


def _tell(spec: EnvironmentSpec, built: BuiltEnvironment | EnvironmentUnavailableError) -> bool:
    """Print what became of an environment; return whether it cannot be had."""
    if isinstance(built, EnvironmentUnavailableError):
        say(f"{spec.id}  cannot be had: {built.reason}")
        return True
    say(f"{spec.id}  {'built' if built.was_built else 'was there'}")
    for note in built.notes:
        say(f"  {note}")
    return False


def _row(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "path": str(entry.path),
        "python": entry.python_version,
        "pydantic": entry.pydantic,
        "cloudpickle": entry.cloudpickle,
        "bytes": entry.bytes,
        "built_at": entry.built_at and entry.built_at.isoformat(),
        "last_used": entry.last_used and entry.last_used.isoformat(timespec="seconds"),
        "flaw": entry.flaw,
    }


def _day(moment: datetime | None) -> str:
    return str(moment.astimezone().date()) if moment else "?"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
