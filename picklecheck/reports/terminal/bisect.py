"""What ``bisect`` found, for people and as JSON. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.text import Text

from picklecheck.model import SCHEMA_VERSION
from picklecheck.reports.answers.matrix import effort, remarks
from picklecheck.reports.environment_labels import unavailable
from picklecheck.reports.terminal.matrix import changes
from picklecheck.reports.text import counted, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.matrix_report import MatrixReport
    from picklecheck.plan.bisection import Bisection, State
    from picklecheck.reports.view import View

_CELLS_SHOWN = 12


def render_text(found: Bisection, width: int = 80) -> str:
    """Return the releases that were looked at, what changed, and one line that answers the question."""
    before, after = found.seen[found.last_unchanged], found.seen[found.first_changed]
    changed = [cell for cell in after if before.get(cell) != after[cell]]
    lines = []
    if len(changed) == 1:
        column = max(map(len, (*found.seen, *found.skipped)))
        for version, state in found.seen.items():
            mark = "  <- changed" if version == found.changed_in else ""
            lines.append(f"{version:{column}}  {state[changed[0]]}{mark}")
    else:
        lines += [f"{cell}: {before[cell]} -> {after[cell]}" for cell in changed[:_CELLS_SHOWN]]
        if len(changed) > _CELLS_SHOWN:
            lines.append(f"and {counted(len(changed) - _CELLS_SHOWN, 'more cell')} (--format json has them all)")
    lines += [f"{version} could not be judged: {reason}" for version, reason in found.skipped.items()]
    lines += ["", *_answer(found, changed)]
    return "".join(wrapped(line, width, rest="  ").plain if line else "\n" for line in lines)


def _answer(found: Bisection, changed: Sequence[str]) -> list[str]:
    what = changed[0] if len(changed) == 1 else f"{len(changed)} cells"
    looked = f"{len(found.seen)} of {found.length} releases were looked at."
    if found.between:
        return [
            f"{what}: changed after {found.older} and not later than {found.changed_in}.",
            f"What lies in between could not be judged ({', '.join(found.between)}). {looked}",
        ]
    if found.changed_in == found.first_changed:
        return [f"{what}: changed in {found.first_changed}; {found.last_unchanged} is as before. {looked}"]
    return [f"{what}: changed in {found.last_unchanged}; {found.first_changed} is still otherwise. {looked}"]


def render_json(found: Bisection) -> str:
    """Return the same as a JSON document."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "changed_in": None if found.between else found.changed_in,
        "last_unchanged": found.last_unchanged,
        "first_changed": found.first_changed,
        "between": list(found.between),
        "before": found.seen[found.last_unchanged],
        "after": found.seen[found.first_changed],
        "seen": dict(found.seen),
        "skipped": dict(found.skipped),
        "releases": found.length,
    }
    return json.dumps(document, indent=2) + "\n"


def render_changes(report: MatrixReport, view: View) -> Text:
    """Return every change along the whole line."""
    text = changes.render(report, view) or Text("There are no two neighbours to compare.\n\n")
    text.append_text(unavailable(report, view))
    for line in (*remarks(report), effort(report)):
        text.append_text(wrapped(line, view.width, style="bold"))
    return text


def describe(state: State) -> str:
    """Return a state in a few words."""
    kinds = sorted(set(state.values()))
    return kinds[0] if len(kinds) == 1 else ", ".join(f"{list(state.values()).count(one)} {one}" for one in kinds)
