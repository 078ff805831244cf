"""What lies in the cache: listed, measured, verified, and removed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from picklecheck.environments.cache import BUILDING, holding
from picklecheck.environments.installed import find_damage, read_distributions
from picklecheck.environments.stamp import NAME, find_flaw, read_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from picklecheck.model import EnvironmentSpec


@dataclass(frozen=True)
class Entry:
    """An environment in the cache. ``id`` is its folder's name; ``bytes`` are all of its files, shared ones included.

    ``spec``, ``built_at`` and ``last_used`` are None where the stamp is gone; ``flaw`` says what a quick look finds.
    """

    id: str
    path: Path
    spec: EnvironmentSpec | None
    bytes: int
    built_at: datetime | None
    last_used: datetime | None
    flaw: str | None

    @property
    def pydantic(self) -> str | None:
        """Its Pydantic."""
        return self.spec.pydantic if self.spec else None

    @property
    def cloudpickle(self) -> str | None:
        """Its cloudpickle."""
        return self.spec.cloudpickle if self.spec else None

    @property
    def python_version(self) -> str | None:
        """Its Python."""
        return self.spec.python_version if self.spec else None


@dataclass(frozen=True)
class Removed:
    """What ``prune`` removed, and why, in words."""

    id: str
    reason: str


def list_entries(root: Path) -> tuple[Entry, ...]:
    """Return what the cache holds, by version; nothing if there is no cache. Raises OSError."""
    entries = [_read(path) for path in _folders(root) if not path.name.startswith(".")]
    return tuple(sorted(entries, key=lambda one: [int(word) for word in re.findall(r"\d+", one.id.rpartition("-")[0])]))


def measure_total(root: Path) -> tuple[int, int]:
    """Return the bytes of all environments, and of those the ones that nobody else has a link to.

    A file that several of them share (a hard link) counts once; most are shared with uv's own cache.
    """
    seen: dict[tuple[int, int], os.stat_result] = {}
    for path in _folders(root):
        for about in _files(path):
            seen.setdefault((about.st_dev, about.st_ino), about)
    return sum(one.st_size for one in seen.values()), sum(one.st_size for one in seen.values() if one.st_nlink == 1)


def verify(entry: Entry) -> list[str]:
    """Compare every file with what was installed; return what is wrong, in sentences."""
    if entry.flaw:
        return [entry.flaw[0].upper() + entry.flaw[1:] + ".", *_damage(entry)]
    return _damage(entry)


def prune(root: Path, *, everything: bool = False, older_than: timedelta | None = None) -> Iterator[Removed]:
    """Remove what is of no more use, and yield it: builds that were cut off, damaged environments, those of a Python
    that is gone. With ``older_than``, also those not used for so long; with ``everything``, all. Raises OSError.

    What another process builds or uses at this moment is left alone.
    """  # noqa: D205 - one sentence
    now = datetime.now(timezone.utc)
    for path in _folders(root):
        if path.name.startswith(BUILDING):
            key, reason = path.name.removeprefix(BUILDING).partition("-")[0], "a build that was cut off"
        else:
            entry = _read(path)
            key = path.name.rpartition("-")[2]
            if entry.flaw:
                reason = entry.flaw
            elif everything:
                reason = "all were to go"
            elif older_than is not None and entry.last_used is not None and now - entry.last_used > older_than:
                reason = f"last used on {entry.last_used.date()}"
            else:
                continue
        with holding(root, key, None) as held:
            if held and path.exists() and not is_in_use(path):
                remove(path)
                yield Removed(path.name, reason)


def is_in_use(path: Path) -> bool:
    """Does somebody run cells there?"""
    try:
        # Without O_NONBLOCK a named pipe would be waited for.
        with os.fdopen(os.open(path / NAME, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # without a stamp nobody uses it
    return False


def remove(path: Path) -> None:
    """Remove an environment; nobody sees half of one. Raises OSError."""
    doomed = path
    if not path.name.startswith(BUILDING):
        doomed = path.with_name(f"{BUILDING}{path.name.rpartition('-')[2]}-{uuid.uuid4().hex[:8]}")
        path.rename(doomed)
    shutil.rmtree(doomed)


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(path for path in (root / "environments").iterdir() if path.is_dir())
    except FileNotFoundError:
        return []


def _read(path: Path) -> Entry:
    stamp = read_stamp(path)
    last_used = built_at = None
    if stamp is not None:
        with contextlib.suppress(OSError):
            last_used = datetime.fromtimestamp((path / NAME).stat().st_mtime, timezone.utc)
        with contextlib.suppress(ValueError):
            built_at = datetime.fromisoformat(stamp.built_at)
    size = sum(about.st_size for about in _files(path))
    return Entry(path.name, path, stamp.spec if stamp else None, size, built_at, last_used, find_flaw(path, stamp))


def _damage(entry: Entry) -> list[str]:
    try:
        return find_damage(read_distributions(entry.path), deep=True)
    except OSError as error:
        return [f"{error.filename} cannot be read: {error.strerror}."]


def _files(folder: Path) -> Iterator[os.stat_result]:
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # it went away meanwhile
                yield os.lstat(os.path.join(place, name))  # noqa: PTH118 - thousands of them
