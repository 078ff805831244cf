"""Nothing of the command line's environment leaks into a child, and both isolations see the same."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

# What a fork and a new interpreter must agree on.
JUDGED = ("outcome", "code", "expected", "protocol")


def report(ended: Ended) -> dict[str, Any]:
    """Read a report from stdout."""
    assert ended.stderr == ""
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def judged(document: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    """Return what was found about each cell."""
    return {cell["id"]: tuple(cell[key] for key in JUDGED) for cell in document["cells"]}


def test_quick_cells_agree(picklecheck: Callable[..., Ended]) -> None:
    arguments = ("run", "shapes.specialization", "--format", "json", "--fix", "none", "--receiver", "cold")
    forked = report(picklecheck(*arguments, "--isolation", "fork"))
    spawned = report(picklecheck(*arguments, "--isolation", "spawn"))

    assert {cell["isolation"] for cell in forked["cells"]} == {"fork"}
    assert {cell["isolation"] for cell in spawned["cells"]} == {"spawn"}
    assert len(judged(forked)) == 4
    assert judged(forked) == judged(spawned)


@pytest.mark.thorough
@pytest.mark.parametrize(("site", "fix"), [("main", "none"), ("function", "class")])
def test_the_whole_catalogue_agrees(site: str, fix: str, picklecheck: Callable[..., Ended]) -> None:
    """Without the fix and with its level ``class``; ``instance`` takes the same way and is left to fork."""
    serializer = ("--serializer", "pickle" if fix == "none" else "cloudpickle")
    arguments = ("run", "--site", site, "--fix", fix, *serializer, "--format", "json", "--isolation")
    forked = report(picklecheck(*arguments, "fork", timeout=300))
    spawned = report(picklecheck(*arguments, "spawn", timeout=1500))

    assert len(judged(forked)) > 120
    assert judged(forked) == judged(spawned)


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.thorough)])
def test_a_poisoned_environment_does_not_leak_in(
    isolation: str, place: Place, picklecheck: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line itself is started with -P -E -s, for it is not what is tested here."""
    poison = place.work / "poison"
    user_site = place.work / "user" / "lib" / "python" / "site-packages"
    for folder in (poison, user_site):
        folder.mkdir(parents=True)
        for module in ("json", "pickle", "usercustomize", "picklecheck_poison"):
            (folder / f"{module}.py").write_text(f"raise SystemExit('poisoned by {folder}')\n")
    # PYTHONPATH would stop our own Python too, so it is set for what we start: see Place.environment.
    monkeypatch.setenv("PYTHONUSERBASE", str(place.work / "user"))
    monkeypatch.setenv("PYTHONSTARTUP", str(poison / "json.py"))
    monkeypatch.setenv("PYTHONHOME_", str(poison))
    main = place.work / "start.py"
    main.write_text(
        "import os\n"
        f"os.environ['PYTHONPATH'] = {str(poison)!r}\n"
        "os.environ['PYTHONWARNINGS'] = 'error'\n"
        "os.environ['PYTHONOPTIMIZE'] = '2'\n"
        "from picklecheck.__main__ import main\n"
        "main()\n"
    )
    ended = place.run_python(str(main), "run", "shapes.specialization", "--isolation", isolation, "--format", "json")

    document = report(ended)
    outcomes = {cell["id"]: cell["outcome"] for cell in document["cells"]}
    assert outcomes == {
        cell["id"]: cell["outcome"]
        for cell in report(picklecheck("run", "shapes.specialization", "--format", "json"))["cells"]
    }
    assert len(outcomes) == 24


@pytest.mark.thorough
def test_no_receiver_can_import_picklecheck(picklecheck: Callable[..., Ended]) -> None:
    document = report(picklecheck("run", "shapes.specialization", "values.*", "--format", "json"))

    receivers = [cell["observation"]["receiver"] for cell in document["cells"] if cell["observation"]["receiver"]]
    assert len(receivers) > 100
    assert all(one["facts"]["picklecheck_modules"] == [] for one in receivers)
    producers = {cell["fix"]: cell["observation"]["producer"] for cell in document["cells"]}
    assert producers["none"]["facts"]["picklecheck_modules"] == []
    assert "picklecheck.reducers" in producers["class"]["facts"]["picklecheck_modules"]


@pytest.mark.thorough
def test_payloads_name_the_standard_library_and_the_users_modules_alone(picklecheck: Callable[..., Ended]) -> None:
    """The fix's promise, read statically off every payload of the catalogue."""
    arguments = ("--fix", "instance", "--fix", "class", "--receiver", "bare", "--site", "function", "--format", "json")
    document = report(picklecheck("run", *arguments))

    # pydantic (RootModel), the metadata of annotated types and NewTypes are what the catalogue's own code names.
    allowed = {"repros", "pydantic", "annotated_types", "typing_extensions", *sys.stdlib_module_names}
    foreign = {
        (cell["id"], name)
        for cell in document["cells"]
        if cell["expected"]
        for name in cell["observation"]["payload"]["globals"]
        # cloudpickle sends TypeVars by value, by means of its own; who reads such a payload has it.
        if name.split(".")[0].split(" ")[0] not in allowed | {cell["serializer"]}
    }
    assert foreign == set()
    assert sum(cell["expected"] is True for cell in document["cells"]) > 200
