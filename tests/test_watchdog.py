"""A server that is killed leaves no child, whoever is killed with it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from waiting import wait_until

if TYPE_CHECKING:
    from conftest import Place

HANGING = """
import os, signal, time

def value():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    print("hanging", file=open("hanging", "w"))
    time.sleep(1000)
"""


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("whom", ["server", "both"])
def test_no_child_is_left(isolation: str, whom: str, place: Place) -> None:
    (place.work / "stays.py").write_text(HANGING)
    words = ("--serializer", "pickle", "--receiver", "cold", "--fix", "none", "--isolation", isolation)
    process = place.start("run", "stays:value", *words)
    try:
        wait_until((place.work / "hanging").exists)
        (server,) = [one for one in place.processes() if parent_of(one) == process.pid]
        children = [one for one in place.processes() if parent_of(one) == server]
        assert len(children) == 2  # the one that hangs, and the watchdog
        if whom == "both":
            process.send_signal(signal.SIGSTOP)  # or it would start another server meanwhile
            process.kill()
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not set(children) & set(place.processes()))
        stdout, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    if whom == "server":
        assert process.returncode == 3
        assert "the probe server ended with status -9" in " ".join(stdout.split())
    wait_until(lambda: not place.processes())


SLOW = """
import os, time

def value():
    open("begun", "w").close()
    while not os.path.exists("go"):
        time.sleep(0.01)
"""


def test_one_that_was_killed_is_replaced(place: Place) -> None:
    (place.work / "slow.py").write_text(SLOW)
    (place.work / "stays.py").write_text(HANGING)
    words = ("--serializer", "pickle", "--receiver", "cold", "--fix", "none", "--isolation", "fork", "--jobs", "1")
    process = place.start("run", "slow:value", "stays:value", *words)
    try:
        wait_until((place.work / "begun").exists)
        (server,) = [one for one in place.processes() if parent_of(one) == process.pid]
        (watchdog,) = [one for one in place.processes() if parent_of(one) == server and name_of(one) == "sh"]
        os.kill(watchdog, signal.SIGKILL)
        (place.work / "go").touch()
        wait_until((place.work / "hanging").exists)
        process.send_signal(signal.SIGSTOP)
        process.kill()
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not place.processes())
    finally:
        process.kill()
        process.communicate()


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text("utf-8").strip()


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0
