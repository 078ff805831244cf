"""Axes and selection -> cells. Pure: the scenarios are handed in."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError
from picklecheck.model import ALL_SITES, FIXES, OWN_SITE, RECEIVERS, Cell, Serializer, is_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from picklecheck.model import Scenario

_PROTOCOLS = tuple("012345")


@dataclass(frozen=True)
class Axes:
    """The values of each axis that a run crosses. Targets have a site of their own, and fixes if they are asked for."""

    serializers: tuple[Serializer, ...] = (Serializer("pickle"), Serializer("cloudpickle"))
    sites: tuple[str, ...] = ("main", "function")
    receivers: tuple[str, ...] = ("cold", "warm")
    fixes: tuple[str, ...] = FIXES
    target_fixes: tuple[str, ...] = ("none",)


def parse_serializer(text: str) -> Serializer:
    """Read ``pickle``, ``pickle:PROTOCOL``, ``cloudpickle`` or ``dill``; raises UsageError."""
    name, colon, protocol = text.partition(":")
    if name in ("cloudpickle", "dill") and not colon:
        return Serializer(name)
    if name == "pickle" and not colon:
        return Serializer(name)
    if name == "pickle" and protocol in _PROTOCOLS:
        return Serializer(name, int(protocol))
    msg = f"{text!r} is no serializer."
    raise UsageError(msg, "Use pickle, pickle:0 to pickle:5, cloudpickle or dill.")


def parse_cell(text: str) -> Cell:
    """Return the cell with this id, as picklecheck wrote it; raises ValueError for what is none."""
    parts = text.split("/")
    if len(parts) != 5:  # scenario, serializer, site, receiver, fix
        msg = f"{text!r} is no cell"
        raise ValueError(msg)
    scenario, serializer, site, receiver, fix = parts
    name, _, protocol = serializer.partition(":")
    return Cell(scenario, Serializer(name, int(protocol) if protocol else None), site, receiver, fix)


def is_sensible(site: str, receiver: str) -> bool:
    """Is the pair a cell? What was evaluated in the producer's own program cannot be imported by a receiver.

    Of a target nobody knows where else it could be evaluated, or whether in a function.
    """
    if site == OWN_SITE:
        return receiver not in ("warm-function", "warm-other")
    return not (receiver == "warm-same" and site in ("main", "function"))


def make_plan(scenarios: Sequence[Scenario], selection: Sequence[str], axes: Axes) -> tuple[Cell, ...]:
    """Return the cells of the selected scenarios over ``axes``, in the order of the catalogue, each once.

    ``selection`` holds scenario ids, globs over them, and ids of cells, which bring their own axes along (a glob may
    stand for their scenario); empty means every scenario. Raises UsageError for a word that selects nothing.
    """
    known = {scenario.id for scenario in scenarios}
    cells: dict[Cell, None] = {}
    selected: set[str] = set()
    for word in selection or ("*",):
        if "/" in word:
            cells.update(dict.fromkeys(_parse_cells(word, known)))
        else:
            selected |= _match(word, known)
    for scenario in scenarios:
        if scenario.id in selected:
            cells.update(dict.fromkeys(_cross(scenario.id, axes)))
    order = {scenario.id: number for number, scenario in enumerate(scenarios)}
    return tuple(sorted(cells, key=lambda cell: order[cell.scenario]))


def groups_of(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Put together the cells that share a producer: they differ in their receiver alone."""
    groups: dict[tuple[str, str, str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.scenario, str(cell.serializer), cell.site, cell.fix), []).append(cell)
    return list(groups.values())


def _cross(scenario: str, axes: Axes) -> Iterable[Cell]:
    own = is_target(scenario)
    for fix in axes.target_fixes if own else axes.fixes:
        for serializer in axes.serializers:
            for site in (OWN_SITE,) if own else axes.sites:
                for receiver in axes.receivers:
                    if is_sensible(site, receiver):
                        yield Cell(scenario, serializer, site, receiver, fix)


def _match(word: str, known: set[str]) -> set[str]:
    found = {scenario for scenario in known if fnmatchcase(scenario, word)}
    if not found:
        near = difflib.get_close_matches(word, sorted(known), n=1)
        msg = f"No scenario is called {word!r}."
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise UsageError(msg, hint + "'picklecheck list' shows them all; globs such as 'shapes.*' work too.")
    return found


def _parse_cells(word: str, known: set[str]) -> list[Cell]:
    parts = word.split("/")
    hint = "A cell reads SCENARIO/SERIALIZER/SITE/RECEIVER/FIX, as in shapes.specialization/pickle/main/cold/none."
    if len(parts) != 5:  # those that the hint names
        msg = f"{word!r} is no cell."
        raise UsageError(msg, hint)
    scenario, serializer, site, receiver, fix = parts
    matching = sorted(_match(scenario, known))
    for value, allowed in ((site, ALL_SITES), (receiver, RECEIVERS), (fix, FIXES)):
        if value not in allowed:
            msg = f"{word!r} is no cell: {value!r} is none of {', '.join(allowed)}."
            raise UsageError(msg, hint)
    if is_target(scenario) != (site == OWN_SITE):
        msg = f"{word!r} is no cell: site {OWN_SITE!r} is that of targets, and the only one that they have."
        raise UsageError(msg, hint)
    if not is_sensible(site, receiver):
        msg = f"{word!r} is no cell: there is no receiver {receiver!r} of what was evaluated at site {site!r}."
        raise UsageError(msg, "Use another receiver state.")
    return [Cell(one, parse_serializer(serializer), site, receiver, fix) for one in matching]
