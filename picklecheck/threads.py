"""Threads whose output is read as one stream."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
# A wait without end would keep a signal from being handled; a queue cannot be interrupted otherwise.
_POLL = 0.05
# How far the threads may be ahead of the reader: what waits here is memory.
_AHEAD = 200


class LinkedEvent(threading.Event):
    """An event that is set when another one is, too. It cannot be waited for."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        """Is one of the two set?"""
        return super().is_set() or self._other.is_set()


class _Raised(Generic[T]):
    def __init__(self, error: BaseException) -> None:
        self.error = error


def gather(sources: Sequence[Iterator[T]]) -> Iterator[T]:
    """Run each iterator in a thread of its own and yield what they yield, as it comes.

    What one of them raises is raised here.
    """
    results: queue.Queue[T | _Raised[T] | None] = queue.Queue(_AHEAD)

    def drain(source: Iterator[T]) -> None:
        try:
            for item in source:
                results.put(item)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that reads
            results.put(_Raised(error))
        finally:
            results.put(None)

    for source in sources:
        threading.Thread(target=drain, args=(source,), daemon=True).start()
    running = len(sources)
    while running:
        try:
            item = results.get(timeout=_POLL)
        except queue.Empty:
            continue
        if item is None:
            running -= 1
        elif isinstance(item, _Raised):
            raise item.error
        else:
            yield item
