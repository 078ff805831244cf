"""Find the first release in which something changed."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from picklecheck.plan.bisection import Bisection, CannotJudgeError, State, bisect

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

BEFORE, AFTER = {"cell": "pass"}, {"cell": "load-error PC201"}


def releases(number: int) -> list[str]:
    return [f"2.{minor}.0" for minor in range(number)]


@dataclass
class FakeReleases:
    """Releases of which only some can be judged; remembers which ones were asked for."""

    line: Sequence[str]
    changed: Collection[str]
    lost: Collection[str] = ()
    asked: list[str] = field(default_factory=list)

    def examine(self, version: str) -> State:
        self.asked.append(version)
        if version in self.lost:
            msg = f"no wheel for {version}"
            raise CannotJudgeError(msg)
        return AFTER if version in self.changed else BEFORE

    def bisect(self) -> Bisection:
        return bisect(self.line, {self.line[0]: BEFORE, self.line[-1]: AFTER}, self.examine, AFTER.__eq__)


def search(line: Sequence[str], first: int, lost: Collection[str] = ()) -> tuple[Bisection, list[str]]:
    """Look for a change at place ``first``; return what was found, and which releases were examined."""
    fake = FakeReleases(line, line[first:], lost)
    return fake.bisect(), fake.asked


@pytest.mark.parametrize("length", range(2, 71))
def test_a_change_is_found_wherever_it_is_by_halving(length: int) -> None:
    line = releases(length)
    for first in range(1, length):
        found, asked = search(line, first)

        assert (found.last_unchanged, found.first_changed) == (line[first - 1], line[first])
        assert found.changed_in == found.first_changed
        assert (found.between, found.skipped, found.length) == ((), {}, length)
        assert len(asked) <= math.ceil(math.log2(length)) + 1


@pytest.mark.parametrize("length", [2, 3, 4, 9, 33, 70])
def test_no_release_is_examined_twice_and_the_ends_not_at_all(length: int) -> None:
    line = releases(length)
    for first in range(1, length):
        _, asked = search(line, first)

        assert len(set(asked)) == len(asked)
        assert set(asked).isdisjoint((line[0], line[-1]))


def test_two_neighbours_need_no_look() -> None:
    found, asked = search(["2.0.0", "2.1.0"], 1)

    assert asked == []
    assert found == Bisection("2.0.0", "2.1.0", (), {"2.0.0": BEFORE, "2.1.0": AFTER}, {}, 2)


def test_what_was_seen_comes_in_the_order_of_the_line() -> None:
    line = releases(20)
    found, asked = search(line, 3)

    assert list(found.seen) == sorted({*asked, line[0], line[-1]}, key=line.index)
    assert found.seen["2.2.0"] == BEFORE
    assert found.seen["2.3.0"] == AFTER


def test_the_ends_are_not_changed_by_the_search() -> None:
    ends = {"2.0.0": BEFORE, "2.9.0": AFTER}
    bisect(releases(10), ends, lambda _: AFTER, AFTER.__eq__)

    assert ends == {"2.0.0": BEFORE, "2.9.0": AFTER}


@pytest.mark.parametrize("first", range(1, 12))
def test_a_line_may_run_from_new_to_old(first: int) -> None:
    line = releases(12)[::-1]
    found, _ = search(line, first)

    assert (found.last_unchanged, found.first_changed) == (line[first - 1], line[first])
    assert found.changed_in == found.last_unchanged
    assert list(found.seen) == [version for version in line if version in found.seen]


def test_a_release_that_cannot_be_judged_is_passed_by() -> None:
    line = releases(9)
    middle = line[4]
    found, asked = search(line, 7, {middle})

    assert middle in asked
    assert (found.last_unchanged, found.first_changed, found.between) == (line[6], line[7], ())
    assert found.skipped == {middle: f"no wheel for {middle}"}
    assert middle not in found.seen


def test_next_to_the_change_it_may_be_the_first() -> None:
    line = releases(9)
    found, _ = search(line, 5, {line[4], line[5]})

    assert (found.last_unchanged, found.first_changed) == (line[3], line[6])
    assert found.between == (line[4], line[5])
    assert list(found.skipped) == [line[4], line[5]]


def test_nothing_between_the_ends_can_be_judged() -> None:
    line = releases(30)
    found, asked = search(line, 11, set(line[1:-1]))

    assert (found.last_unchanged, found.first_changed) == (line[0], line[-1])
    assert found.between == tuple(line[1:-1])
    assert list(found.skipped) == line[1:-1]
    assert sorted(asked) == sorted(line[1:-1])


@pytest.mark.parametrize("length", range(2, 9))
def test_whatever_cannot_be_judged_the_answer_is_as_narrow_as_can_be(length: int) -> None:
    line = releases(length)
    for first in range(1, length):
        for kept in itertools.product((True, False), repeat=length - 2):
            lost = {version for version, is_kept in zip(line[1:-1], kept, strict=True) if not is_kept}
            judged = [number for number, version in enumerate(line) if version not in lost]
            low = max(number for number in judged if number < first)
            high = min(number for number in judged if number >= first)
            found, _ = search(line, first, lost)

            assert (found.last_unchanged, found.first_changed) == (line[low], line[high])
            assert found.between == tuple(line[low + 1 : high])
            assert set(found.skipped) <= lost


def test_of_several_changes_one_is_found() -> None:
    line = releases(7)
    for pattern in itertools.product((True, False), repeat=5):
        inner = {version for version, is_changed in zip(line[1:-1], pattern, strict=True) if is_changed}
        fake = FakeReleases(line, {*inner, line[-1]})
        found = fake.bisect()

        assert line.index(found.first_changed) == line.index(found.last_unchanged) + 1
        assert found.first_changed in fake.changed
        assert found.last_unchanged not in fake.changed


def test_only_what_is_asked_for_counts_as_a_change() -> None:
    states = {"a": {"x": "pass"}, "b": {"x": "dump-error PC101"}, "c": {"x": "load-error PC201"}}
    found = bisect(list("abc"), states, states.__getitem__, lambda state: state["x"].startswith("load-error"))

    assert (found.last_unchanged, found.first_changed) == ("b", "c")


def test_another_error_is_not_taken_for_a_release_that_cannot_be_judged() -> None:
    def examine(_: str) -> State:
        msg = "the disk is full"
        raise OSError(msg)

    with pytest.raises(OSError, match="the disk is full"):
        bisect(releases(3), {"2.0.0": BEFORE, "2.2.0": AFTER}, examine, AFTER.__eq__)
