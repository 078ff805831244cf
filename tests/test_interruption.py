"""Ctrl-C at any moment: children end, what was found is printed, nothing stays behind."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Place

# Seconds after the start. The first ones hit start-up, the later ones the run; a moment may come after the end.
MOMENTS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8, 1.2)
QUICK = (0.1, 0.3, 0.8)


@pytest.mark.parametrize(
    "moment", [pytest.param(one, marks=() if one in QUICK else pytest.mark.thorough) for one in MOMENTS]
)
def test_interrupt(place: Place, moment: float) -> None:
    status, stdout, stderr = interrupted(place, moment, (signal.SIGINT,))

    # Before the first line of our main(), it is Python that dies of the signal, in one of two ways.
    died_in_start_up = status in (1, -signal.SIGINT) and "picklecheck/cli" not in stderr and "in main" not in stderr
    assert status == 130 or died_in_start_up, stderr
    assert "Interrupted: " in stdout or not stdout
    assert "Traceback" not in stderr or died_in_start_up
    assert place.left_behind() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_end_a_run_in_the_same_way(place: Place, number: signal.Signals) -> None:
    status, stdout, _ = interrupted(place, 1.2, (number,))

    assert status == 130
    assert "Interrupted: " in stdout
    assert place.left_behind() == []


def test_more_interrupts_change_nothing(place: Place) -> None:
    status, stdout, stderr = interrupted(place, 1.2, (signal.SIGINT,) * 30)

    assert status == 130
    assert "Interrupted: " in stdout
    assert stderr == ""
    assert place.left_behind() == []


SLOW_UNDER_THE_FIX = """
import pathlib, sys, time
from typing import Generic, TypeVar
from pydantic import BaseModel

T = TypeVar("T")

class Box(BaseModel, Generic[T]):
    value: T

def order():
    if sys.modules.get("picklecheck"):
        pathlib.Path("tried").touch()
        time.sleep(60)
    return Box[int](value=5)
"""


def test_a_cure_that_was_not_tried_to_the_end_is_marked_so(place: Place) -> None:
    (place.work / "slow.py").write_text(SLOW_UNDER_THE_FIX, encoding="utf-8")
    process = place.start("run", "slow:order", "--serializer", "pickle", "--receiver", "cold")
    try:
        while not (place.work / "tried").exists():
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    finally:
        process.kill()

    assert process.returncode == 1  # all that was planned was judged
    assert "process that dumps (not tried)." in " ".join(stdout.split())
    assert stderr == ""
    assert place.left_behind() == []


def test_being_killed_leaves_no_process(place: Place) -> None:
    interrupted(place, 1.5, (signal.SIGKILL,))

    deadline = time.monotonic() + 5
    while place.processes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert place.processes() == []


def interrupted(place: Place, moment: float, signals: tuple[signal.Signals, ...]) -> tuple[int, str, str]:
    """Start a long run, send it the signals, and return how it ended."""
    process = place.start("run")
    try:
        time.sleep(moment)
        for number in signals:
            # To the process alone and not its group: a terminal's Ctrl-C does not reach the children either.
            os.kill(process.pid, number)  # a process that has ended stays a zombie until it is waited for
            time.sleep(0.02)
        stdout, stderr = process.communicate(timeout=20)
    finally:
        process.kill()
    return process.returncode, stdout, stderr
