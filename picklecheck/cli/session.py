"""What the commands share that need an environment under test: its options, and the running workers."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from typing import TYPE_CHECKING

from picklecheck.cli.cores import default_jobs
from picklecheck.errors import EnvironmentUnusableError, InterruptedEarlyError, UsageError
from picklecheck.harness.runner import Runner
from picklecheck.harness.staging import StagingFolder
from picklecheck.harness.worker import Settings

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def make_settings(isolation: str, jobs: int | None, timeout: float, path: Sequence[str] = ()) -> Settings:
    """Turn the options into settings; raises UsageError."""
    if sys.platform == "win32":
        msg = "picklecheck does not run on Windows yet: its probe needs POSIX processes."
        raise UsageError(msg, "Use it under WSL.")
    if not math.isfinite(timeout):
        msg = f"--timeout {timeout} is no number of seconds."
        raise UsageError(msg, "Give a finite one, such as 30.")
    if isolation == "auto":
        isolation = "fork" if hasattr(os, "fork") else "spawn"
    # Links stay: what a module's name says is where it was found.
    folders = tuple(os.path.abspath(folder) for folder in path or (".",))  # noqa: PTH100
    return Settings(isolation, jobs or default_jobs(), timeout, folders)


@contextlib.contextmanager
def staging(stop: threading.Event) -> Iterator[StagingFolder]:
    """Give a staging folder that is gone afterwards; raises PicklecheckError."""
    try:
        with StagingFolder() as folder:
            yield folder
    except EnvironmentUnusableError:
        # Servers that were told to end look like servers that cannot start.
        if stop.is_set():
            raise InterruptedEarlyError from None
        raise


@contextlib.contextmanager
def open_runner(python: Path, settings: Settings, stop: threading.Event) -> Iterator[Runner]:
    """Give a runner for an interpreter, whose processes and files are gone afterwards."""
    with staging(stop) as folder, Runner(python, settings, folder, stop) as runner:
        yield runner
