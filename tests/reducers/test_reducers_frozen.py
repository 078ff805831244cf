"""Payloads that earlier versions wrote: this one loads them, and so does Pydantic without us."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import picklecheck

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAMS = Path(__file__).parent / "programs"
FROZEN = sorted((Path(__file__).parent / "frozen").glob("*.json"))


def receive(interpreter: str | Path, file: Path, modes: tuple[str, ...], root: str) -> Any:
    done = subprocess.run(
        [interpreter, PROGRAMS / "frozen_receive.py", file, *modes],
        env={**os.environ, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_this_version_has_frozen_its_payloads() -> None:
    """Made by programs/freeze.py, once."""
    assert f"{picklecheck.__version__}.json" in [file.name for file in FROZEN]


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_pydantic_alone_loads_them(file: Path) -> None:
    assert receive(sys.executable, file, ("class", "instance"), "") == {"count": 96, "wrong": {}}


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_this_version_loads_those_that_propagate(file: Path) -> None:
    root = str(Path(picklecheck.__file__).parent.parent)
    assert receive(sys.executable, file, ("propagate",), root) == {"count": 51, "wrong": {}}


# Pydantic up to 2.1 asks the state of a RootModel for more than later ones write: no business of the reducers.
NOT_READ = {"2.0.3": {"root"}}


@pytest.mark.network
@pytest.mark.parametrize("pydantic", ["2.0.3", "2.5.3", "2.10.6", "2.13.5", "2.14.1"])
def test_other_pydantics_load_them(pydantic: str, environment: Callable[..., Path]) -> None:
    for file in FROZEN:
        document = receive(environment(pydantic), file, ("class", "instance"), "")
        assert document["count"] == 96
        assert {key.split()[1] for key in document["wrong"]} == NOT_READ.get(pydantic, set()), document["wrong"]
