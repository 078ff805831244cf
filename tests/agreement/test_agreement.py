"""What is said of a target agrees with what plain programs see, over inputs of public bug reports."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import plain_programs
import plain_runs
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import Ended
    from plain_programs import Bug

BUGS = plain_runs.find_bugs()
# Arrives with the fix alone, is found by a name, by its payload alone, by its == alone; and a script's.
QUICK = ("in_a_function", "serialize_as_any", "partial", "sender_reduces", "main_in_a_function")
QUICK_RECEIVERS = ("cold", "warm-function")
PARTS = 4
# What takes a minute with all states is done with one of them for each release, and with every other input.
RECEIVER_OF = {
    "2.0.3": "cold",
    "2.5.3": "bare-module",
    "2.10.6": "warm-function",
    "2.13.5": "bare-module",
    "2.14.1": "cold",
}


def named(names: Sequence[str]) -> list[Bug]:
    """Return the bugs of these names."""
    return [bug for bug in BUGS if bug.name in names]


class Agreement:
    """Asks both sides about the same cells, and tells where they differ."""

    def __init__(self, picklecheck: Callable[..., Ended], folder: Path, python: str) -> None:
        self._picklecheck = picklecheck
        self._folder = folder
        self._python = python

    def differences(self, bugs: Sequence[Bug], receivers: Sequence[str], *, is_forking: bool = True) -> list[str]:
        """Return a line for each cell of which the check and the plain programs say two things."""
        interpreter = plain_runs.Interpreter(self._python, self._folder, is_forking=is_forking)
        try:
            right = plain_runs.outcomes(bugs, interpreter, receivers)
        finally:
            interpreter.close()
        said = self._said([bug for bug in bugs if not bug.is_script], plain_programs.OF_MODULES, receivers)
        said |= self._said([bug for bug in bugs if bug.is_script], plain_programs.OF_SCRIPTS, receivers)
        assert right
        return [
            f"{'/'.join(key)}: plain programs {outcome}, picklecheck {said[key]['outcome']} {said[key]['code']}"
            for key, outcome in right.items()
            if outcome != said[key]["outcome"]
        ]

    def _said(
        self, bugs: Sequence[Bug], possible: Sequence[str], receivers: Sequence[str]
    ) -> dict[plain_runs.Key, dict[str, Any]]:
        if not bugs:
            return {}
        axes = {
            "--receiver": [one for one in possible if one in receivers],
            "--serializer": plain_runs.SERIALIZERS,
            "--fix": plain_runs.FIXES,
        }
        words = [word for axis, values in axes.items() for value in values for word in (axis, value)]
        ended = self._picklecheck(
            "run", *(bug.target for bug in bugs), "--python", self._python, *words, "--format", "json", timeout=300
        )
        cells = json.loads(ended.stdout)["cells"]
        return {(one["scenario"], one["serializer"], one["receiver"], one["fix"]): one for one in cells}


@pytest.fixture
def agreement(
    picklecheck: Callable[..., Ended], tmp_path: Path, place: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Agreement]:
    """Ask both sides, with one interpreter."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for name in ("bugs", "scripts"):
        (place.work / name).symlink_to(plain_runs.HERE / name)
    folder = tmp_path / "plain"
    folder.mkdir()
    return lambda python=sys.executable: Agreement(picklecheck, folder, python)


def test_the_inputs_are_many() -> None:
    assert len(BUGS) > 60
    assert {bug.name for bug in named(QUICK)} == set(QUICK)


def test_a_few_agree(agreement: Callable[..., Agreement]) -> None:
    assert agreement().differences(named(QUICK), QUICK_RECEIVERS) == []


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(PARTS))
def test_all_agree_in_all_receivers(part: int, agreement: Callable[..., Agreement]) -> None:
    """Each input in every other state; the quick one has some in both."""
    receivers = (*plain_programs.OF_MODULES, *plain_programs.OF_SCRIPTS)

    assert agreement().differences(BUGS[part::PARTS], receivers[part % 2 :: 2]) == []


@pytest.mark.thorough
def test_new_interpreters_see_the_same(agreement: Callable[..., Agreement]) -> None:
    assert agreement().differences(named(QUICK), QUICK_RECEIVERS, is_forking=False) == []


@pytest.mark.network
@pytest.mark.parametrize("pydantic", RECEIVER_OF)
def test_all_agree_on_other_releases(
    pydantic: str, environment: Callable[..., Path], agreement: Callable[..., Agreement]
) -> None:
    some = BUGS[list(RECEIVER_OF).index(pydantic) % 2 :: 2]

    assert agreement(str(environment(pydantic))).differences(some, [RECEIVER_OF[pydantic]]) == []
