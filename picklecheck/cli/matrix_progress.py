"""The progress of a matrix: a bar, and above it a line for each environment that is finished."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING

from picklecheck.cli.progress import open_bar
from picklecheck.harness.matrix_runner import Note, Reused
from picklecheck.model import FIXES, Environment, Outcome
from picklecheck.reports.environment_labels import row_labels
from picklecheck.reports.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress

    from picklecheck.harness.matrix_runner import Event
    from picklecheck.model import EnvironmentSpec
    from picklecheck.plan.environments import EnvironmentPlan


class MatrixProgress:
    """What is told of each event; ``bar`` is None where nothing is to be shown."""

    def __init__(self, wanted: Sequence[EnvironmentPlan], bar: Progress | None) -> None:
        self._labels = row_labels([_expected(one.spec) for one in wanted])
        self._left = Counter({one.spec.id: len(one.cells) for one in wanted})
        self._total = len(wanted)
        self._ready: set[str] = set()
        self._passed: Counter[tuple[str, str]] = Counter()
        self._judged: Counter[tuple[str, str]] = Counter()
        self._bar = bar
        self._task = None if bar is None else bar.add_task("", total=None)

    def add(self, event: Event, planned: int) -> None:
        """Show what has come; ``planned`` is the number of cells, as far as it is known."""
        if self._bar is None or self._task is None:
            return
        if isinstance(event, Environment):
            self._ready.add(event.id)
            words = f"{len(self._ready)} of {self._total} environments"
            self._bar.update(self._task, total=planned, description=words)
            if not event.is_available:
                self._say(f"{self._labels[event.id]}: unavailable: {event.reason}")
        elif isinstance(event, Note):
            self._say(f"{self._labels[event.environment]}: {event.text}")
        else:
            result = event.result if isinstance(event, Reused) else event
            self._bar.advance(self._task)
            if result.receiver_environment is None:
                self._count(result.environment, result.cell.fix, result.verdict.outcome)

    def _count(self, name: str, fix: str, outcome: Outcome) -> None:
        if outcome.is_judged:
            self._judged[name, fix] += 1
            self._passed[name, fix] += outcome is Outcome.PASS
        self._left[name] -= 1
        if not self._left[name]:
            judged = [fix for fix in FIXES if self._judged[name, fix]]
            fixes = (f"{fix} {self._passed[name, fix]}/{self._judged[name, fix]}" for fix in judged)
            self._say(f"{self._labels[name]}: " + "  ".join(fixes))

    def _say(self, words: str) -> None:
        assert self._bar is not None  # noqa: S101 - for the type checker: who calls has looked
        self._bar.console.print(printable(words), highlight=False, markup=False, soft_wrap=True)


def _expected(spec: EnvironmentSpec) -> Environment:
    return Environment(spec.id, spec.python_version, spec.pydantic, spec.cloudpickle, None, "ok")


@contextlib.contextmanager
def matrix_progress(wanted: Sequence[EnvironmentPlan], *, is_quiet: bool) -> Iterator[MatrixProgress]:
    """Give what is told of each event of a matrix."""
    with open_bar(wanted=not is_quiet) as bar:
        yield MatrixProgress(wanted, bar)
