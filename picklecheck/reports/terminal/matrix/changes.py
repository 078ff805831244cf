"""What changes from one version to the next: for each two neighbours, cells that changed alike on one line."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import ALL_SITES, FIXES, RECEIVERS
from picklecheck.reports.environment_labels import own_rows, row_labels
from picklecheck.reports.record.changes import Finding, Row, neighbours, steps
from picklecheck.reports.text import counted, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Cell
    from picklecheck.reports.record.changes import Change, Step
    from picklecheck.reports.view import View

_KINDS_SHOWN = 8
_SCENARIOS_SHOWN = 3
_ORDERS: tuple[tuple[str, ...], ...] = (FIXES, (), ALL_SITES, RECEIVERS)


@dataclass(frozen=True)
class _Kind:
    """Cells that changed alike: all combinations of the values in ``axes``: fixes, serializers, sites, receivers."""

    before: Finding
    after: Finding
    scenarios: tuple[str, ...]
    axes: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        return len(self.scenarios) * math.prod(map(len, self.axes))

    def with_axis(self, axis: int, values: tuple[str, ...]) -> _Kind:
        """Return the same kind with other values of one axis."""
        return replace(self, axes=(*self.axes[:axis], values, *self.axes[axis + 1 :]))


def render(report: MatrixReport, view: View) -> Text:
    """Return the section, ending in an empty line; nothing at all where there are no neighbours."""
    rows = [
        Row(environment, [(cell, Finding(mark.outcome, mark.code)) for cell, mark in marks])
        for environment, marks in own_rows(report)
        if marks
    ]
    pairs = neighbours(rows)
    text = Text()
    if not pairs:
        return text
    found = steps(rows)
    labels = row_labels(report.environments)
    text.append("What changes from one version to the next\n", style="bold")
    for step in found:
        _draw(text, step, labels, view)
    changed = {(step.older.id, step.newer.id) for step in found}
    same = sum((older.id, newer.id) not in changed for older, newer in pairs)
    if same:
        text.append_text(wrapped(_unchanged(same, len(found)), view.width))
    return text.append("\n")


def _unchanged(same: int, changed: int) -> str:
    if changed:
        return f"No change in the other {same} steps." if same > 1 else "No change in the other step."
    return f"No cell changes in any of the {same} steps." if same > 1 else "No cell changes."


def _draw(text: Text, step: Step[Cell], labels: Mapping[str, str], view: View) -> None:
    number = counted(len(step.changes), "cell")
    verb = "changes" if len(step.changes) == 1 else "change"
    title = f"{labels[step.older.id]} -> {labels[step.newer.id]}: {number} {verb}"
    text.append_text(wrapped(title, view.width, rest="  "))
    kinds = _kinds(step.changes)
    shown = kinds if view.verbosity > 0 else kinds[:_KINDS_SHOWN]
    for kind in shown:
        text.append_text(wrapped(_tell(kind, view), view.width, "  ", "    "))
    more = len(kinds) - len(shown)
    if more:
        text.append(f"  ... and {counted(more, 'more kind')} (-v shows all)\n")


def _tell(kind: _Kind, view: View) -> str:
    fixes, *others = map(",".join, kind.axes)
    what = f"{fixes} {'/'.join(others)}: {kind.before} -> {kind.after} in "
    names = kind.scenarios
    if len(names) == 1:
        return what + names[0]
    few = names if view.verbosity > 0 else names[:_SCENARIOS_SHOWN]
    dots = ", ..." if len(few) < len(names) else ""
    return f"{what}{counted(len(names), 'scenario')} ({', '.join(few)}{dots})"


def _kinds(changes: Sequence[Change[Cell]]) -> list[_Kind]:
    """Return what changed alike, put together over scenarios, then over one axis after the other, the largest first."""
    scenarios: dict[_Kind, list[str]] = {}
    for one in changes:
        cell = one.cell
        axes = ((cell.fix,), (str(cell.serializer),), (cell.site,), (cell.receiver,))
        scenarios.setdefault(_Kind(one.before, one.after, (), axes), []).append(cell.scenario)
    kinds = [replace(one, scenarios=tuple(names)) for one, names in scenarios.items()]
    for axis in reversed(range(len(_ORDERS))):
        kinds = _merged(kinds, axis)
    return sorted(kinds, key=lambda one: -one.size)


def _merged(kinds: Iterable[_Kind], axis: int) -> list[_Kind]:
    """Put the kinds together that differ in nothing but ``axis``."""
    groups: dict[_Kind, list[str]] = {}
    for kind in kinds:
        groups.setdefault(kind.with_axis(axis, ()), []).extend(kind.axes[axis])
    # Serializers stay in the order of the plan.
    order = _ORDERS[axis]
    return [
        kind.with_axis(axis, tuple(sorted(values, key=order.index) if order else values))
        for kind, values in groups.items()
    ]
