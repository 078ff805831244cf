"""What picklecheck does with a value has a time limit of its own, and is no failure of the user's."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.harness import probe_client
from picklecheck.model import Outcome
from picklecheck.probe import portrait
from picklecheck.testing import ColdRoundtrip, NotPortableError, UndecidedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

JOBS = """
import time
from pydantic import BaseModel, model_serializer
def many(): return list(range(3_000_000))
class Slow(BaseModel):
    n: int = 1
    @model_serializer
    def slow(self): time.sleep(60)
def slow(): return Slow()
"""


def test_comparing_too_long_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_client, "OWN_LIMIT", 0.01)
    with ColdRoundtrip() as roundtrip, pytest.raises(UndecidedError) as caught:
        roundtrip([[number] for number in range(30_000)])

    assert "PC905 undecided" in str(caught.value)


@pytest.mark.thorough
def test_a_comparison_that_was_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait, "MAX_SECONDS", 0.05)
    many: list[Any] = [[number] for number in range(100_000)]
    with ColdRoundtrip() as roundtrip:
        with pytest.raises(UndecidedError) as undecided:
            roundtrip(many)
        with pytest.raises(NotPortableError):
            roundtrip([lambda: 1, *many])

    assert "PC905 undecided" in str(undecided.value)


@pytest.mark.thorough
def test_millions_of_numbers_are_compared() -> None:
    started = time.monotonic()
    with ColdRoundtrip() as roundtrip:
        assert roundtrip(list(range(300_000))).verdict.outcome is Outcome.PASS
    assert time.monotonic() - started < 10


@pytest.mark.thorough
def test_what_looking_takes_is_not_the_user_s_time(place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "jobs.py").write_text(JOBS)
    ended = picklecheck("run", "jobs:many/pickle/own/bare/none", "--timeout", "2", "--format", "json")

    (cell,) = json.loads(ended.stdout)["cells"]
    assert (cell["outcome"], cell["code"]) == ("pass", None)
