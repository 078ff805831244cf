"""How cells are run: the options of the command line that have to do with processes, checked."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError
from picklecheck.harness.cores import default_jobs

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class RunSettings:
    """How to run: ``fork`` or ``spawn``, the number of workers, and one child's time in seconds.

    ``path`` holds the folders (absolute) that targets are imported from.
    """

    isolation: str
    jobs: int
    timeout: float
    path: tuple[str, ...] = ()


def make_settings(isolation: str, jobs: int | None, timeout: float, path: Sequence[str] = ()) -> RunSettings:
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
    return RunSettings(isolation, jobs or default_jobs(), timeout, folders)
