"""A baseline for people: what is recorded, and what an edit changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import Outcome
from picklecheck.reports.phrases import excuse, one_line, where_recorded
from picklecheck.reports.terminal.glyphs import style_of
from picklecheck.reports.text import counted, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.gate.baseline import Baseline, Entry
    from picklecheck.gate.update import Edited
    from picklecheck.reports.view import View

_SHOWN = 8


def render(baseline: Baseline, file: str, view: View) -> Text:
    """Return what is recorded in ``file``, a path as it was typed, ending in a newline."""
    text = Text()
    heading = f"{file}, written by picklecheck {baseline.tool_version}"
    text.append_text(wrapped(one_line(heading), view.width, style="bold"))
    for environment in sorted({where_recorded(place) for place in baseline.entries}):
        entries = [one for place, one in sorted(baseline.entries.items()) if where_recorded(place) == environment]
        counts = Counter(one.finding.outcome for one in entries)
        words = ", ".join(f"{counts[outcome]:,} {outcome.value}" for outcome in Outcome if counts[outcome])
        text.append("\n").append_text(wrapped(one_line(f"{environment}: {words}"), view.width, style="bold"))
        shown = [one for one in entries if view.verbosity > 0 or one.finding.outcome is not Outcome.PASS]
        text.append_text(_entries(shown, view, most=None))
    total = counted(len(baseline.entries), "cell")
    scenarios = counted(len({place.scenario for place in baseline.entries}), "scenario")
    text.append("\n").append_text(wrapped(f"{total} of {scenarios} are recorded.", view.width, style="bold"))
    return text


def render_edit(edited: Edited, file: str, view: View) -> Text:
    """Return what is different about a baseline that was written to ``file``, ending in a newline."""
    text = Text()
    for old, new in edited.replaced:
        text.append_text(wrapped(one_line(f"{new} takes the place of {old}."), view.width))
    for word, entries in (("added", edited.added), ("changed", edited.changed), ("dropped", edited.dropped)):
        if entries:
            text.append_text(wrapped(f"{counted(len(entries), 'cell')} {word}", view.width))
            text.append_text(_entries(entries, view, most=_SHOWN))
    total = counted(len(edited.baseline.entries), "cell")
    text.append_text(wrapped(f"{one_line(file)}: {total} recorded.", view.width, style="bold"))
    return text


def _entries(entries: Sequence[Entry], view: View, *, most: int | None) -> Text:
    text = Text()
    for one in entries[:most]:
        told = f"{one.place.cell}: {one.finding}" + (f"; {excuse(one)}" if excuse(one) else "")
        style = style_of(one.finding.outcome, None)
        text.append_text(wrapped(one_line(told), view.width, "  - ", "      ", style=style))
    if len(entries[:most]) < len(entries):
        text.append(f"  and {len(entries) - len(entries[:most]):,} more\n", style="dim")
    return text
