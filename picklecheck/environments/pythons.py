"""Which interpreter ``--python`` means, if it is to have environments built for it: a path or a version."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from picklecheck import processes
from picklecheck.environments.interpreter import find_interpreter
from picklecheck.environments.uv_errors import one_line
from picklecheck.environments.uv_tool import run_uv, tool_environment
from picklecheck.errors import EnvironmentUnusableError, UsageError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

OLDEST = (3, 8)
_VERSION = re.compile(r"(?:python)?(\d+\.\d+(?:\.\d+)?)")
_STARTING = 20.0
_DOWNLOADING = 600.0

# Python 2 must be able to say how old it is.
_QUESTION = """
import json, sys, sysconfig
print(json.dumps({
    "version": sys.version.split()[0],
    "executable": sys.executable,
    "base": getattr(sys, "base_prefix", sys.prefix),
    "virtual": getattr(sys, "base_prefix", sys.prefix) != sys.prefix,
    "usual": sys.version_info >= (3, 8) and sys.implementation.name == "cpython"
             and not sysconfig.get_config_var("Py_GIL_DISABLED"),
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """An interpreter that runs. ``path`` is no virtual environment's own; ``version`` as in ``3.12.1``."""

    path: Path
    version: str


@dataclass(frozen=True)
class _Candidate:
    interpreter: Interpreter
    is_usual: bool  # CPython with the lock, which is what a version on its own means


def find_python(request: str, stop: threading.Event, *, download: bool = False) -> Interpreter:
    """Return the interpreter at a path, or one of a version (``3.12``, ``3.12.1``) from this machine.

    With ``download``, uv fetches a version that is not there. Raises UsageError; EnvironmentUnusableError if uv cannot.
    """
    version = _VERSION.fullmatch(request)
    if version is None:
        path = find_interpreter(request)
        candidate = _ask(path, stop)
        if candidate is None:
            msg = f"{request!r} does not answer as a Python does."
            raise UsageError(msg, "Give --python the path of a Python that runs, or a version such as 3.12.")
        _require_supported(candidate.interpreter.version, request)
        return candidate.interpreter
    wanted = version[1]
    _require_supported(wanted, request)
    found = _search(wanted, stop)
    if found is None and download:
        _download(wanted, stop)
        found = _first(_in_uv(stop, wanted), wanted, stop)
    if found is None:
        msg = f"There is no Python {wanted} on this machine."
        hint = (
            "Looked on PATH, and at what pyenv and uv have installed. "
            "Name one with --python PATH, or let uv fetch it with --download-pythons."
        )
        raise UsageError(msg, hint)
    return found


def _require_supported(version: str, request: str) -> None:
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST:
        msg = f"--python {request} is Python {version}, and {OLDEST[0]}.{OLDEST[1]} is the oldest that is supported."
        raise UsageError(msg, "Give the path or the version of a newer one.")


def _search(wanted: str, stop: threading.Event) -> Interpreter | None:
    own = sys.version.split()[0]
    if _fits(own, wanted) and sys.prefix == sys.base_prefix and sys.executable:
        return Interpreter(Path(sys.executable), own)
    for paths in (_own(), _on_path(wanted), _in_pyenv(wanted), _in_uv(stop, wanted)):
        found = _first(paths, wanted, stop)
        if found is not None:
            return found
    return None


def _first(paths: Iterator[Path], wanted: str, stop: threading.Event) -> Interpreter | None:
    for path in paths:
        candidate = _ask(path, stop)
        if candidate is not None and candidate.is_usual and _fits(candidate.interpreter.version, wanted):
            return candidate.interpreter
    return None


def _fits(version: str, wanted: str) -> bool:
    """Is ``3.12.1`` what ``3.12`` or ``3.12.1`` asks for?"""
    return version == wanted or re.match(rf"{re.escape(wanted)}(?!\d)", version) is not None


def _own() -> Iterator[Path]:
    if sys.executable:
        yield Path(sys.executable)


def _on_path(wanted: str) -> Iterator[Path]:
    """Yield what PATH has. pyenv's shims are left out: they need pyenv's leave to run, and its folder is searched."""
    shims = _pyenv_root() / "shims"
    folders = [Path(folder) for folder in os.get_exec_path() if folder and Path(folder) != shims]
    minor = ".".join(wanted.split(".")[:2])
    for name in (f"python{minor}", "python3", "python"):
        for folder in dict.fromkeys(folders):
            if os.access(folder / name, os.X_OK) and (folder / name).is_file():
                yield folder / name


def _in_pyenv(wanted: str) -> Iterator[Path]:
    yield from _newest_first((_pyenv_root() / "versions").glob(f"{wanted}*"), wanted)


def _in_uv(stop: threading.Event, wanted: str) -> Iterator[Path]:
    try:
        ended = run_uv(["python", "dir"], stop, settings={}, timeout=_STARTING)
    except EnvironmentUnusableError:
        return  # whoever has no uv has nothing installed by it
    if ended.status == 0 and ended.stdout.strip():
        yield from _newest_first(Path(ended.stdout.strip()).glob(f"cpython-{wanted}*"), wanted)


def _newest_first(folders: Iterator[Path], wanted: str) -> Iterator[Path]:
    def patch(folder: Path) -> tuple[int, ...]:
        match = re.search(r"\d+(?:\.\d+)+", folder.name)
        return tuple(int(number) for number in match[0].split(".")) if match else ()

    for folder in sorted(folders, key=patch, reverse=True):
        python = folder / "bin" / "python"
        if _fits(folder.name.removeprefix("cpython-"), wanted) and python.is_file():
            yield python


def _pyenv_root() -> Path:
    return Path(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"))  # noqa: PTH111 - "~" may stand for nothing


def _ask(path: Path, stop: threading.Event) -> _Candidate | None:
    """Run an interpreter and take its word for what it is; None if it does not answer."""
    try:
        ended = processes.run_tool(
            [str(path), "-I", "-c", _QUESTION], stop, timeout=_STARTING, environment=tool_environment({})
        )
        answer = json.loads(ended.stdout)
        executable = Path(answer["executable"] or path)
        if answer["virtual"]:
            executable = _base(Path(answer["base"]), answer["version"]) or executable
        return _Candidate(Interpreter(executable, answer["version"]), answer["usual"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _base(prefix: Path, version: str) -> Path | None:
    """Return what a virtual environment is based on; ``sys._base_executable`` knows it from Python 3.11 only."""
    minor = ".".join(version.split(".")[:2])
    for name in (f"python{minor}", "python3", "python"):
        if os.access(prefix / "bin" / name, os.X_OK):
            return prefix / "bin" / name
    return None


def _download(wanted: str, stop: threading.Event) -> None:
    settings = {"UV_PYTHON_INSTALL_BIN": "0"}  # nothing on the user's PATH
    ended = run_uv(["python", "install", wanted], stop, settings=settings, timeout=_DOWNLOADING)
    if ended.status != 0:
        msg = f"uv could not fetch Python {wanted}: {one_line(ended.stderr)}."
        raise EnvironmentUnusableError(msg, "Install it by other means, and name it with --python PATH.")
