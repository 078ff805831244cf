"""The law: whatever arrives without the fix arrives with it. Cell by cell, for any argument, place and receiver.

Arguments are generated (``programs/law_arguments.py``), evaluated in many places, dumped and loaded in fresh processes
(``programs/law.py``), without the fix and with each level of it. A cell that is worse with it fails the test.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from law import PLACES
from law_arguments import Argument, arguments, composed
from programs_of_tests import ROOT, run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LEVELS = ("class", "instance")
# How many arguments share their processes.
TOGETHER = 24
BY_NAME = {one.name: one for one in arguments()}


class Sweep:
    """What became of some arguments: the cells that got worse, and how many there were."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.worse: list[str] = []
        self.tally: Counter[tuple[str, int, int]] = Counter()
        self._folder = folder
        self._python = python

    def add(
        self,
        some: Sequence[Argument],
        places: Sequence[str] = tuple(PLACES),
        serializers: Sequence[str] = ("pickle", "cloudpickle"),
    ) -> Sweep:
        """Try arguments, each in each place."""
        for number in range(0, len(some), TOGETHER):
            together = some[number : number + TOGETHER]
            for cell, ends in self._ends(together, places, serializers).items():
                name = together[int(cell.partition(".")[0])].name
                for level in LEVELS:
                    self.tally[level, rank(ends["none"]), rank(ends[level])] += 1
                    if rank(ends[level]) < rank(ends["none"]):
                        self.worse.append(f"{name} {cell} {level}: {ends['none']} -> {ends[level]}")
        return self

    def _ends(
        self, together: Sequence[Argument], places: Sequence[str], serializers: Sequence[str]
    ) -> dict[str, dict[str, str]]:
        request = {
            "arguments": together,
            "places": places,
            "levels": ("none", *LEVELS),
            "serializers": serializers,
        }
        folder = self._folder / str(len(list(self._folder.iterdir())))
        answer: dict[str, dict[str, str]] = run_program(
            "law.py", folder, python=self._python, text=json.dumps(request), PYTHONPATH=ROOT
        )
        return answer

    @property
    def cells(self) -> int:
        """How many cells were compared with those without the fix."""
        return sum(self.tally.values())


def rank(end: str) -> int:
    """Return how good an end is: an error, an object of another class, the very class."""
    return {"pass": 2, "another class": 1}.get(end, 0)


# One of each kind: what comes back, what never does, what has no name, what a name brings.
FEW = (
    "int",
    "serialize as any",
    "named serialize as any",
    "metadata after lambda",
    "named metadata field",
    "shared metadata equal only",
    "metadata after class method",
    "renamed enum",
    "renamed type variable",
    "metadata unhashable",
)


@pytest.mark.parametrize(
    "place", ["own", "main, all there", *(pytest.param(one, marks=pytest.mark.thorough) for one in ("other", "copied"))]
)
def test_nothing_is_worse(place: str, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path).add([BY_NAME[name] for name in FEW], [place])
    assert sweep.worse == []
    assert sweep.cells >= 60


@pytest.mark.thorough
def test_dill_is_no_worse(tmp_path: Path) -> None:
    pytest.importorskip("dill")
    sweep = Sweep(tmp_path).add([BY_NAME[name] for name in FEW], ["own"], ["dill"])
    assert sweep.worse == []
    assert sweep.cells >= 100


def test_much_is_better(tmp_path: Path) -> None:
    """The comparison is of something: without the fix most cells fail in a function, and with it they arrive."""
    tally = Sweep(tmp_path).add([BY_NAME["int"], BY_NAME["enum"]], ["function"]).tally
    assert tally["class", 0, 2] + tally["class", 1, 2] == 56 - tally["class", 0, 0] - tally["class", 1, 1]
    assert tally["class", 0, 2] >= 20
    assert tally["class", 1, 2] >= 20


def samples(count: int, seed: int) -> list[Argument]:
    """Return generated arguments, each within something, always the same ones."""
    return random.Random(seed).sample(composed(), count)


@pytest.mark.thorough
def test_no_argument_is_worse(tmp_path: Path) -> None:
    """Each kind, in some of the places; each place gets each fourth one."""
    sweep = Sweep(tmp_path)
    for number, place in enumerate(PLACES):
        sweep.add(arguments()[number % 4 :: 4], [place])
    assert sweep.worse == []
    assert sweep.cells > 22_000


# The oldest release, the newest, and those between at which registration or hashing changed.
RELEASES = ("2.0.3", "2.5.3", "2.10.6", "2.13.5", "2.14.1", "2.14.4")


@pytest.mark.network
@pytest.mark.parametrize("pydantic", RELEASES)
def test_no_release_is_worse(pydantic: str, environment: Callable[..., Path], tmp_path: Path) -> None:
    sweep = Sweep(tmp_path, str(environment(pydantic))).add(samples(16, RELEASES.index(pydantic)))
    assert sweep.worse == []
    assert sweep.cells > 5_000
