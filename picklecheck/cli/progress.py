"""Progress: on stderr, and only where that is a terminal."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress


@contextlib.contextmanager
def progress(total: int, *, wanted: bool) -> Iterator[Callable[[], None]]:
    """Give a function to call after each cell."""
    with open_bar(wanted=wanted) as bar:
        if bar is None:
            yield lambda: None
            return
        task = bar.add_task("checking", total=total)
        yield lambda: bar.advance(task)


@contextlib.contextmanager
def open_bar(*, wanted: bool) -> Iterator[Progress | None]:
    """Give a bar, or None where nothing is to be shown."""
    is_still = sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
    if not wanted or is_still:
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - nothing to pay where nothing is shown
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield bar
