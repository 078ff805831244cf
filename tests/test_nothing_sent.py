"""Targets that tell nothing, though everything arrives: no value at all, and a class that goes by its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.testing import ColdRoundtrip, UndecidedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended, Place

JOBS = """import collections
from typing import Generic, List, TypeVar
from pydantic import BaseModel

T = TypeVar("T")

class Page(BaseModel, Generic[T]):
    items: List[T] = []

class Plain(BaseModel):
    pass

class Mine(list):
    pass

IntPage = Page[int]
Alias = List[int]
nothing = None
empty, no_names, no_words, no_queue = [], {}, set(), collections.deque()
mine = Mine()
zero, text = 0, ""
of_nothing, of_empty = (None, None), [[], {}]
itself = []
itself.append(itself)
classes, by_name = [Page, Plain], {"page": Page}
mixed, options = [Page, 1], {"page": None}

def forgets():
    IntPage()

def value():
    return Plain()

def local():
    class Inner(Plain):
        pass
    return Inner
"""
NOTHING = {
    "nothing": "None",
    "forgets": "None",
    "empty": "an empty list",
    "no_names": "an empty dict",
    "no_words": "an empty set",
    "no_queue": "an empty deque",
    "of_nothing": "a tuple of nothing",
    "of_empty": "a list of nothing",
}
CLASSES = {
    "Page": "the class Page arrives by its name, which tells nothing of its instances, nor of Page[...]",
    "Plain": "the class Plain arrives by its name, which tells nothing of its instances",
    "Mine": "the class Mine arrives by its name, which tells nothing of its instances",
    "Alias": "the alias typing.List[int] arrives by its name, which tells nothing of its instances",
    "classes": "the class Page arrives by its name, which tells nothing of its instances, nor of Page[...]",
    "by_name": "the class Page arrives by its name, which tells nothing of its instances, nor of Page[...]",
    "IntPage": "the class Page[int] arrives by its name, which tells nothing of its instances",
}


@pytest.fixture(autouse=True)
def project(place: Place) -> Path:
    """The module, in the working folder."""
    (place.work / "jobs.py").write_text(JOBS)
    return place.work


def run(picklecheck: Callable[..., Ended], *names: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Return the exit status, and the cell of each target."""
    cells = [f"jobs:{name}/pickle/own/cold/none" for name in names]
    document = json.loads(picklecheck("run", *cells, "--format", "json").stdout)
    return document["exit_status"], {one["scenario"].removeprefix("jobs:"): one for one in document["cells"]}


def test_nothing_is_no_success(picklecheck: Callable[..., Ended]) -> None:
    status, cells = run(picklecheck, *NOTHING)

    assert status == 4
    assert {name: (one["outcome"], one["code"]) for name, one in cells.items()} == dict.fromkeys(
        NOTHING, ("unsupported", "PC802")
    )
    assert {name: one["reason"] for name, one in cells.items()} == {
        name: f"nothing is sent: the value is {what}" for name, what in NOTHING.items()
    }


@pytest.mark.thorough
def test_beside_others_that_arrive_it_is_none_either(picklecheck: Callable[..., Ended]) -> None:
    something = {"value", "zero", "text", "mine", "itself", "mixed", "options"}
    status, cells = run(picklecheck, *sorted(something), "nothing")

    assert status == 4
    assert {name for name, one in cells.items() if one["outcome"] == "pass"} == something


@pytest.mark.thorough
def test_the_answer_says_it_in_a_sentence(picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("run", "jobs:value", "jobs:forgets", "-q")

    assert ended.status == 4
    words = " ".join(ended.stdout.split())
    assert "jobs:forgets sends nothing, so nothing was checked of it. 1 of 2 targets arrived in all cells." in words


def test_a_class_tells_nothing_of_its_instances(picklecheck: Callable[..., Ended]) -> None:
    status, cells = run(picklecheck, *CLASSES, "value")

    assert status == 3
    assert cells.pop("value")["outcome"] == "pass"
    assert {one["code"] for one in cells.values()} == {"PC803"}
    assert {one["outcome"] for one in cells.values()} == {"undecided"}
    assert {name: one["reason"] for name, one in cells.items()} == CLASSES


def test_a_class_that_does_not_arrive_is_told_as_ever(picklecheck: Callable[..., Ended]) -> None:
    status, cells = run(picklecheck, "local")

    assert (status, cells["local"]["outcome"]) == (1, "dump-error")


@pytest.mark.thorough
def test_in_pytest_it_is_no_skip(project: Path, place: Place) -> None:
    (project / "picklecheck.toml").write_text("scenarios = ['jobs:forgets/pickle/own/cold/none']\n")
    ended = place.run_python("-m", "pytest", "--picklecheck", "-q")

    assert ended.status == 1
    assert "nothing is sent: the value is None" in ended.stdout


def test_a_test_that_sends_nothing_does_not_pass() -> None:
    with ColdRoundtrip() as roundtrip:
        values: list[object] = [None, []]
        for value in values:
            with pytest.raises(UndecidedError) as caught:
                roundtrip(value)
            assert caught.value.result.verdict.code == "PC802"
        assert roundtrip(0)
