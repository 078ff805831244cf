"""The cache of environments: what is there is used, what is not is built, by one process and thread only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from filelock import FileLock, Timeout

from picklecheck.environments.builder import PLACE_HINT, Installer, UvInstaller, build
from picklecheck.environments.index_settings import read_index_settings, working_folder
from picklecheck.environments.stamp import NAME, compute_key, find_flaw, read_stamp, touch
from picklecheck.errors import EnvironmentUnusableError, InterruptedEarlyError, UsageError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping

    from picklecheck.environments.stamp import Stamp
    from picklecheck.model import EnvironmentSpec

BUILDING = ".building-"
_POLL = 0.05
_KEY = 12


@dataclass(frozen=True)
class BuiltEnvironment:
    """An environment that can be used. ``python`` is its interpreter.

    ``digest`` is equal where the same files are installed for the same interpreter; empty where that cannot be known.
    """

    spec: EnvironmentSpec
    python: Path
    digest: str
    packages: Mapping[str, str]
    was_built: bool
    notes: tuple[str, ...] = ()


def cache_root() -> Path:
    """Return the folder of everything that is kept: PICKLECHECK_CACHE_DIR, or this platform's place for such.

    Raises UsageError where there is none.
    """
    chosen = os.environ.get("PICKLECHECK_CACHE_DIR")
    try:
        root = Path(chosen).expanduser().absolute() if chosen else platformdirs.user_cache_path("picklecheck")
    except RuntimeError:
        root = Path("~")
    if not root.is_absolute():  # so say older releases of platformdirs
        msg = "There is no folder for the cache: neither HOME nor the system says where this user's files lie."
        raise UsageError(msg, "Name a folder with PICKLECHECK_CACHE_DIR.")
    return root


class EnvironmentCache:
    """Environments by what was asked for. For several threads and processes at once.

    What stands under its final name is complete: it is built under another name, stamped, and renamed.
    """

    def __init__(
        self, root: Path, stop: threading.Event, *, offline: bool = False, install: Installer | None = None
    ) -> None:
        self.root = root
        self._stop = stop
        self._settings = read_index_settings(os.environ, working_folder())
        self._install = install or UvInstaller(stop, self._settings.for_uv, offline=offline)

    def get(self, spec: EnvironmentSpec) -> BuiltEnvironment:
        """Return the environment, built if need be.

        Raises EnvironmentUnavailableError if it cannot be had, EnvironmentUnusableError if the cache cannot be used,
        UsageError if a file that the spec names cannot be read, InterruptedEarlyError.
        """
        return self._get(spec, again=False)

    def rebuild(self, spec: EnvironmentSpec) -> BuiltEnvironment:
        """Build the environment though there is one, and compare every file with its hash; raises as ``get`` does."""
        return self._get(spec, again=True)

    def _get(self, spec: EnvironmentSpec, *, again: bool) -> BuiltEnvironment:
        key = compute_key(spec, self._settings.decisive)
        place = self.root / "environments" / f"{spec.id}-{key[:_KEY]}"
        try:
            found = None if again else self._open(place, key)
            if found is None:
                with holding(self.root, key[:_KEY], self._stop):
                    # Somebody else may have built it while this one waited.
                    found = (None if again else self._open(place, key)) or self._build(spec, place, key, deep=again)
        except OSError as error:
            msg = f"The cache of environments in {self.root} cannot be used: {error.strerror or error}."
            raise EnvironmentUnusableError(msg, PLACE_HINT) from error
        return found

    def _open(self, place: Path, key: str) -> BuiltEnvironment | None:
        stamp = read_stamp(place)
        if stamp is None or stamp.key != key or find_flaw(place, stamp):
            return None
        touch(place)
        return _built(stamp, place, was_built=False)

    def _build(self, spec: EnvironmentSpec, place: Path, key: str, *, deep: bool) -> BuiltEnvironment:
        place.parent.mkdir(parents=True, exist_ok=True)
        flaw = find_flaw(place, read_stamp(place)) if place.exists() else None
        remove_leftovers(place.parent, key[:_KEY])
        try:
            stamp = None
            for afresh in (False, True):
                folder = _new_name(place.parent, key)
                stamp = build(spec, folder, key, self._install, deep=deep, afresh=afresh)
                if stamp is not None:
                    break
            assert stamp is not None  # noqa: S101 - afresh, it is built or raises
            if place.exists():
                place.rename(_new_name(place.parent, key))
            folder.rename(place)
        finally:
            remove_leftovers(place.parent, key[:_KEY])
        notes = (f"The environment {place.name} was damaged ({flaw}) and was built again.",) if flaw else ()
        return _built(stamp, place, was_built=True, notes=notes)


@contextlib.contextmanager
def using(environment: BuiltEnvironment) -> Iterator[None]:
    """Keep an environment from being removed while it is used; several may use it. Ends with its process.

    One that is not there cannot be kept; whoever starts its interpreter will notice.
    """
    try:
        file = (environment.python.parent.parent / NAME).open("rb")
    except OSError:
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextlib.contextmanager
def holding(root: Path, key: str, stop: threading.Event | None) -> Iterator[bool]:
    """Hold the lock of an environment; it ends with its process. Says whether it is held.

    Waits until ``stop`` is set, then raises InterruptedEarlyError; without ``stop``, does not wait. Raises OSError.
    """
    (root / "locks").mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / "locks" / f"{key}.lock", thread_local=False)
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            if stop is None:
                yield False
                return
            if stop.wait(_POLL):
                raise InterruptedEarlyError from None
    try:
        yield True
    finally:
        lock.release()


def remove_leftovers(folder: Path, key: str) -> None:
    """Remove what builds of this environment have left that did not come to an end; its lock has to be held.

    uv may have outlived a builder that was killed, and still write there: what resists is left to the next one.
    """
    for path in folder.glob(f"{BUILDING}{key}-*"):
        shutil.rmtree(path, ignore_errors=True)


def _new_name(folder: Path, key: str) -> Path:
    return folder / f"{BUILDING}{key[:_KEY]}-{uuid.uuid4().hex[:8]}"


def _built(stamp: Stamp, place: Path, *, was_built: bool, notes: tuple[str, ...] = ()) -> BuiltEnvironment:
    return BuiltEnvironment(
        stamp.spec, place / "bin" / "python", stamp.digest, stamp.packages, was_built, (*notes, *stamp.notes)
    )
