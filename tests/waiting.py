"""Waiting for what a test is about to interrupt, and targets that say when they have come so far."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence

# Seconds. Only a machine that does many other things needs a tenth of that.
PATIENCE = 60

# ``blocks`` waits for longer than any test; ``blocks_under_the_fix`` only where a cure is tried.
SLOW = """
import pathlib, sys, time
from typing import Generic, TypeVar
from pydantic import BaseModel

T = TypeVar("T")

class Box(BaseModel, Generic[T]):
    value: T

def fine():
    return Box(value=5)

def blocks():
    pathlib.Path("running").touch()
    time.sleep(1000)

def blocks_under_the_fix():
    if sys.modules.get("picklecheck"):
        blocks()
    return Box[int](value=5)
"""


def wait_until(is_met: Callable[[], object], process: subprocess.Popen[str] | None = None) -> None:
    """Wait for something; a ``process`` from which it is to come must not end before."""
    deadline = time.monotonic() + PATIENCE
    while not is_met():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def interrupted(
    process: subprocess.Popen[str],
    is_time: Callable[[], object],
    signals: Sequence[signal.Signals] = (signal.SIGINT,),
) -> tuple[int, str, str]:
    """Send the signals when it is time, and return how the process ended."""
    try:
        wait_until(is_time, process)
        for number in signals:
            # To the process alone and not its group: a terminal's Ctrl-C does not reach the children either.
            os.kill(process.pid, number)  # a process that has ended stays a zombie until it is waited for
        stdout, stderr = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    return process.returncode, stdout, stderr
