"""Which worker does what next."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from typing import TYPE_CHECKING

import pytest

from picklecheck.harness.schedule import _WORTH_A_SERVER, Schedule, WorkQueue

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 10.0
# Long enough for a waiter that should not wait to come back.
A_MOMENT = 0.15
MUCH = _WORTH_A_SERVER
LITTLE = _WORTH_A_SERVER - 1


def make_schedule(*work: int, complete: bool = True) -> Schedule[int]:
    """Return a schedule of the benches ``0``, ``1``, ... with so many pieces of work each."""
    schedule: Schedule[int] = Schedule(threading.Event())
    for number, pieces in enumerate(work):
        schedule.add(str(number), range(pieces))
    if complete:
        schedule.complete()
    return schedule


def go(schedule: Schedule[int]) -> WorkQueue[int] | None:
    """Return where a worker goes, who finds that the environment is what it should be."""
    work_queue = schedule.next_queue()
    if work_queue is not None:
        work_queue.is_open = True
    return work_queue


def keys(schedule: Schedule[int], number: int) -> list[str | None]:
    """Return where so many workers go that begin no work."""
    benches = [go(schedule) for _ in range(number)]
    return [None if work_queue is None else work_queue.key for work_queue in benches]


@contextlib.contextmanager
def waiting(schedule: Schedule[int], workers: int = 1) -> Iterator[list[Future[WorkQueue[int] | None]]]:
    """Give workers that are waiting for work; none of them outlives the test."""
    with ThreadPoolExecutor(workers) as pool:
        try:
            yield [pool.submit(schedule.next_queue) for _ in range(workers)]
        finally:
            schedule._stop.set()


def test_a_bench_hands_out_its_work_in_order_and_then_nothing() -> None:
    work_queue = go(make_schedule(3))

    assert work_queue is not None
    assert [work_queue.take() for _ in range(5)] == [0, 1, 2, None, None]


def test_each_worker_gets_a_bench_of_its_own_as_long_as_there_is_one() -> None:
    assert keys(make_schedule(MUCH, 1, MUCH), 3) == ["0", "1", "2"]


def test_a_bench_without_workers_goes_before_one_where_more_is_left() -> None:
    assert keys(make_schedule(1, 10 * MUCH, 1), 3) == ["0", "1", "2"]


@pytest.mark.parametrize(("left", "second"), [(LITTLE, None), (MUCH, "0")])
def test_a_second_worker_comes_only_where_much_is_left(left: int, second: str | None) -> None:
    assert keys(make_schedule(left), 2) == ["0", second]


def test_a_helper_goes_where_most_is_left_for_each_worker() -> None:
    assert keys(make_schedule(30, 100, 60), 7) == ["0", "1", "2", "1", "2", "1", "1"]


def test_what_is_left_counts_and_not_what_there_was() -> None:
    schedule = make_schedule(MUCH, 2 * MUCH)
    first, second = go(schedule), go(schedule)
    assert first is not None
    assert second is not None
    first.take()
    for _ in range(MUCH):
        second.take()

    assert keys(schedule, 1) == ["1"]
    second.take()
    assert keys(schedule, 1) == [None]


def test_a_bench_whose_work_is_done_is_left_alone() -> None:
    schedule = make_schedule(1, 1)
    first = go(schedule)
    assert first is not None
    first.take()

    assert keys(schedule, 2) == ["1", None]


def test_an_environment_without_work_needs_no_worker() -> None:
    assert keys(make_schedule(0, 1, 0), 2) == ["1", None]


def test_where_nothing_is_to_come_nobody_waits() -> None:
    assert keys(make_schedule(), 2) == [None, None]


def test_a_worker_waits_for_an_environment_that_may_come() -> None:
    schedule = make_schedule(complete=False)
    with waiting(schedule) as (worker,):
        with pytest.raises(NotYetError):
            worker.result(A_MOMENT)
        schedule.add("late", [7])
        work_queue = worker.result(PATIENCE)

        assert work_queue is not None
        assert (work_queue.key, work_queue.take()) == ("late", 7)


def test_a_worker_does_not_help_while_an_environment_of_its_own_may_come() -> None:
    schedule = make_schedule(10 * MUCH, complete=False)
    assert keys(schedule, 1) == ["0"]
    with waiting(schedule) as (worker,):
        with pytest.raises(NotYetError):
            worker.result(A_MOMENT)
        schedule.complete()
        work_queue = worker.result(PATIENCE)

        assert work_queue is not None
        assert work_queue.key == "0"


def test_nobody_helps_before_the_first_worker_has_seen_that_the_environment_is_sound() -> None:
    schedule = make_schedule(10 * MUCH)
    first = schedule.next_queue()
    assert first is not None
    with waiting(schedule) as (worker,):
        with pytest.raises(NotYetError):
            worker.result(A_MOMENT)
        first.is_open = True

        assert worker.result(PATIENCE) is first


def test_who_waits_to_help_is_sent_home_where_the_environment_was_given_up() -> None:
    schedule = make_schedule(10 * MUCH)
    first = schedule.next_queue()
    assert first is not None
    with waiting(schedule) as (worker,):
        first.work.clear()

        assert worker.result(PATIENCE) is None


def test_workers_that_wait_are_sent_home_at_the_end() -> None:
    schedule = make_schedule(complete=False)
    with waiting(schedule, 3) as workers:
        schedule.complete()

        assert [worker.result(PATIENCE) for worker in workers] == [None] * 3


def test_stop_wakes_those_that_wait() -> None:
    schedule = make_schedule(complete=False)
    with waiting(schedule, 3) as workers:
        schedule._stop.set()

        assert [worker.result(PATIENCE) for worker in workers] == [None] * 3


def test_after_stop_nobody_begins_anything() -> None:
    schedule = make_schedule(MUCH)
    schedule._stop.set()

    assert keys(schedule, 2) == [None, None]


def test_each_piece_is_handed_out_once_to_many_workers() -> None:
    schedule = make_schedule(complete=False)
    wanted = [(work_queue, piece) for work_queue in range(6) for piece in range(40 * work_queue)]

    def work() -> list[tuple[int, int]]:
        done = []
        while (work_queue := go(schedule)) is not None:
            while (piece := work_queue.take()) is not None:
                done.append((int(work_queue.key), piece))
        return done

    with ThreadPoolExecutor(8) as pool:
        workers = [pool.submit(work) for _ in range(8)]
        for work_queue in range(6):
            schedule.add(str(work_queue), range(40 * work_queue))
        schedule.complete()
        done = [piece for worker in workers for piece in worker.result(PATIENCE)]

    assert Counter(done) == Counter(wanted)
