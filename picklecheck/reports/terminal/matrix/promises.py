"""The promises that were broken, by cause: what happened, what to do, and in which environments how often."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import is_target
from picklecheck.reports.cure_words import what_to_do
from picklecheck.reports.environment_labels import row_labels, where
from picklecheck.reports.text import counted, named, wrapped
from picklecheck.verdicts.causes import cause
from picklecheck.verdicts.cures import matrix_trials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from picklecheck.matrix_report import Mark, MatrixReport, Pair
    from picklecheck.model import Cell
    from picklecheck.reports.view import View

_ROWS_SHOWN = 6

# A broken promise: the environments, the cell and what became of it.
_Broken = tuple["Pair", "Cell", "Mark"]


def render(report: MatrixReport, view: View) -> Text:
    """Return a paragraph a cause, each ending in an empty line; nothing if every promise was kept."""
    labels = row_labels(report.environments)
    groups: dict[str, list[_Broken]] = {}
    for pair in report.matrix_results.pairs:
        for cell, mark in report.matrix_results.row(pair):
            if mark.expected is False and mark.code is not None:
                groups.setdefault(mark.code, []).append((pair, cell, mark))
    text = Text()
    trials = matrix_trials(report) if groups else ()
    for code, broken in sorted(groups.items()):
        _explain(text, broken, what_to_do(cause(code), {one.fix for _, one, _ in broken}, trials), labels, view)
    return text


def _explain(text: Text, broken: Sequence[_Broken], cure: str, labels: Mapping[str, str], view: View) -> None:
    pair, cell, mark = broken[0]
    page = cause(str(mark.code))
    own = [one for _, one, _ in broken if is_target(one.scenario)]
    counts = [counted(len(broken) - len(own), "broken promise")] if len(own) < len(broken) else []
    counts += [f"{counted(len(own), 'cell')} of targets"] if own else []
    heading = f"{mark.code} {mark.outcome.value}: {page.title} ({', '.join(counts)})"
    text.append_text(wrapped(heading, view.width, rest="       ", style="bold"))
    for word, words in (("what", page.happened), ("do", cure)):
        text.append_text(wrapped(words, view.width, f"  {word:5}", "       "))
    if view.verbosity > 0:
        for each, one, _ in broken:
            text.append_text(wrapped(f"{one.id} {where(each, labels)}", view.width, "  - ", "      "))
    else:
        text.append_text(wrapped(f"{cell.id} {where(pair, labels)}", view.width, "  e.g. ", "       "))
        often = Counter(_short(each, labels) for each, _, _ in broken)
        rows = named([f"{name} ({number})" for name, number in often.items()], _ROWS_SHOWN)
        text.append_text(wrapped(rows, view.width, "  in   ", "       ", style="dim"))
    text.append("\n")


def _short(pair: Pair, labels: Mapping[str, str]) -> str:
    producer, receiver = labels[pair.producer], labels[pair.receiver]
    return producer if producer == receiver else f"{producer} to {receiver}"
