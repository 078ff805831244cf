"""The one module of the command line that starts processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from picklecheck.errors import InterruptedEarlyError

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_POLL = 0.02


@dataclass(frozen=True)
class Completed:
    """A tool that has ended. ``status`` is negative for a signal, None if its time was up."""

    status: int | None
    stdout: str
    stderr: str


def start(  # noqa: PLR0913 - what a process is started with
    command: Sequence[str],
    *,
    output: IO[bytes] | int,
    errors: IO[bytes] | int,
    environment: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that a terminal's Ctrl-C reaches only us; raises OSError."""
    return subprocess.Popen(  # noqa: S603 - interpreters and tools that the user chose
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        pass_fds=pass_fds,
        start_new_session=True,
        env=environment,
        cwd=folder,
    )


def pipe() -> tuple[int, int]:
    """Return the two ends of a pipe, neither of which has the number of a standard stream that happens to be closed."""
    read, write = os.pipe()
    return _above_streams(read), _above_streams(write)


def _above_streams(descriptor: int) -> int:
    if descriptor > 2:
        return descriptor
    higher = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
    os.close(descriptor)
    return higher


def run_tool(
    command: Sequence[str],
    stop: threading.Event,
    *,
    timeout: float,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Completed:
    """Run a tool to its end; whatever it started ends with it.

    Its output goes to files: no pipe can fill up. Raises OSError if it cannot be started, InterruptedEarlyError once
    ``stop`` is set.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = start(command, output=output, errors=errors, environment=environment, folder=folder)
        deadline = time.monotonic() + timeout
        try:
            while process.poll() is None and not stop.is_set() and time.monotonic() < deadline:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL)
        finally:
            ended = process.poll() is not None
            _end(process)
        if stop.is_set():
            raise InterruptedEarlyError
        return Completed(process.returncode if ended else None, _read(output), _read(errors))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and its group; its own children too, where it has ended itself."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
