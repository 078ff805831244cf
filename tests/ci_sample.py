"""A pytest plugin: the sample project, recorded, and an environment for the action's script."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from typing import TYPE_CHECKING

import pytest
from ci_files import REPOSITORY, SURROUNDINGS

if TYPE_CHECKING:
    from pathlib import Path

# --- the action's script, run for real ---


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds picklecheck, as the action makes one."""
    folder = tmp_path_factory.mktemp("own") / "environment"
    venv.create(folder, with_pip=False, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    paths = {str(REPOSITORY), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "picklecheck.pth").write_text("\n".join(sorted(paths)) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project in a repository of its own, with a baseline."""
    folder = tmp_path_factory.mktemp("recorded") / "shop"
    shutil.copytree(REPOSITORY / "tests" / "sample_project", folder, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    for line in ("run --no-baseline --output json=report.json", "baseline update report.json"):
        command = [sys.executable, "-m", "picklecheck", *line.split()]
        variables = {**SURROUNDINGS, "PYTHONPATH": str(REPOSITORY), "CI": ""}
        subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True)
    return folder


@pytest.fixture
def project(recorded: Path, tmp_path: Path) -> Path:
    """A copy of the sample project, with a baseline and ``report.json``, the report that it was recorded from."""
    return shutil.copytree(recorded, tmp_path / "project" / "shop")
