"""The section of the report for people that tells how a run stands to its baseline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.gate.compare import Status
from picklecheck.reports.phrases import (
    CURES,
    MOVES,
    NOT_AS_RECORDED,
    change,
    excuse,
    movement,
    one_line,
    where_recorded,
)
from picklecheck.reports.text import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.gate.compare import Comparison, Standing
    from picklecheck.gate.judgement import BaselineCheck
    from picklecheck.reports.view import View

_SHOWN = 8
_ORDER = (*NOT_AS_RECORDED, Status.MISSING, Status.AS_RECORDED, Status.NEW, Status.NOT_CHECKED)


def render(against: BaselineCheck, view: View) -> Text:
    """Return the section about a baseline, ending in a newline."""
    comparison = against.comparison
    groups = {status: comparison.of(status) for status in _ORDER}
    counts = ", ".join(f"{len(ones):,} {status.value}" for status, ones in groups.items() if ones)
    text = Text()
    heading = f"Against {one_line(against.file)}: {counts or 'nothing to compare'}."
    text.append_text(wrapped(heading, view.width, style="bold"))
    if view.verbosity < 0:
        return text
    text.append_text(_references(comparison, view))
    is_ambiguous = len({where_recorded(one.place) for ones in groups.values() for one in ones}) > 1
    for status in (*NOT_AS_RECORDED, Status.MISSING):
        if groups[status]:
            cure = "" if status is Status.FIXED and against.allow_fixed else CURES[status]
            text.append_text(_group(groups[status], cure, view, is_ambiguous=is_ambiguous))
    if groups[Status.NOT_CHECKED] and view.verbosity > 0:
        text.append_text(_group(groups[Status.NOT_CHECKED], "", view, is_ambiguous=is_ambiguous))
    return text


def _references(comparison: Comparison, view: View) -> Text:
    """Tell of environments that are held against another one: a canary's, which nothing was recorded of."""
    lines = [
        f"{here} is not recorded; it is held against {then}."
        for here, then in comparison.references.items()
        if here != then
    ]
    return _items(lines, view, style="dim")


def _group(standings: Sequence[Standing], cure: str, view: View, *, is_ambiguous: bool) -> Text:
    """Return a heading, what to do, and the cells; where nothing is to be done, all is dim."""
    style = "" if cure else "dim"
    text = Text("\n")
    text.append_text(wrapped(_heading(standings), view.width, rest="  ", style=style or "bold"))
    if cure:
        text.append_text(wrapped(cure, view.width, "  do   ", "       "))
    lines = [_told(one, is_ambiguous=is_ambiguous) for one in standings]
    return text.append_text(_items(lines, view, style=style))


def _heading(standings: Sequence[Standing]) -> str:
    status = standings[0].status
    counts = Counter(change(one) for one in standings) if status in MOVES else Counter[str]()
    who = ", ".join(f"{words}: {number:,}" for words, number in sorted(counts.items()))
    return f"{len(standings):,} {status.value}" + (f" ({who})" if who else "")


def _told(one: Standing, *, is_ambiguous: bool) -> str:
    name = f"{one.place.cell} {where_recorded(one.place)}" if is_ambiguous else one.place.cell
    words = [movement(one)]
    if excuse(one.entry):
        words.append(f"recorded with it: {excuse(one.entry)}")
    return one_line(f"{name}: {'; '.join(words)}")


def _items(lines: Sequence[str], view: View, *, style: str) -> Text:
    shown = lines if view.verbosity > 0 else lines[:_SHOWN]
    text = Text()
    for line in shown:
        text.append_text(wrapped(one_line(line), view.width, "  - ", "      ", style=style))
    if len(shown) < len(lines):
        text.append(f"  and {len(lines) - len(shown):,} more (-v shows all)\n", style="dim")
    return text
