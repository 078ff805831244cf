"""Wherever it is started, and however: one sentence and the right status, or nothing special at all."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Place

CELL = "shapes.specialization/pickle/main/cold/none"
ANSWER = "1 of 1 reproductions reproduced here. 1 cell in "


class Ended(NamedTuple):
    """A command that has ended."""

    status: int
    stdout: str
    stderr: str


def run_by_shell(place: Place, script: str) -> Ended:
    """Run a line of shell, in which ``$PICKLECHECK`` is the command."""
    command = f"{sys.executable} -m picklecheck"
    ended = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=place.work,
        env={**place.environment, "PICKLECHECK": command},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def assert_is_one_sentence(ended: Ended, status: int, words: str) -> None:
    assert ended.status == status, ended
    assert ended.stderr.startswith("picklecheck: ")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") <= 2


@pytest.mark.thorough
def test_a_hangup_that_is_ignored_stays_so(place: Place) -> None:
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what nohup does
    try:
        process = place.start("run", "shapes.specialization", "-q")
    finally:
        signal.signal(signal.SIGHUP, previous)
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        os.kill(process.pid, signal.SIGHUP)
        time.sleep(0.05)
    stdout, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "reproduced here" in stdout


@pytest.mark.parametrize(
    "closing",
    ["<&- >&- 2>&-", *(pytest.param(one, marks=pytest.mark.thorough) for one in ("<&- >&-", "2>&-", "<&- 2>&-"))],
)
def test_closed_streams(closing: str, place: Place) -> None:
    ended = run_by_shell(place, f"$PICKLECHECK run {CELL} --output grid=grid.txt {closing}")

    assert ended.status == 0, ended
    assert ended.stderr == ""
    assert ANSWER in (place.work / "grid.txt").read_text()


def test_a_working_folder_that_was_removed(place: Place) -> None:
    ended = run_by_shell(place, f"mkdir gone && cd gone && rmdir ../gone && $PICKLECHECK run {CELL}")

    assert_is_one_sentence(ended, 2, "The working folder cannot be used: No such file or directory.")


def test_a_working_folder_that_must_not_be_read(place: Place) -> None:
    # root may read everything, unless it gives that up.
    modest = "setpriv --bounding-set=-dac_override,-dac_read_search " if os.geteuid() == 0 else ""
    if modest and shutil.which("setpriv") is None:
        pytest.skip("there is no setpriv, by which root can give up a right")
    ended = run_by_shell(place, f"mkdir closed && cd closed && chmod 0 . && {modest}$PICKLECHECK run {CELL}")

    assert_is_one_sentence(ended, 2, "The working folder cannot be used: Permission denied.")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (f"run {CELL} -q", 0, ""),
        ("envs list", 2, "There is no folder for the cache"),
        ("matrix --pydantic 2.13.5", 2, "There is no folder for the cache"),
    ],
)
def test_somebody_without_a_home(place: Place, words: str, status: int, said: str) -> None:
    """To be a user whom the system does not know, one would have to be root, and the interpreter everybody's."""
    (place.work / "unknown.py").write_text(
        "import os, pwd\n"
        "for name in ('HOME', 'PICKLECHECK_CACHE_DIR', 'XDG_CACHE_HOME'): os.environ.pop(name, None)\n"
        "def unknown(uid): raise KeyError(f'getpwuid(): uid not found: {uid}')\n"
        "pwd.getpwuid = unknown\n"
        "from picklecheck.__main__ import main\n"
        "main()\n"
    )
    ran = place.run_python("unknown.py", *words.split())
    ended = Ended(ran.status, ran.stdout, ran.stderr)

    if status:
        assert_is_one_sentence(ended, status, said)
    else:
        assert (ended.status, ended.stderr) == (0, "")


@pytest.mark.thorough
def test_a_thousand_open_files(place: Place) -> None:
    program = (
        "import os\n"
        "held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]\n"
        "from picklecheck.testing import ColdRoundtrip\n"
        "for isolation in ('fork', 'spawn'):\n"
        "    with ColdRoundtrip(isolation) as check:\n"
        "        print(check([1]).verdict.outcome.value)\n"
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2000:
        pytest.skip("this machine does not allow so many")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
    try:
        ended = place.run_python("-c", program)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert (ended.status, ended.stdout, ended.stderr) == (0, "pass\npass\n", "")


@pytest.mark.thorough
def test_as_many_servers_as_there_is_work(place: Place) -> None:
    (place.work / "slow.py").write_text("import time\n\n\ndef value():\n    time.sleep(1.5)\n    return 1\n")
    process = place.start("run", "slow:value", "--serializer", "pickle", "--receiver", "cold", "--fix", "none", "-j64")
    most = 0
    while process.poll() is None:
        most = max(most, len(place.processes()))
        time.sleep(0.05)
    process.communicate()

    # The command, a server with its watchdog, and the child.
    assert process.returncode == 0
    assert most <= 4


@pytest.mark.thorough
def test_a_time_limit_beyond_all_days(picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("run", CELL, "--timeout", "1e9", "-q")

    assert (ended.status, ended.stderr) == (0, "")


def test_an_error_of_ours_is_no_finding(place: Place) -> None:
    """Break picklecheck itself, in the one way that needs no change of it: a module that is not the one it imports."""
    (place.work / "breaking.py").write_text(
        "import picklecheck.cli.commands.list as ours\n"
        "def broken(*_): raise RuntimeError('\\x1b[31m::error::broken')\n"
        "ours.make_settings = broken\n"
        "from picklecheck.__main__ import main\n"
        "main()\n"
    )
    ended = place.run_python("breaking.py", "list")

    assert ended.status == 3
    assert ended.stderr.startswith("picklecheck: This is an error of picklecheck itself")
    assert "Please report it" in ended.stderr
    assert "Traceback (most recent call last)" in ended.stderr
    assert "\x1b" not in ended.stderr
