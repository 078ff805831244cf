"""Writes a staging folder, and takes it away again."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import stat
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

from picklecheck.errors import PlaceUnusableError
from picklecheck.harness.staging import programs as sources
from picklecheck.resources import PACKAGE, resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.model import Scenario

PREFIX = "picklecheck-"
# Held by whoever made the folder, for as long as it lives.
LOCK = "lock"
# What stands in it, by which a folder of ours is told from others that are called so.
MARK = b"A staging folder of picklecheck; it goes when nobody holds this lock.\n"
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc")


class StagingFolder:
    """A temporary folder with the probe, the catalogue and one program a role; a context manager.

    Programs are written when they are first asked for; several threads may ask. At site ``origin`` the catalogue's
    own source differs from scenario to scenario, so each one has a root of its own below.

    The programs that belong to no cell have a hyphen in their names: no import can mean them.

    ``catalogue`` is a folder like ``repros/`` and takes its place (default: the built-in one).
    """

    def __init__(self, catalogue: Path | None = None) -> None:
        self._catalogue = catalogue or resource("repros")
        self._lock = threading.Lock()
        self._written: dict[Path, None] = {}
        self._numbers = itertools.count()  # taken from by several threads: one step of the interpreter
        self._lock_file: IO[bytes] | None = None
        self.root = Path()

    def __enter__(self) -> Self:
        """Create the folder and copy in what every role needs."""
        with self._telling():
            remove_orphans(Path(tempfile.gettempdir()))
        try:
            with self._telling():
                # The name first, for what is cut off has to be found; nobody can guess it.
                self.root = Path(tempfile.gettempdir()).resolve() / f"{PREFIX}{os.urandom(8).hex()}"
                self.root.mkdir(0o700)
                self._lock_file = (self.root / LOCK).open("wb")
                fcntl.flock(self._lock_file, fcntl.LOCK_EX)
                self._lock_file.write(MARK)
                self._lock_file.flush()
                self._fill()
        except BaseException:
            self._remove()
            raise
        return self

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what files may raise into one sentence."""
        try:
            yield
        except OSError as error:
            why = error.strerror or "not all files could be copied there"
            msg = f"The staging folder in {tempfile.gettempdir()} cannot be used: {why}."
            raise PlaceUnusableError(
                msg, "Is the disk full, or read-only? TMPDIR says where the folder goes."
            ) from error

    def _fill(self) -> None:
        shutil.copytree(PACKAGE / "probe", self.root / "picklecheck_probe", ignore=_IGNORED)
        shutil.copytree(self._catalogue, self.root / "repros", ignore=_IGNORED)
        # The fix stands apart: only a producer that is asked to use it finds it.
        shutil.copytree(PACKAGE / "reducers", self.fix_path / "picklecheck" / "reducers", ignore=_IGNORED)
        shutil.copy(PACKAGE / "__init__.py", self.fix_path / "picklecheck")
        (self.root / "payloads").mkdir()
        self._write(self.server_main, sources.server)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the folder."""
        try:
            self._remove()
        except BaseException:  # Ctrl-C in a test process
            self._remove()
            raise

    def _remove(self) -> None:
        if self.root.is_absolute():  # or there is none yet
            remove(self.root)
        if self._lock_file is not None:
            self._lock_file.close()

    @property
    def fix_path(self) -> Path:
        """The folder from which a producer imports ``picklecheck.reducers``."""
        return self.root / "fix"

    @property
    def server_main(self) -> Path:
        """The program that starts all others."""
        return self.root / "start-children.py"

    def new_payload(self) -> Path:
        """Return a path (without its ending) at which a payload can be kept."""
        return self.root / "payloads" / str(next(self._numbers))

    def new_log(self) -> Path:
        """Return a path for what a server prints."""
        return self.root / f"server-{next(self._numbers)}.log"

    def catalog(self) -> Path:
        """Return the program that lists the scenarios of the catalogue."""
        return self._write(self.root / "list-scenarios.py", sources.catalog, "repros")

    def producer(self, scenario: Scenario, site: str) -> Path:
        """Return the producer's program, with the modules beside it that it imports."""
        root = self._root_for(scenario, site)
        name = sources.stem(scenario)
        if site == "elsewhere":
            self._write(root / f"{name}_elsewhere.py", sources.elsewhere_module, scenario)
        elif site == "annotation":
            self._write(root / f"{name}_holder.py", sources.holder_module, scenario)
        return self._write(root / f"{name}_produce_{site}.py", sources.producer, scenario, site)

    def receiver(self, scenario: Scenario, site: str, state: str) -> Path:
        """Return the receiver's program; what it shares with the producer was written with the producer."""
        root = self._root_for(scenario, site)
        name = sources.stem(scenario)
        if state == "warm-other":
            self._write(root / f"{name}_other.py", sources.other_module, scenario)
        label = state.replace("-", "_") + (f"_{site}" if state == "warm-same" else "")
        return self._write(root / f"{name}_receive_{label}.py", sources.receiver, scenario, site, state)

    def relay(self, scenario: Scenario, site: str) -> Path:
        """Return the relay's program."""
        path = self._root_for(scenario, site) / f"{sources.stem(scenario)}_relay.py"
        return self._write(path, sources.relay, scenario)

    def _root_for(self, scenario: Scenario, site: str) -> Path:
        if site != "origin":
            return self.root
        root = self.root / "origin" / sources.stem(scenario)
        with self._lock, self._telling():
            if root not in self._written:
                shutil.copytree(self.root / "repros", root / "repros", ignore=_IGNORED)
                (root / "picklecheck_probe").symlink_to(self.root / "picklecheck_probe")
                source = root / (scenario.module.replace(".", "/") + ".py")
                with source.open("a", encoding="utf-8") as file:
                    file.write(sources.origin_appendix(scenario))
                self._written[root] = None
        return root

    def _write(self, path: Path, source: Callable[..., str], *arguments: object) -> Path:
        """Write ``source(*arguments)`` to ``path``, once."""
        with self._lock, self._telling():
            if path not in self._written:
                path.write_text(source(*arguments), encoding="utf-8")
                self._written[path] = None
        return path


def remove_orphans(parent: Path) -> None:
    """Remove staging folders of this user whose maker was killed: nobody holds their lock any more."""
    for root in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), _open_lock(root) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if file.read(len(MARK) + 1) == MARK:
                remove(root)


def remove(root: Path) -> None:
    """Remove a staging folder, its mark last: what is left if we are killed meanwhile is still known as ours."""
    with contextlib.suppress(OSError):  # it is gone
        for path in root.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != LOCK:
                path.unlink()
    shutil.rmtree(root, ignore_errors=True)


def _open_lock(root: Path) -> IO[bytes]:
    """Open the lock of a folder that this user made, and no link leads to; raises OSError for any other."""
    # Without O_NONBLOCK a named pipe would be waited for.
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        file = os.fdopen(os.open(LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder), "rb")
        abouts = os.fstat(folder), os.fstat(file.fileno())
    finally:
        os.close(folder)
    if any(about.st_uid != os.geteuid() for about in abouts) or not stat.S_ISREG(abouts[1].st_mode):
        file.close()
        msg = f"{root} is not ours"
        raise PermissionError(msg)
    return file
