"""Ctrl-C at any moment: children end, what was found is printed, nothing stays behind."""

from __future__ import annotations

import json
import os
import select
import signal
from typing import TYPE_CHECKING

import pytest
from waiting import SLOW, interrupted, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Place

# How far a run has come, in files of its staging folder: none before it is made, some 80 when a server can start, and
# one or two more for each scenario and site.
MOMENTS = (0, 1, 10, 30, 60, 75, 85, 90, 100, 120, 150)
QUICK = (0, 1, 100)


@pytest.fixture(autouse=True)
def signals_that_are_heard() -> Iterator[None]:
    """Whoever started the tests may have had them ignore some, as nohup and a shell's ``&`` do: children would, too."""
    ignored = [one for one in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(one) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler)  # a child gets the default, whatever function stands here
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.mark.parametrize(
    "files", [pytest.param(one, marks=() if one in QUICK else pytest.mark.thorough) for one in MOMENTS]
)
def test_interrupt(place: Place, files: int) -> None:
    process = place.start("run")
    status, stdout, stderr = interrupted(process, lambda: count_files(place.temporary) >= files)

    # Before the first line of our main(), it is Python that dies of the signal, in one of two ways.
    died_in_start_up = not files and status in (1, -signal.SIGINT) and "picklecheck/cli" not in stderr
    assert status == 130 or died_in_start_up, stderr
    assert "Interrupted: " in stdout or stderr.startswith("picklecheck: Interrupted") or died_in_start_up
    assert "Traceback" not in stderr or died_in_start_up
    assert place.left_behind() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_was_found_before_is_told(place: Place, number: signal.Signals) -> None:
    process = start_blocked(place, "slow:fine", "slow:blocks", "--receiver", "cold", "--jobs", "1")
    status, stdout, stderr = interrupted(process, (place.work / "running").exists, (number,))

    assert status == 130
    assert stderr == ""
    assert "Interrupted: 1 of 2 cells were checked." in stdout
    assert place.left_behind() == []


def test_more_interrupts_change_nothing(place: Place) -> None:
    process = start_blocked(place, "slow:blocks")
    status, stdout, stderr = interrupted(process, (place.work / "running").exists, (signal.SIGINT,) * 100)

    assert status == 130
    assert "Interrupted: " in stdout
    assert stderr == ""
    assert place.left_behind() == []


@pytest.mark.parametrize("unbuffered", ["1", pytest.param("", marks=pytest.mark.thorough)])
def test_a_report_that_is_being_written_is_written_to_its_end(
    place: Place, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    process = place.start("run", "controls.*", "--serializer", "pickle", "--format", "json")
    assert process.stdout is not None
    stream = process.stdout.fileno()
    # More than the pipe takes: it goes on only when somebody reads.
    status, stdout, stderr = interrupted(process, lambda: select.select([stream], [], [], 0)[0], (signal.SIGINT,) * 3)

    document = json.loads(stdout)
    assert len(stdout) > 1 << 16
    assert document["cells_planned"] == len(document["cells"])
    assert status == document["exit_status"] == 0
    assert stderr == ""
    assert place.left_behind() == []


def test_a_cure_that_was_not_tried_to_the_end_is_marked_so(place: Place) -> None:
    process = start_blocked(place, "slow:blocks_under_the_fix", "--receiver", "cold")
    status, stdout, stderr = interrupted(process, (place.work / "running").exists)

    assert status == 1  # all that was planned was judged
    assert "process that dumps (not tried)." in " ".join(stdout.split())
    assert stderr == ""
    assert place.left_behind() == []


def test_being_killed_leaves_no_process(place: Place) -> None:
    process = start_blocked(place, "slow:blocks")
    interrupted(process, (place.work / "running").exists, (signal.SIGKILL,))

    wait_until(lambda: not place.processes())


def start_blocked(place: Place, *arguments: str) -> subprocess.Popen[str]:
    """Start a run that comes to an end only if it is interrupted."""
    (place.work / "slow.py").write_text(SLOW, encoding="utf-8")
    return place.start("run", *arguments, "--serializer", "pickle", "--timeout", "1000")


def count_files(folder: Path) -> int:
    """Count what is in a folder, and in its folders."""
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder))
