"""The server behind roundtrips in a test process: one for all, one for each fork, and none that stays."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from picklecheck.model import Outcome
from picklecheck.testing import ColdRoundtrip, UndecidedError


def servers(temporary: Path) -> list[int]:
    """Return the processes whose program lies in that folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended meanwhile
            if f"{temporary}/".encode() in command:
                found.append(int(entry.name))
    return found


def test_a_hundred_objects_need_one_server_and_closing_ends_it(temporary: Path) -> None:
    with ColdRoundtrip() as roundtrip:
        assert servers(temporary) == []
        roundtrip(0)
        first = servers(temporary)
        for number in range(99):
            roundtrip(number)
        assert len(first) == 1
        assert servers(temporary) == first
        assert len(list(temporary.glob("picklecheck-*/payloads/*"))) == 0

    assert servers(temporary) == []
    assert list(temporary.iterdir()) == []
    roundtrip.close()
    assert roundtrip(1).verdict.outcome is Outcome.PASS
    roundtrip.close()
    assert servers(temporary) == []


def test_a_server_that_was_killed_is_replaced(temporary: Path) -> None:
    with ColdRoundtrip() as roundtrip:
        roundtrip(0)
        (first,) = servers(temporary)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(UndecidedError) as caught:
            roundtrip(1)
        assert "PC903" in str(caught.value)
        assert roundtrip(2).verdict.outcome is Outcome.PASS
        assert servers(temporary) != [first]
    assert servers(temporary) == []


def check_in_child(roundtrip: ColdRoundtrip, answer: Any) -> None:
    """Use what the parent opened, as a fork of it."""
    roundtrip(1)
    found = servers(Path(tempfile.gettempdir()))
    roundtrip.close()
    answer.send(found)


def test_a_fork_has_a_server_of_its_own(temporary: Path) -> None:
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()
    with ColdRoundtrip() as roundtrip:
        roundtrip(0)
        (first,) = servers(temporary)
        child = context.Process(target=check_in_child, args=(roundtrip, theirs))
        child.start()
        assert mine.poll(20)
        both = mine.recv()
        child.join(20)
        assert child.exitcode == 0
        assert len(both) == 2
        assert first in both
        assert servers(temporary) == [first]
        assert roundtrip(2).verdict.outcome is Outcome.PASS
    assert list(temporary.iterdir()) == []
