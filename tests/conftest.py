"""What the process tests share: the command line as users call it, and ways to see what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).resolve().parent.parent
MARK = "PICKLECHECK_TEST_RUN"


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Place:
    """Where commands run: an empty working folder, a folder for temporary files, a cache, a mark on every process."""

    work: Path
    temporary: Path
    cache: Path
    mark: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables for a command that runs here."""
        return {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "PICKLECHECK_CACHE_DIR": str(self.cache),
            "PYTHONPATH": str(REPOSITORY),
            MARK: self.mark,
        }

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        """Start ``picklecheck`` with its output in pipes, in a session of its own."""
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            [sys.executable, "-m", "picklecheck", *arguments],
            cwd=self.work,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )

    def run_python(self, *arguments: str, environment: dict[str, str] | None = None) -> Ended:
        """Run Python here, to its end."""
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.work,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def processes(self) -> list[int]:
        """Return the processes that carry the mark, which children inherit, and are no zombies."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if f"{MARK}={self.mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
                except OSError:
                    continue  # it has ended meanwhile, or is somebody else's
        return found

    def left_behind(self) -> list[object]:
        """Return the processes and temporary files that are still there."""
        return [*self.processes(), *self.temporary.iterdir()]


@pytest.fixture(autouse=True, scope="session")
def nobody_else_says_anything() -> Iterator[None]:
    """Leave out what the machine of the tests says: it may be a CI's, and may have an environment activated."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CI", "VIRTUAL_ENV", *(one for one in os.environ if one.startswith("PICKLECHECK_"))):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that all tests share, and that is nobody's own."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def place(tmp_path: Path, shared_cache: Path) -> Place:
    """An empty folder outside the repository."""
    work, temporary = tmp_path / "work", tmp_path / "tmp"
    work.mkdir()
    temporary.mkdir()
    return Place(work, temporary, shared_cache, str(tmp_path))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own for the temporary files of this process."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def picklecheck(place: Place) -> Callable[..., Ended]:
    """Run the command line to its end."""

    def run(*arguments: str, timeout: float = 100) -> Ended:
        process = place.start(*arguments)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        finally:
            process.kill()
        return Ended(process.returncode, stdout, stderr)

    return run


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build an environment and return its interpreter."""
    import uv  # noqa: PLC0415 - only tests that build environments need it

    @cache
    def build(pydantic: str, python: str = sys.executable, cloudpickle: str = "3.1.2") -> Path:
        folder = tmp_path_factory.mktemp("environment") / "venv"
        interpreter = folder / "bin" / "python"
        packages = [f"pydantic=={pydantic}", f"cloudpickle=={cloudpickle}"]
        for arguments in (
            ["venv", "--quiet", "--no-python-downloads", "--python", python, str(folder)],
            ["pip", "install", "--quiet", "--only-binary", ":all:", "--python", str(interpreter), *packages],
        ):
            subprocess.run([uv.find_uv_bin(), *arguments], check=True, timeout=300)
        return interpreter

    return build
