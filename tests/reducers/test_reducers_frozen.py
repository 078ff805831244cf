"""Payloads that earlier versions wrote: this one loads them, and so does Pydantic without us."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from programs_of_tests import ROOT, run_program

import picklecheck

if TYPE_CHECKING:
    from collections.abc import Callable

FROZEN = sorted((Path(__file__).parent / "frozen").glob("*.json"))


def test_this_version_has_frozen_its_payloads() -> None:
    """Made by programs/freeze.py, once."""
    assert f"{picklecheck.__version__}.json" in [file.name for file in FROZEN]


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_pydantic_alone_loads_them(file: Path) -> None:
    assert run_program("frozen_receive.py", file, "class", "instance", PYTHONPATH="") == {"count": 96, "wrong": {}}


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_this_version_loads_those_that_propagate(file: Path) -> None:
    assert run_program("frozen_receive.py", file, "propagate", PYTHONPATH=ROOT) == {"count": 51, "wrong": {}}


# Pydantic up to 2.1 asks the state of a RootModel for more than later ones write: no business of the reducers.
NOT_READ = {"2.0.3": {"root"}}


@pytest.mark.network
@pytest.mark.parametrize("pydantic", ["2.0.3", "2.5.3", "2.10.6", "2.13.5", "2.14.1"])
def test_other_pydantics_load_them(pydantic: str, environment: Callable[..., Path]) -> None:
    for file in FROZEN:
        document = run_program(
            "frozen_receive.py", file, "class", "instance", python=environment(pydantic), PYTHONPATH=""
        )
        assert document["count"] == 96
        assert {key.split()[1] for key in document["wrong"]} == NOT_READ.get(pydantic, set()), document["wrong"]
