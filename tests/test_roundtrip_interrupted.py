"""Roundtrips that are cut off, forked away from, or captured by what they send: the next one is judged by itself."""

from __future__ import annotations

import linecache
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel
from test_roundtrip_server import servers
from waiting import wait_until

from picklecheck.model import Outcome
from picklecheck.testing import ColdRoundtrip, NotPortableError

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType


# Runs in the receiver. What it makes of the object is another object.
LOAD_SLOWLY = """
import pathlib, time
pathlib.Path({begun!r}).touch()
while not pathlib.Path({end!r}).exists():
    time.sleep(0.01)
"""


class LoadsSlowly:
    """Says when it is loaded, and is not loaded to the end before it may."""

    def __init__(self, folder: Path) -> None:
        self.begun, self.end = folder / "begun", folder / "end"

    def __reduce__(self) -> Any:
        return exec, (LOAD_SLOWLY.format(begun=str(self.begun), end=str(self.end)),)


class InterruptedTestError(Exception):
    """What a test runner raises from its signal handler."""


def interrupt(number: int, frame: object) -> None:
    """Be such a handler."""
    raise InterruptedTestError


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.thorough)])
def test_the_next_object_does_not_get_the_answer_of_one_that_was_cut_off(isolation: str, tmp_path: Path) -> None:
    slow = LoadsSlowly(tmp_path)

    def alarm() -> None:
        wait_until(slow.begun.exists)
        os.kill(os.getpid(), signal.SIGALRM)

    before = signal.signal(signal.SIGALRM, interrupt)
    alarming = threading.Thread(target=alarm)
    try:
        with ColdRoundtrip(isolation) as roundtrip:
            roundtrip(1)
            alarming.start()
            with pytest.raises(InterruptedTestError):
                roundtrip(slow)
            slow.end.touch()
            with pytest.raises(NotPortableError) as caught:
                roundtrip(lambda: None)
            assert "PC104" in str(caught.value)
            assert roundtrip(2).verdict.outcome is Outcome.PASS
            with pytest.raises(NotPortableError) as caught:
                roundtrip(slow)
            assert "wrong-type" in str(caught.value)
    finally:
        alarming.join()
        signal.signal(signal.SIGALRM, before)


def begins_block(frame: FrameType) -> bool:
    """Is this a line at which what is held already, or still, has nobody to let it go, and no signal comes?"""
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno).lstrip().startswith(("with ", "try:"))


def interrupt_in_server(event: str, number: int) -> list[str]:
    """Raise the exception at such an event of the code that talks to the server; says where, once it has come."""
    places: list[str] = []
    left = number

    def trace(frame: FrameType, happened: str, _value: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.endswith(("probe_client.py", "worker.py", "testing/__init__.py", "folder.py")):
            return None
        if happened == event and (event == "line" or frame.f_code.co_name == "_read") and not begins_block(frame):
            left -= 1
            if left < 0:
                sys.settrace(None)
                places.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
                raise InterruptedTestError
        return trace

    sys.settrace(trace)
    return places


def cut_off(temporary: Path, event: str, number: int) -> bool:
    """Check an object, be cut off there, and see that the next one is judged and nothing is left; was there such?"""
    before = sys.gettrace()
    with ColdRoundtrip() as roundtrip:
        places = interrupt_in_server(event, number)
        try:
            roundtrip(1)
            roundtrip.close()
        except InterruptedTestError:
            pass
        finally:
            sys.settrace(before)
        assert roundtrip(2).verdict.outcome is Outcome.PASS, places
    wait_until(lambda: not servers(temporary))
    assert list(temporary.iterdir()) == [], places
    return bool(places)


@pytest.mark.parametrize("number", [0, 1])
def test_an_answer_that_was_read_and_not_kept(number: int, temporary: Path) -> None:
    assert cut_off(temporary, "return", number)


@pytest.mark.thorough
def test_the_next_object_is_judged_wherever_one_was_cut_off(temporary: Path) -> None:
    number = 0
    while cut_off(temporary, "line", number):
        number += 23
    assert number > 200


def load_slowly(roundtrip: ColdRoundtrip, slow: LoadsSlowly) -> None:
    """Keep the roundtrip busy."""
    with pytest.raises(NotPortableError):
        roundtrip(slow)


def check_here(roundtrip: ColdRoundtrip, answer: Any) -> None:
    """Use in a fork what another thread of the parent was using."""
    answer.send(roundtrip(1).verdict.outcome is Outcome.PASS)
    roundtrip.close()


def test_a_fork_does_not_wait_for_a_thread_that_it_has_not(tmp_path: Path) -> None:
    slow = LoadsSlowly(tmp_path)
    context = multiprocessing.get_context("fork")
    with ColdRoundtrip() as roundtrip:
        roundtrip(0)
        busy = threading.Thread(target=load_slowly, args=(roundtrip, slow))
        busy.start()
        wait_until(slow.begun.exists)
        mine, theirs = context.Pipe()
        child = context.Process(target=check_here, args=(roundtrip, theirs))
        child.start()
        has_answered = mine.poll(30)
        if not has_answered:
            child.kill()
        child.join(30)
        slow.end.touch()
        busy.join(30)
        assert has_answered
        assert mine.recv() is True


def test_the_fixture_does_not_keep_what_captures_it_from_being_dumped() -> None:
    with ColdRoundtrip() as roundtrip:
        roundtrip(0)
        arrived = pickle.loads(pickle.dumps(roundtrip))
        assert (arrived._isolation, arrived._timeout) == (roundtrip._isolation, roundtrip._timeout)
        assert arrived._roundtrips is None

        class Local(BaseModel):
            """Keeps the variables of this function."""

            value: int = 1

        with pytest.raises(NotPortableError) as caught:
            roundtrip(Local(), serializer="cloudpickle")
        assert "PC305 wrong-type" in str(caught.value)
        assert roundtrip(lambda: roundtrip, serializer="cloudpickle").verdict.outcome is Outcome.PASS
