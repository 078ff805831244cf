"""Real environments, built by uv: what the catalogue does on old and new Pydantics and Pythons."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended

pytestmark = pytest.mark.network

# Whole catalogues; a sample of the records (test_records) covers the releases in between.
VERSIONS = ("2.0.3", "2.14.3")
# Where a specialization at module scope of __main__ is registered, and what that does to plain pickle:
# Pydantic -> outcomes of shapes.specialization/pickle, by site and receiver, without a fix.
REPRODUCTION = {
    "2.0.3": {"main/cold": "load-error", "main/warm": "pass", "function/cold": "dump-error"},
    "2.5.3": {"main/cold": "load-error", "main/warm": "pass", "function/cold": "dump-error"},
    "2.10.6": {"main/cold": "load-error", "main/warm": "pass", "function/cold": "dump-error"},
    "2.13.5": {"main/cold": "load-error", "main/warm": "pass", "function/cold": "dump-error"},
    "2.14.1": {"main/cold": "dump-error", "main/warm": "dump-error", "function/cold": "dump-error"},
    "2.14.3": {"main/cold": "load-error", "main/warm": "pass", "function/cold": "dump-error"},
}


def report(ended: Ended) -> dict[str, Any]:
    """Read a report from stdout."""
    assert ended.stderr == ""
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


@pytest.mark.parametrize("pydantic", VERSIONS)
def test_catalogue(pydantic: str, environment: Callable[..., Path], picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("run", "--python", str(environment(pydantic)), "--format", "json", timeout=300)

    document = report(ended)
    assert document["environments"][0]["pydantic"] == pydantic
    assert document["environments"][0]["cloudpickle"] == "3.1.2"
    outcomes = {cell["id"]: cell["outcome"] for cell in document["cells"]}
    for place, outcome in REPRODUCTION[pydantic].items():
        assert outcomes[f"shapes.specialization/pickle/{place}/none"] == outcome
    broken = [cell["id"] for cell in document["cells"] if cell["expected"] is False]
    assert broken == []
    assert document["summary"]["none"].get("undecided") is None
    assert ended.status == 0
    # A fix that broke what works without it would hide as "unsupported": it must be the same cells under all three.
    assert unsupported(document, "none") == unsupported(document, "instance") == unsupported(document, "class")
    # Controls are never affected; nearly everything else is.
    controls = {cell["outcome"] for cell in document["cells"] if cell["scenario"].startswith("controls.")}
    assert controls == {"pass"}


def unsupported(document: dict[str, Any], fix: str) -> set[str]:
    """Return the cells that this environment could not express under a fix, without the fix in their name."""
    return {
        cell["id"].rpartition("/")[0]
        for cell in document["cells"]
        if cell["fix"] == fix and cell["outcome"] == "unsupported"
    }


@pytest.mark.parametrize(("pydantic", "selection", "least"), [("2.0.3", "g*.*", 500), ("2.14.3", "[sc]*.*", 1500)])
def test_every_site_and_receiver_under_the_class_fix(
    pydantic: str, selection: str, least: int, environment: Callable[..., Path], picklecheck: Callable[..., Ended]
) -> None:
    sites = ("main", "function", "elsewhere", "annotation", "origin")
    receivers = ("cold", "warm", "warm-function", "warm-same", "warm-other", "bare")
    axes = [word for site in sites for word in ("--site", site)]
    axes += [word for receiver in receivers for word in ("--receiver", receiver)]
    arguments = ("run", selection, "--python", str(environment(pydantic)), "--fix", "class", *axes, "--format", "json")

    document = report(picklecheck(*arguments, timeout=600))

    assert [cell["id"] for cell in document["cells"] if cell["outcome"] not in ("pass", "unsupported")] == []
    assert len(document["cells"]) > least


@pytest.mark.parametrize(
    ("python", "pydantic"),
    [("3.8", "2.10.6"), ("3.10", "2.5.3"), ("3.13", "2.14.3")],
)
def test_other_pythons(
    python: str, pydantic: str, environment: Callable[..., Path], picklecheck: Callable[..., Ended]
) -> None:
    interpreter = find_python(python)
    if interpreter is None:
        pytest.skip(f"no Python {python} on this machine")

    document = report(
        picklecheck(
            *("run", "--fix", "none", "--fix", "class", "--receiver", "cold", "--format", "json"),
            *("--python", str(environment(pydantic, interpreter))),
            timeout=300,
        )
    )

    assert document["environments"][0]["python"].startswith(f"{python}.")
    assert [cell["id"] for cell in document["cells"] if cell["expected"] is False] == []
    assert sum(cell["outcome"] == "pass" for cell in document["cells"] if cell["fix"] == "class") > 150


def find_python(version: str) -> str | None:
    """Return an interpreter of that version, if pyenv or PATH has one."""
    for path in sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python")):
        return str(path)
    found = shutil.which(f"python{version}")
    if found is None:
        return None
    asked = subprocess.run([found, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=False)
    return found if asked.stdout.startswith(f"{version}.") else None
