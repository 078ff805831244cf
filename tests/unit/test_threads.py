"""Threads whose output is read as one stream."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING, NoReturn

import pytest

from picklecheck import threads
from picklecheck.threads import LinkedEvent, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 10.0


def wait_until(is_met: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + PATIENCE
    while not is_met():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def count_up(name: str, number: int) -> Iterator[tuple[str, int]]:
    return ((name, each) for each in range(number))


def fail(error: BaseException, *before: str) -> Iterator[str]:
    yield from before
    raise error


@pytest.mark.parametrize("number", [1, 3])
def test_each_sources_items_come_in_its_order(number: int) -> None:
    found = list(gather([count_up(f"s{each}", 50) for each in range(number)]))

    assert len(found) == 50 * number
    for each in range(number):
        assert [item for item in found if item[0] == f"s{each}"] == list(count_up(f"s{each}", 50))


def test_more_items_than_may_wait() -> None:
    number = 2 * threads._AHEAD + 7

    assert sorted(gather([count_up("a", number), count_up("b", number)])) == [
        *count_up("a", number),
        *count_up("b", number),
    ]


def test_no_sources_yield_nothing() -> None:
    assert list(gather([])) == []


def test_sources_without_items_yield_nothing() -> None:
    assert list(gather([iter(()), iter(())])) == []


def test_an_item_may_be_anything_but_the_mark_of_an_end() -> None:
    items = ["", 0, (), False, ValueError("an item, not an error")]

    assert list(gather([iter(items)])) == items


def test_every_source_runs_in_a_thread_of_its_own() -> None:
    meeting = threading.Barrier(3, timeout=PATIENCE)

    def source() -> Iterator[int]:
        meeting.wait()  # none of them gets past it alone
        yield threading.get_ident()

    found = set(gather([source(), source(), source()]))

    assert len(found) == 3
    assert threading.get_ident() not in found


def test_nothing_starts_before_somebody_reads() -> None:
    started = threading.Event()

    def source() -> Iterator[int]:
        started.set()
        yield 1

    stream = gather([source()])

    assert not started.wait(0.02)
    assert list(stream) == [1]


@pytest.mark.parametrize("error", [ValueError("what"), KeyboardInterrupt(), SystemExit(3)])
def test_what_a_source_raises_is_raised_here_after_what_it_yielded(error: BaseException) -> None:
    stream = gather([fail(error, "one", "two")])
    before = [next(stream), next(stream)]
    with pytest.raises(type(error)) as caught:
        next(stream)

    assert before == ["one", "two"]
    assert caught.value is error


def test_an_error_does_not_wait_for_the_other_sources() -> None:
    release = threading.Event()

    def endless() -> Iterator[str]:
        release.wait(PATIENCE)
        yield "too late"

    try:
        with pytest.raises(ValueError, match="at once"):
            list(gather([endless(), fail(ValueError("at once"))]))
        assert not release.is_set()
    finally:
        release.set()


def test_an_error_on_the_first_step_is_raised_too() -> None:
    class Broken:
        def __iter__(self) -> Broken:
            return self

        def __next__(self) -> NoReturn:
            msg = "no step"
            raise LookupError(msg)

    with pytest.raises(LookupError, match="no step"):
        list(gather([Broken()]))


def test_an_item_is_there_before_its_source_goes_on() -> None:
    read = threading.Event()

    def source() -> Iterator[str]:
        yield "first"
        assert read.wait(PATIENCE)
        yield "second"

    stream = gather([source()])
    first = next(stream)
    read.set()

    assert [first, *stream] == ["first", "second"]


def test_a_slow_reader_holds_the_sources_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_AHEAD", 5)
    made = itertools.count()
    latest = [0]

    def source() -> Iterator[int]:
        for _ in range(100):
            latest[0] = next(made)
            yield latest[0]

    stream = gather([source()])
    first = next(stream)
    # One was read, five wait, and one is in the source's hand.
    wait_until(lambda: latest[0] == 6)
    time.sleep(0.05)

    assert latest[0] == 6
    assert [first, *stream] == list(range(100))


@pytest.mark.parametrize("which", [0, 1])
def test_a_linked_event_is_set_with_the_other_one_and_does_not_set_it(which: int) -> None:
    other = threading.Event()
    linked = LinkedEvent(other)
    assert not linked.is_set()

    (other, linked)[which].set()

    assert linked.is_set()
    assert other.is_set() == (which == 0)
