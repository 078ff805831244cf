"""The witness, for real: receivers are in the state that their cell names, and one that is not is noticed."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from picklecheck.harness.settings import RunSettings
from picklecheck.harness.staging import StagingFolder
from picklecheck.harness.worker import Worker
from picklecheck.model import ALL_SITES, RECEIVERS, Cell, Outcome, Result, Serializer
from picklecheck.plan.cells import groups_of, obstacle
from picklecheck.plan.targets import targets_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Ended, Place

    from picklecheck.model import Scenario

BOX = "shapes.specialization"
MODULE = """
from typing import Generic, TypeVar
from pydantic import BaseModel

T = TypeVar("T")

class Box(BaseModel, Generic[T]):
    value: T

def make():
    return Box[int](value=5)
"""
WARM = {"warm", "warm-function", "warm-other", "warm-same"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StagingFolder]:
    """A staging folder; what it holds can be changed before a server starts there."""
    (tmp_path / "boxes.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with StagingFolder() as opened:
        yield opened


def check(folder: StagingFolder, name: str, *, isolation: str = "fork") -> dict[tuple[str, str], Result]:
    """Return the results of one scenario at all sites and receivers, under the fix, by site and receiver."""
    settings = RunSettings(isolation, 1, 30.0, (str(Path.cwd()),))
    with Worker(Path(sys.executable), settings, folder, threading.Event()) as worker:
        scenario = _scenario(worker, name)
        sites = ("own",) if scenario.is_target else ALL_SITES[:-1]
        cells = [
            Cell(scenario.id, Serializer("pickle"), site, receiver, "class")
            for site in sites
            for receiver in RECEIVERS
            if not obstacle(scenario.id, site, receiver)
        ]
        results = [one for group in groups_of(cells) for one in worker.check(scenario, group, "here")]
    return {(one.cell.site, one.cell.receiver): one for one in results}


def _scenario(worker: Worker, name: str) -> Scenario:
    if ":" in name:
        (target,) = targets_in([name])
        return target
    return next(one for one in worker.scenarios() if one.id == name)


def doubted(results: dict[tuple[str, str], Result]) -> set[tuple[str, str]]:
    """Return where a receiver was found not to be in its state."""
    return {key for key, one in results.items() if one.verdict.code == "PC906"}


def change(folder: StagingFolder, name: str, text: str) -> None:
    """Add to the end of a file in the staging folder."""
    with (folder.root / name).open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("name", [BOX, "controls.plain_model", "boxes:make"])
def test_receivers_are_in_their_state(folder: StagingFolder, name: str, isolation: str) -> None:
    results = check(folder, name, isolation=isolation)

    # A second hop may fail on its own account: the relay has no fix.
    assert {one.verdict.outcome for (_, receiver), one in results.items() if receiver != "relay"} == {Outcome.PASS}
    assert doubted(results) == set()


def test_a_witness_that_always_says_yes_is_noticed(folder: StagingFolder) -> None:
    change(folder, "picklecheck_probe/witness.py", "\n\ndef exists(described):\n    return True\n")

    results = check(folder, BOX)
    assert doubted(results) == set(results)


def test_a_witness_that_always_says_no_is_noticed(folder: StagingFolder) -> None:
    change(folder, "picklecheck_probe/witness.py", "\n\ndef exists(described):\n    return False\n")

    results = check(folder, BOX)
    imports_the_class = {("origin", "cold"), ("origin", "relay")}
    assert doubted(results) == imports_the_class | {key for key in results if key[1] in WARM}


def test_a_witness_that_sees_no_module_is_noticed(folder: StagingFolder) -> None:
    change(folder, "picklecheck_probe/witness.py", "\nWitness.staged_modules = lambda self: []\n")

    results = check(folder, BOX)
    assert doubted(results) == {key for key in results if not key[1].startswith("bare")}


def test_a_target_that_a_warm_receiver_did_not_evaluate_is_noticed(folder: StagingFolder) -> None:
    change(folder, "picklecheck_probe/witness.py", "\n\ndef exists(described):\n    return False\n")

    assert doubted(check(folder, "boxes:make")) == {("own", one) for one in ("warm", "warm-function", "warm-other")}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("import repros.shapes", "repros.shapes had been imported before it began"),
        ("from repros.shapes import Box; HELD = Box[int]", "Box[int] existed before it began"),
    ],
)
def test_a_server_that_is_warm_is_noticed(folder: StagingFolder, statement: str, words: str) -> None:
    """What stands in the server's process stands in each child that it forks."""
    text = folder.server_main.read_text("utf-8")
    folder.server_main.write_text(f"{statement}\n{text}", encoding="utf-8")

    # Where the origin's module evaluates, the producer finds another module in its place.
    results = {key: one for key, one in check(folder, BOX).items() if key[0] != "origin"}
    assert doubted(results) == set(results)
    for (_, receiver), one in results.items():
        role = "relay" if receiver == "relay" else "receiver"
        state = "cold" if receiver == "relay" else receiver
        assert one.verdict.reason == f"the {role} was not {state}: {words}"


def test_an_environment_that_evaluates_it_in_each_process_is_never_cold(
    place: Place, picklecheck: Callable[..., Ended], tmp_path: Path
) -> None:
    """As a ``.pth`` file does that a team installs: none of its processes is cold, and the check says so."""
    (place.work / "boxes.py").write_text(MODULE, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (site / "all.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    words = ("boxes:make", "--receiver", "bare", "--fix", "class", "--serializer", "pickle", "--format", "json")
    python = str(tmp_path / "venv" / "bin" / "python")

    before = picklecheck("run", *words, "--python", python)
    (site / "warm.pth").write_text(
        f"import sys; sys.path.insert(0, {str(place.work)!r}); import boxes; boxes.held = boxes.make()\n", "utf-8"
    )
    after = picklecheck("run", *words, "--python", python)

    (well,), (ill,) = json.loads(before.stdout)["cells"], json.loads(after.stdout)["cells"]
    assert (before.status, well["outcome"]) == (0, "pass")
    assert (after.status, ill["outcome"], ill["code"]) == (3, "undecided", "PC906")
    assert ill["reason"] == "the receiver was not bare: Box[int] existed before it began"
