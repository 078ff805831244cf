"""Which cures can be tried on cells that failed, and what came of it. Pure.

A cure that is a value of an axis is tried by running the same cell with that value: most are part of the run anyway.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from picklecheck.model import Outcome, Trial, is_target
from picklecheck.plan.cells import is_sensible
from picklecheck.verdicts.causes import FIX, cause, remedies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Cell

# A cell, and what became of it: outcome and code.
Judged = tuple["Cell", Outcome, "str | None"]

# Where the fix may help whatever the page says: the evidence does not tell all kinds apart, and the trial does.
_WORTH_TRYING = (Outcome.DUMP_ERROR, Outcome.LOAD_ERROR, Outcome.WRONG_TYPE)


def with_cure(cell: Cell, cure: str) -> Cell | None:
    """Return the cell that tells whether a cure helps; None if none does, or the cure was active in this one.

    The process between the two of a second hop has to dump with the fix, too, and no cell lets it.
    """
    if cell.receiver == "relay":
        return None
    if cure == FIX.kind:
        return None if cell.fix == FIX.kind else replace(cell, fix=FIX.kind)
    is_open = not is_target(cell.scenario) and cell.site != "origin" and is_sensible("origin", cell.receiver)
    return replace(cell, site="origin") if cure == "origin" and is_open else None


def cells_to_try(judged: Iterable[Judged]) -> list[Cell]:
    """Return what is to be run to try each cure of each cause once, where the run itself did not try it.

    The scenarios of the catalogue are much alike; each target is a case of its own.
    """
    judged = list(judged)
    known = {cell for cell, _, _ in judged}
    wanted: dict[tuple[str, str, str], list[Cell]] = {}
    for code, cure, cell in _pairs(judged):
        twin = with_cure(cell, cure)
        if twin is not None:
            wanted.setdefault((code, cure, cell.scenario if is_target(cell.scenario) else ""), []).append(twin)
    return list(dict.fromkeys(twins[0] for twins in wanted.values() if known.isdisjoint(twins)))


def trials(judged: Iterable[Judged], outcome_of: Callable[[Cell], Outcome | None], environment: str) -> list[Trial]:
    """Return what came of each cure of each cause in each scenario; ``outcome_of`` knows the cells that were run."""
    found: dict[tuple[str, str, str], Trial] = {}
    for code, cure, cell in _pairs(judged):
        twin = with_cure(cell, cure)
        outcome = outcome_of(twin) if twin else None
        if outcome is None or not outcome.is_judged:
            continue
        known = found.get((code, cure, cell.scenario), Trial(code, cure, 0, 0, cell.id, environment))
        arrived = known.arrived + (outcome is Outcome.PASS)
        found[code, cure, cell.scenario] = replace(known, tried=known.tried + 1, arrived=arrived)
    return list(found.values())


def matrix_trials(report: MatrixReport) -> tuple[Trial, ...]:
    """Return what the cells of a matrix tell of each cure; beside them, what the merged reports had tried."""
    found: list[Trial] = []
    for pair in report.matrix_results.pairs:
        marks = {cell: mark.outcome for cell, mark in report.matrix_results.row(pair)}
        judged = ((cell, mark.outcome, mark.code) for cell, mark in report.matrix_results.row(pair))
        found += trials(judged, marks.get, pair.producer)
    known = {_key(one) for one in found}
    return _summed([*found, *(one for one in report.trials if _key(one) not in known)])


def merged(told: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials of several reports as one of each cause, cure and scenario; what is told twice counts once."""
    return _summed(dict.fromkeys(told))


def _summed(told: Iterable[Trial]) -> tuple[Trial, ...]:
    found: dict[tuple[str, str, str], Trial] = {}
    for each in told:
        one, known = each, found.get(_key(each))
        if known is not None:
            one = replace(known, tried=known.tried + one.tried, arrived=known.arrived + one.arrived)
        found[_key(one)] = one
    return tuple(found.values())


def _key(trial: Trial) -> tuple[str, str, str]:
    return trial.code, trial.cure, trial.scenario


def _pairs(judged: Iterable[Judged]) -> Iterator[tuple[str, str, Cell]]:
    """Yield each cell that failed with each cure that may help it."""
    for cell, outcome, code in judged:
        if code is None or not outcome.is_failure:
            continue
        cures = dict.fromkeys(one.kind for one in remedies(cause(code)))
        if outcome in _WORTH_TRYING:
            cures[FIX.kind] = None
        for cure in cures:
            yield code, cure, cell
