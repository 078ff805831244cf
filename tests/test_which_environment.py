"""Which environment is examined: the project's, unless somebody names another one; and the report says which it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pydantic
import pytest

if TYPE_CHECKING:
    from conftest import Ended, Place

CELL = "app:value/pickle/own/cold/none"


def make_environment(folder: Path, *, is_usable: bool = True) -> Path:
    """Make a virtual environment, in which what this one has can be imported (or nothing), and a package of its own."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site_packages,) = (folder / "lib").glob("python*/site-packages")
    if is_usable:
        here = Path(pydantic.__file__).parent.parent
        (site_packages / "beyond.pth").write_text(f"{here}\n")
    (site_packages / "mark-1.0.dist-info").mkdir()
    return folder


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two environments: one that can be examined, and one that has nothing."""
    root = tmp_path_factory.mktemp("environments")
    make_environment(root / "usable")
    make_environment(root / "bare", is_usable=False)
    return root


def run(place: Place, *arguments: str, **variables: str) -> Ended:
    """Run picklecheck on a small target; without VIRTUAL_ENV unless that is given."""
    (place.work / "app.py").write_text("value = [1]\n")
    return place.run_python("-m", "picklecheck", "run", CELL, *arguments, environment={"VIRTUAL_ENV": "", **variables})


def is_another(ended: Ended) -> bool:
    """Was another environment examined than this one?"""
    (environment,) = json.loads(ended.stdout)["environments"]
    return "mark" in environment["packages"]


@pytest.mark.thorough
def test_without_any_it_is_the_one_that_picklecheck_stands_in(place: Place) -> None:
    ended = run(place, "--format", "json")

    assert (ended.status, ended.stderr) == (0, "")
    assert not is_another(ended)


@pytest.mark.thorough
def test_no_noise_where_that_is_the_active_one_and_the_project_s(place: Place) -> None:
    (place.work / ".venv").symlink_to(sys.prefix)
    for active in (sys.prefix, ""):
        ended = run(place, "--format", "json", VIRTUAL_ENV=active)
        assert (ended.status, ended.stderr) == (0, "")
        assert not is_another(ended)


def test_the_active_one_is_examined(place: Place, environments: Path) -> None:
    active = environments / "usable"
    (place.work / ".venv").symlink_to(environments / "bare")
    ended = run(place, "--format", "json", VIRTUAL_ENV=str(active))

    assert is_another(ended)
    assert ended.stderr == (
        f"picklecheck: Examining {active}/bin/python, since VIRTUAL_ENV names it; --python names another one.\n"
    )


@pytest.mark.parametrize("file", ["picklecheck.toml", "pyproject.toml"])
def test_without_an_active_one_it_is_the_project_s(file: str, place: Place, environments: Path) -> None:
    (place.work / ".venv").symlink_to(environments / "usable")
    (place.work / file).write_text("" if file == "pyproject.toml" else "timeout = 20\n")
    inner = place.work / "inner"
    inner.mkdir()
    (inner / "app.py").write_text("value = [1]\n")
    program = "import os; os.chdir('inner'); from picklecheck.cli import cli; cli()"
    ended = place.run_python("-c", program, "run", CELL, "--format", "json", environment={"VIRTUAL_ENV": ""})

    assert is_another(ended)
    words = f"Examining {place.work}/.venv/bin/python, since it is the project's"
    assert words in ended.stderr


def test_the_one_that_is_named_goes_before_all(place: Place, environments: Path) -> None:
    (place.work / ".venv").symlink_to(environments / "usable")
    ended = run(place, "--format", "json", "--python", sys.executable, VIRTUAL_ENV=str(environments / "usable"))

    assert (ended.status, ended.stderr) == (0, "")
    assert not is_another(ended)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "bare",
            "cannot import pydantic.\n  Install pydantic (2.0 or later) and cloudpickle there, or name another with",
        ),
        (
            "gone",
            "which is to be examined since VIRTUAL_ENV names it.\n  Make it anew, or name another one with --python.",
        ),
    ],
)
def test_one_that_cannot_be_examined_is_not_passed_over(
    name: str, words: str, place: Place, environments: Path
) -> None:
    ended = run(place, VIRTUAL_ENV=str(environments / name))

    assert (ended.status, ended.stdout) == (3, "")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_format_names_the_versions(place: Place) -> None:
    python = ".".join(map(str, sys.version_info[:3]))
    forms = ("json", "junit", "markdown", "github-summary", "svg")
    outputs = [word for form in forms for word in ("--output", f"{form}=report.{form}")]
    ended = run(place, "-q", *outputs)

    assert ended.stdout.splitlines()[0].startswith(f"python {python}  pydantic {pydantic.VERSION}  cloudpickle ")
    for form in forms:
        text = (place.work / f"report.{form}").read_text()
        assert python in text, form
        assert pydantic.VERSION in text, form
    assert os.listdir(place.temporary) == []  # noqa: PTH208
