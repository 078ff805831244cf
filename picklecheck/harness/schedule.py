"""Which worker does what next, over environments that become ready one after the other."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
# How much must be left in an environment for a second worker to start a server of its own there. A server costs about
# as much as so many groups of cells.
_WORTH_A_SERVER = 20
_POLL = 0.05


@dataclass(eq=False)
class WorkQueue(Generic[T]):
    """An environment that is ready, and the work that is left to do in it.

    ``is_open`` is set by the first worker there, once the environment has turned out to be what it should be.
    """

    key: str
    work: deque[T]
    workers: int = 0
    is_open: bool = False

    def take(self) -> T | None:
        """Return the next piece of work, or None; several threads may ask."""
        try:
            return self.work.popleft()
        except IndexError:
            return None


class Schedule(Generic[T]):
    """Hands out work queues. A worker stays at one until its work is done: each move costs a server's start."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._changed = threading.Condition()
        self._queues: list[WorkQueue[T]] = []
        self._is_complete = False

    def add(self, key: str, work: Iterable[T]) -> None:
        """Say that an environment is ready."""
        with self._changed:
            self._queues.append(WorkQueue(key, deque(work)))
            self._changed.notify_all()

    def complete(self) -> None:
        """Say that no more environments are to come."""
        with self._changed:
            self._is_complete = True
            self._changed.notify_all()

    def next_queue(self) -> WorkQueue[T] | None:
        """Return where a free worker should go: a queue without workers first, else one with much left to do.

        Waits while environments may still come; None means that nothing is left, or that ``stop`` is set.
        """
        with self._changed:
            while not self._stop.is_set():
                self._queues = [queue for queue in self._queues if queue.work]
                unattended = [queue for queue in self._queues if not queue.workers]
                busy = [queue for queue in self._queues if queue.is_open and len(queue.work) >= _WORTH_A_SERVER]
                if unattended or (busy and self._is_complete):
                    queue = unattended[0] if unattended else max(busy, key=lambda one: len(one.work) / one.workers)
                    queue.workers += 1
                    return queue
                if self._is_complete and all(len(queue.work) < _WORTH_A_SERVER for queue in self._queues):
                    return None
                self._changed.wait(_POLL)
            return None
