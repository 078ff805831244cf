"""Ctrl-C and its relatives as an event, so that nothing is ever cut off halfway through cleaning up."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def interruption() -> Iterator[threading.Event]:
    """Give an event that SIGINT, SIGTERM or SIGHUP sets; whoever waits has to look at it.

    Once interrupted, the command is about to end: from then on these signals are ignored, or the next one would cut off
    what is still in a buffer, or Python's own end. A hangup that is ignored, as under nohup, stays so.
    """
    event = threading.Event()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        event.set()

    is_hangup_wanted = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    numbers = (*_SIGNALS, signal.SIGHUP) if is_hangup_wanted else _SIGNALS
    previous = {number: signal.signal(number, interrupted) for number in numbers}
    try:
        yield event
    finally:
        for number, handler in previous.items():
            signal.signal(number, signal.SIG_IGN if event.is_set() else handler)
