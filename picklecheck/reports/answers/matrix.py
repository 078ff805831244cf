"""The lines that answer a matrix: what could not be judged, what reproduces where, and what each fix repairs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from picklecheck.model import Outcome, is_target
from picklecheck.reports.answers.run import also_scripts, arrivals, is_control
from picklecheck.reports.environment_labels import is_available, own_rows, row_labels, where
from picklecheck.reports.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from picklecheck.matrix_report import Mark, MatrixReport
    from picklecheck.model import Cell, Serializer

_REPRODUCE = "reproductions reproduce"

# The outcomes of each reproduction under each fix, by serializer, site and receiver: unsupported ones and second hops
# left out.
Reproductions = dict[str, dict[str, dict[tuple["Serializer", str, str], Outcome]]]


def answer(report: MatrixReport) -> list[str]:
    """Return one to a few sentences, a line each; the last one is the answer."""
    marks = ((cell, mark) for pair in report.matrix_results.pairs for cell, mark in report.matrix_results.row(pair))
    targets = arrivals(((cell, one.outcome, one.code) for cell, one in marks), is_whole=not report.interrupted)
    return [*remarks(report), *targets, _verdict(report)]


def remarks(report: MatrixReport) -> list[str]:
    """Return what has to be said before any answer: what is missing, what could not be judged, what should not be."""
    lines = list(report.gaps)
    if report.interrupted:
        lines.append(f"Interrupted: {report.matrix_results.filled:,} of {report.planned:,} cells were checked.")
    labels = row_labels(report.environments)
    missing = [one for one in report.environments if not is_available(one)]
    if missing:
        words = f"{counted(len(missing), 'environment')} could not be had"
        lines.append(_with_example(words, len(missing), labels[missing[0].id]))
    return [*lines, *also_scripts(report), *_oddities(report), *_second_hops(report)]


def effort(report: MatrixReport) -> str:
    """Return ``47,520 cells in 421.3 s (12,000 taken from an earlier run).``."""
    reused = f" ({report.reused:,} taken from an earlier run)" if report.reused else ""
    return f"{counted(report.matrix_results.filled, 'cell')} in {report.duration_s:.1f} s{reused}."


@dataclass
class _Kind:
    words: str
    is_met: Callable[[Cell, Mark], bool]
    number: int = 0
    example: str = ""


def _oddities(report: MatrixReport) -> list[str]:
    labels = row_labels(report.environments)
    kinds = (
        _Kind("could not be judged", _is_undecided),
        _Kind("broke what the fix promises", _is_broken),
        _Kind("of the controls failed, which nothing should affect", _is_odd),
    )
    for pair in report.matrix_results.pairs:
        for cell, mark in report.matrix_results.row(pair):
            for kind in kinds:
                if kind.is_met(cell, mark):
                    kind.number += 1
                    kind.example = kind.example or f"{cell.id} {where(pair, labels)}"
    return [
        _with_example(f"{counted(kind.number, 'cell')} {kind.words}", kind.number, kind.example)
        for kind in kinds
        if kind.number
    ]


def _second_hops(report: MatrixReport) -> list[str]:
    matrix_results = report.matrix_results
    cells = [
        (cell, mark)
        for pair in matrix_results.pairs
        for cell, mark in matrix_results.row(pair)
        if cell.receiver == "relay"
    ]
    judged = [mark for cell, mark in cells if _is_judged(mark) and not is_target(cell.scenario)]
    if not judged:
        return []
    passed = sum(mark.outcome is Outcome.PASS for mark in judged)
    return [f"{passed:,} of {counted(len(judged), 'cell')} with a second hop (relay) pass; nothing is promised there."]


def _with_example(words: str, number: int, example: str) -> str:
    return f"{words}: {example}." if number == 1 else f"{words}, {example} among them."


def _is_undecided(_: Cell, mark: Mark) -> bool:
    return mark.outcome is Outcome.UNDECIDED


def _is_broken(cell: Cell, mark: Mark) -> bool:
    return mark.expected is False and not is_target(cell.scenario)


def _is_odd(cell: Cell, mark: Mark) -> bool:
    return mark.outcome.is_failure and is_control(cell.scenario)


def _is_judged(mark: Mark) -> bool:
    return mark.outcome.is_judged


@dataclass(frozen=True)
class _Count:
    """How many scenarios of an environment: ``some`` of ``total``; of ``unseen`` nothing can be said."""

    label: str
    some: int
    total: int
    unseen: int = 0


def _verdict(report: MatrixReport) -> str:
    labels = row_labels(report.environments)
    rows = [(labels[one.id], marks) for one, marks in own_rows(report) if marks]
    checked = f"{len(rows)} of {len(report.environments)} environments checked."
    found = [(label, _reproductions(marks)) for label, marks in rows]
    without = [(label, one) for label, one in found if "none" in one]
    if not rows:
        return f"{checked} {effort(report)}"
    if not without:
        return f"{checked} {_promises(one for _, marks in rows for one in marks)} {effort(report)}"
    words = [_reproduced([_Count(label, len(_failing(one)), len(one["none"])) for label, one in without])]
    for fix in ("instance", "class"):
        counts = [_left(label, one, fix) for label, one in without if fix in one and _failing(one)]
        if counts:
            words.append(f"the {fix} fix repairs {_repaired(counts)}")
    return f"{checked} {'; '.join(words)}. {effort(report)}"


def _reproductions(marks: Iterable[tuple[Cell, Mark]]) -> Reproductions:
    found: Reproductions = {}
    for cell, mark in marks:
        is_reproduction = not (is_control(cell.scenario) or is_target(cell.scenario))
        if cell.receiver != "relay" and mark.outcome is not Outcome.UNSUPPORTED and is_reproduction:
            place = (cell.serializer, cell.site, cell.receiver)
            found.setdefault(cell.fix, {}).setdefault(cell.scenario, {})[place] = mark.outcome
    return found


def _failing(found: Reproductions) -> list[str]:
    return [name for name, outcomes in found["none"].items() if any(one.is_failure for one in outcomes.values())]


def _left(label: str, found: Reproductions, fix: str) -> _Count:
    """Count what ``fix`` leaves broken of what fails without it."""
    failing = _failing(found)
    left = repaired = 0
    for name in failing:
        outcomes = found[fix].get(name, {})
        failed = {place for place, one in found["none"][name].items() if one.is_failure}
        left += any(one.is_failure for one in outcomes.values())
        # After an interruption some of them were not run with the fix.
        repaired += failed <= outcomes.keys() and set(outcomes.values()) == {Outcome.PASS}
    return _Count(label, left, len(failing), len(failing) - left - repaired)


def _reproduced(counts: Sequence[_Count]) -> str:
    least = min(counts, key=lambda one: one.some)
    most = max(counts, key=lambda one: one.some)
    if len(counts) == 1:
        return f"Without a fix {least.some} of {least.total} {_REPRODUCE}"
    if len({(one.some, one.total) for one in counts}) == 1:
        return f"Without a fix {least.some} of {least.total} {_REPRODUCE} everywhere"
    if least.some == most.some:
        totals = {one.total for one in counts}
        return f"Without a fix {least.some} of {min(totals)} to {max(totals)} {_REPRODUCE}"
    if len({one.total for one in counts}) == 1:
        return f"Without a fix {least.some} ({least.label}) to {most.some} ({most.label}) of {most.total} {_REPRODUCE}"
    low, high = (f"{one.some} of {one.total} ({one.label})" for one in (least, most))
    return f"Without a fix {low} to {high} {_REPRODUCE}"


def _repaired(counts: Sequence[_Count]) -> str:
    everywhere = " everywhere" if len(counts) > 1 else ""
    least = min(counts, key=lambda one: one.some)
    most = max(counts, key=lambda one: one.some)
    if most.some == 0:
        words = f"all of them{everywhere}"
    elif all(one.some == one.total for one in counts):
        words = "none of them"
    elif least.some == most.some:
        words = f"all but {most.some} of them{everywhere}"
    elif least.some == 0:
        clean = sum(one.some == 0 for one in counts)
        others = {one.some for one in counts} - {0}
        amount = f"{most.some}" if len(others) == 1 else f"{min(others)} to {most.some} ({most.label})"
        words = f"all of them in {clean} of {len(counts)} environments and all but {amount} in the others"
    else:
        words = f"all but {least.some} ({least.label}) to {most.some} ({most.label}) of them"
    unseen = sum(one.unseen for one in counts)
    return words + (f" ({unseen} not judged)" if unseen else "")


def _promises(found: Iterable[tuple[Cell, Mark]]) -> str:
    cells = list(found)
    known = [mark for _, mark in cells]
    # What a target has to do is nobody's promise.
    has_promises = any(mark.expected is not None and not is_target(cell.scenario) for cell, mark in cells)
    promised = [one for one in known if one.expected is not None]
    judged = promised or [one for one in known if _is_judged(one)]
    passed = sum(one.outcome is Outcome.PASS for one in judged)
    return f"{passed:,} of {len(judged):,} {'promised ' if promised and has_promises else ''}cells pass;"
