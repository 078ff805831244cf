"""What using a value does, and what looking at it raises, is not the journey's doing; and children end in odd ways."""

from __future__ import annotations

import importlib
import json
import os
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import pytest
from pydantic import BaseModel, model_serializer

from picklecheck.model import Outcome
from picklecheck.testing import ColdRoundtrip, UndecidedError, assert_portable
from picklecheck.verdicts import diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

T = TypeVar("T")

TARGETS = """
import os, time
from pydantic import BaseModel, model_serializer
class Slow(BaseModel):
    @model_serializer
    def slow(self):
        time.sleep(1.5)
        return {}
class Aborts(BaseModel):
    @model_serializer
    def aborts(self):
        os.abort()
class Ends:
    def __reduce__(self):
        os.kill(os.getpid(), 40)
def slow(): return Slow()
def aborts(): return Aborts()
def ends(): return Ends()
"""
# A script that holds its value where it is started, and not where multiprocessing starts it again.
GUARDED = """
import multiprocessing
from typing import Generic, TypeVar
from pydantic import BaseModel, model_serializer
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    value: T
if multiprocessing.current_process().name == "MainProcess":
    assert __builtins__.len  # as Python has it in a program; in what runpy runs it is a dict
    IntBox = Box[int]
def make(): return IntBox(value=1)
"""
CONTROLS = """
import threading
def make(): return [1]
def fails(): return threading.Lock()
"""


def cells(ended: Ended) -> dict[str, tuple[str, str | None, str]]:
    """Return what became of each cell of a report."""
    document: dict[str, Any] = json.loads(ended.stdout)
    return {one["id"]: (one["outcome"], one["code"], one["reason"]) for one in document["cells"]}


@pytest.mark.thorough
def test_using_a_value_has_a_time_of_ours_and_its_crash_is_the_value_s(
    place: Place, picklecheck: Callable[..., Ended]
) -> None:
    (place.work / "uses.py").write_text(TARGETS)
    words = ("--serializer", "pickle", "--receiver", "cold", "--timeout", "1", "--format", "json")
    found = cells(picklecheck("run", "uses:slow", "uses:aborts", "uses:ends", *words))

    assert found["uses:slow/pickle/own/cold/none"][0] == "pass"
    assert found["uses:aborts/pickle/own/cold/none"][0] == "pass"
    assert found["uses:ends/pickle/own/cold/none"][:2] == ("crash", "PC501")
    assert "signal 40" in found["uses:ends/pickle/own/cold/none"][2]


def test_multiprocessing_s_child_has_its_name_and_a_script_the_builtins(
    place: Place, picklecheck: Callable[..., Ended]
) -> None:
    (place.work / "guarded.py").write_text(GUARDED)
    words = ("--serializer", "pickle", "--receiver", "mp-main", "--format", "json")
    found = cells(picklecheck("run", "guarded.py:make", *words))

    assert found["guarded.py:make/pickle/own/mp-main/none"][:2] == ("load-error", "PC206")


@pytest.mark.parametrize("isolation", ["fork", "spawn"])
def test_a_hook_of_the_target_s_takes_no_report_away(
    isolation: str, place: Place, picklecheck: Callable[..., Ended]
) -> None:
    (place.work / "hooked.py").write_text(
        "import sys\nsys.excepthook = lambda *error: None\ndef make(): raise LookupError('no database')\n"
    )
    words = ("--serializer", "pickle", "--receiver", "cold", "--isolation", isolation, "--format", "json")
    found = cells(picklecheck("run", "hooked:make", *words))

    outcome, code, reason = found["hooked:make/pickle/own/cold/none"]
    assert (outcome, code) == ("undecided", "PC904")
    assert "no database" in reason


def test_a_package_of_the_user_s_called_controls_is_none(place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "controls").mkdir()
    (place.work / "controls" / "pages.py").write_text(CONTROLS)
    words = ("--serializer", "pickle", "--receiver", "relay", "-q")
    ended = picklecheck("run", "controls.pages:make", "controls.pages:fails", *words)

    told = " ".join(ended.stdout.split())
    assert "1 of 2 targets arrived in all cells" in told
    assert "of the controls" not in told
    assert "nothing is promised there" not in told


class Inner:
    """Makes an attribute anew, and knows by its ``==`` that it does not matter."""

    def __init__(self, number: int) -> None:
        self.number, self.address = number, id(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Inner) and self.number == other.number

    __hash__ = None  # type: ignore[assignment]

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, address=id(self))


def test_what_equality_decides_is_as_expected() -> None:
    result = assert_portable(Inner(1))

    assert (result.verdict.outcome, result.expected) == (Outcome.PASS, True)


class Unspeakable:
    """Cannot be told."""

    def __repr__(self) -> str:
        msg = "no words"
        raise ValueError(msg)


class Box(BaseModel, Generic[T]):
    """Holds a value."""

    value: T


def test_what_cannot_be_looked_at_is_undecided() -> None:
    value = Box[Annotated[int, Unspeakable()]](value=1)
    with ColdRoundtrip() as roundtrip, pytest.raises(UndecidedError) as caught:
        roundtrip(value, fix="class")

    assert "no words" in str(caught.value)


class Aborting(BaseModel):
    """Kills whoever serializes it."""

    @model_serializer
    def abort(self) -> dict[str, Any]:
        os.abort()


def test_what_nobody_tried_where_it_was_sent_is_undecided() -> None:
    with ColdRoundtrip() as roundtrip, pytest.raises(UndecidedError) as caught:
        roundtrip(Aborting())

    assert "nobody tried that where it was sent" in " ".join(str(caught.value).split())


def test_both_ends_know_the_same_stages_as_ours() -> None:
    children = importlib.import_module("picklecheck.probe.children")

    assert children.OWN_STAGES > diagnosis._OWN_STAGES
    assert {"second hop", "done"} == children.OWN_STAGES - diagnosis._OWN_STAGES  # at these the verdict is there
