"""What the commands share that need an environment under test: its options, and the running workers."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from picklecheck.environments.interpreter import find_interpreter
from picklecheck.errors import UsageError
from picklecheck.runner import Runner, Settings
from picklecheck.staging import StagingFolder

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator


def default_jobs() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def open_runner(
    python: str | None,
    isolation: str,
    jobs: int | None,
    timeout: float,
    stop: threading.Event,
) -> Iterator[Runner]:
    """Give a runner for the interpreter at ``python`` (default: this one); raises UsageError."""
    if sys.platform == "win32":
        msg = "picklecheck does not run on Windows yet: its probe needs POSIX processes."
        raise UsageError(msg, "Use it under WSL.")
    if isolation == "auto":
        isolation = "fork" if hasattr(os, "fork") else "spawn"
    settings = Settings(find_interpreter(python), isolation, jobs or default_jobs(), timeout)
    with StagingFolder() as folder, Runner(settings, folder, stop) as runner:
        yield runner
