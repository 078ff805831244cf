"""Modules of the user's and installed packages are found, whatever they are called: none of ours is in their way."""

from __future__ import annotations

import json
import site
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended, Place

# What stands in a staging folder, or has stood there.
NAMES = (
    "catalog",
    "fix",
    "origin",
    "payloads",
    "picklecheck_probe",
    "repros",
    "serve",
    "shapes_specialization_elsewhere",
)
both = pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.thorough)])


def check(picklecheck: Callable[..., Ended], *arguments: str) -> dict[str, Any]:
    ended = picklecheck("run", *arguments, "--format", "json", "--serializer", "pickle")
    assert not ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


@both
def test_a_target_may_be_called_as_a_file_of_ours(
    isolation: str, place: Place, picklecheck: Callable[..., Ended]
) -> None:
    for name in NAMES:
        (place.work / f"{name}.py").write_text(
            f"class Mine:\n    name = {name!r}\n\n\ndef value():\n    return Mine()\n"
        )

    document = check(picklecheck, *(f"{name}:value" for name in NAMES), "--isolation", isolation)

    assert {(cell["scenario"], cell["outcome"]) for cell in document["cells"]} == {
        (f"{name}:value", "pass") for name in NAMES
    }


@both
def test_a_file_of_ours_is_nobodys_target(isolation: str, picklecheck: Callable[..., Ended]) -> None:
    names = set(NAMES) - {"repros"}  # where this repository is installed in editable mode, that one is installed, too
    document = check(picklecheck, *(f"{name}:value" for name in names), "--isolation", isolation)

    assert {cell["reason"].rpartition(": ")[2] for cell in document["cells"]} == {
        f"No module named {name!r}" for name in names
    }
    assert {cell["code"] for cell in document["cells"]} == {"PC904"}


@pytest.mark.thorough
@both
@pytest.mark.parametrize("fix", ["none", "class"])
def test_installed_packages_may_be_called_as_a_file_of_ours(
    isolation: str, fix: str, tmp_path: Path, place: Place, picklecheck: Callable[..., Ended]
) -> None:
    python = an_environment_with(tmp_path / "venv", NAMES)
    lines = [f"import {name}\nassert {name}.INSTALLED == {name!r}, {name}" for name in NAMES]
    (place.work / "jobs.py").write_text("\n".join([*lines, "def value():", "    return 1", ""]))

    document = check(
        picklecheck,
        "jobs:value",
        "shapes.specialization",
        "--python",
        str(python),
        "--isolation",
        isolation,
        "--fix",
        fix,
    )

    cells = [cell for cell in document["cells"] if cell["scenario"] == "jobs:value"]
    assert {cell["outcome"] for cell in cells} == {"pass"}
    assert "undecided" not in {cell["outcome"] for cell in document["cells"]}


def an_environment_with(folder: Path, names: tuple[str, ...]) -> Path:
    """Make a virtual environment that has what this one has, and modules of these names."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    installed = folder / "lib" / version / "site-packages"
    (installed / "others.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    for name in names:
        (installed / f"{name}.py").write_text(f"INSTALLED = {name!r}\n")
    return folder / "bin" / "python"
