"""The line that answers the question: what reproduced here, and what each fix repairs. Pure."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from picklecheck.model import NOTHING_SENT, Outcome, is_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Cell, Report, Result, Serializer

# The family whose scenarios are never affected: they show that the check can pass, and reproduce nothing.
_CONTROLS = "controls"


def answer(report: Report) -> list[str]:
    """Return one to a few sentences, a line each; the last one is the answer."""
    lines = also_scripts(report)
    if report.interrupted:
        lines.append(f"Interrupted: {len(report.results)} of {report.planned} cells were checked.")
    undecided = [one for one in report.results if one.verdict.outcome is Outcome.UNDECIDED]
    if undecided:
        first = undecided[0]
        lines.append(
            f"{_cells(len(undecided))} could not be judged, {first.cell.id} among them: {first.verdict.reason}."
        )
    broken = [one for one in report.results if one.expected is False and not is_target(one.cell.scenario)]
    if broken:
        lines.append(f"{_cells(len(broken))} broke what the fix promises, {broken[0].cell.id} among them.")
    odd = [one for one in report.results if is_control(one.cell.scenario) and one.verdict.outcome.is_failure]
    if odd:
        lines.append(f"{_cells(len(odd))} of the controls failed, which nothing should affect: {odd[0].cell.id}.")
    hops = [one for one in report.results if one.cell.receiver == "relay" and not is_target(one.cell.scenario)]
    relayed = [one for one in hops if _is_judged(one)]
    if relayed:
        passed = sum(one.verdict.outcome is Outcome.PASS for one in relayed)
        lines.append(f"{passed} of {_cells(len(relayed))} with a second hop (relay) pass; nothing is promised there.")
    counted = f"{_cells(len(report.results))} in {report.duration_s:.1f} s."
    cells = [one for one in report.results if not is_target(one.cell.scenario)]
    targets = arrivals(
        ((one.cell, one.verdict.outcome, one.verdict.code) for one in report.results), is_whole=not report.interrupted
    )
    if cells or not targets:
        lines += [*targets, _verdict(replace(report, results=tuple(cells)), counted)]
    else:
        lines += [f"{' '.join(targets)} {counted}"]
    return lines


def also_scripts(report: Report | MatrixReport) -> list[str]:
    """Return a sentence for each module that may be started as a script, too, unless that was asked for as well."""
    asked = {_normal(one.id) for one in report.scenarios}
    by_file: dict[str, str] = {}
    for target in report.scripts.values():
        if _normal(target) not in asked:
            by_file.setdefault(target.rpartition(":")[0], target)
    return [
        f"{path} may be started as a script, too, and what it sends then is another case: "
        f"`picklecheck run {shlex.quote(target)}`."
        for path, target in by_file.items()
    ]


def _normal(target: str) -> str:
    """Return a target in one spelling: ``./app.py:make`` is ``app.py:make``."""
    file, _, name = target.rpartition(":")
    return f"{os.path.normpath(file)}:{name}"


def arrivals(judged: Iterable[tuple[Cell, Outcome, str | None]], *, is_whole: bool = True) -> list[str]:
    """Return which targets arrive and which do not, in a sentence or two; nothing if there are none.

    ``is_whole``: were all of their cells run?
    """
    found: dict[str, list[Outcome]] = {}
    empty: dict[str, None] = {}
    for cell, outcome, code in judged:
        if is_target(cell.scenario):
            found.setdefault(cell.scenario, []).append(outcome)
            if code == NOTHING_SENT:
                empty[cell.scenario] = None
    lines = [f"{name} sends nothing, so nothing was checked of it." for name in empty]
    for name, outcomes in found.items():
        failed = sum(one.is_failure for one in outcomes)
        if failed:
            lines.append(f"{name} does not arrive in {failed} of {_cells(len(outcomes))}.")
    whole = sum(set(one) == {Outcome.PASS} for one in found.values())
    if found and (whole or not lines):
        cells = "all cells" if is_whole else "all of its cells that were run"
        lines.append(f"{whole} of {len(found)} target{'s' * (len(found) > 1)} arrived in {cells}.")
    return lines


def _verdict(report: Report, counted: str) -> str:
    without = _by_scenario(report, "none")
    if not without:
        promised = [one for one in report.results if one.expected is not None]
        judged = promised or [one for one in report.results if _is_judged(one)]
        passed = sum(one.verdict.outcome is Outcome.PASS for one in judged)
        return f"{passed} of {len(judged)} {'promised ' if promised else ''}cells pass; {counted}"
    failing = [name for name, outcomes in without.items() if any(one.is_failure for one in outcomes)]
    sentence = f"{len(failing)} of {len(without)} reproductions reproduced here"
    repairs = []
    for fix in ("instance", "class"):
        outcomes = _by_scenario(report, fix)
        tried = [name for name in failing if _is_tried(report, name, fix)]
        repaired = sum(set(outcomes.get(name, ())) == {Outcome.PASS} for name in tried)
        if tried:
            amount = "all of them" if repaired == len(failing) else f"{repaired} of them"
            if len(tried) < len(failing):
                amount = f"{repaired} of the {len(tried)} that {'was' if len(tried) == 1 else 'were'} run with it"
            repairs.append(f"the {fix} fix repairs {amount}")
    return "; ".join([sentence, *repairs]) + f". {counted}"


def _is_tried(report: Report, scenario: str, fix: str) -> bool:
    """Was each of a scenario's cells that fail without a fix run with this one? After an interruption some were not."""
    found: dict[str, set[tuple[Serializer, str, str]]] = {"none": set(), fix: set()}
    for one in report.results:
        cell = one.cell
        is_counted = cell.fix == fix or (cell.fix == "none" and one.verdict.outcome.is_failure)
        if cell.scenario == scenario and cell.receiver != "relay" and is_counted:
            found[cell.fix].add((cell.serializer, cell.site, cell.receiver))
    return found["none"] <= found[fix]


def _by_scenario(report: Report, fix: str) -> dict[str, list[Outcome]]:
    """Return the outcomes of each reproduction under ``fix``, unsupported ones and second hops left out."""
    found: dict[str, list[Outcome]] = {}
    for result in report.results:
        cell, outcome = result.cell, result.verdict.outcome
        if cell.fix == fix and cell.receiver != "relay" and outcome is not Outcome.UNSUPPORTED:
            found.setdefault(cell.scenario, []).append(outcome)
    return {name: outcomes for name, outcomes in found.items() if not is_control(name)}


def is_control(scenario: str) -> bool:
    """Is it one of the scenarios that nothing affects?"""
    return not is_target(scenario) and scenario.partition(".")[0] == _CONTROLS


def _is_judged(result: Result) -> bool:
    return result.verdict.outcome.is_judged


def _cells(number: int) -> str:
    return f"{number} cell" if number == 1 else f"{number} cells"
