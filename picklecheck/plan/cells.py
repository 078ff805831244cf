"""Axes and selection -> cells. Pure: the scenarios are handed in."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError, did_you_mean
from picklecheck.model import ALL_SITES, FIXES, OWN_SITE, RECEIVERS, Cell, Serializer, is_script, is_target, scenario_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from picklecheck.model import Scenario

_PROTOCOLS = tuple("012345")


@dataclass(frozen=True)
class Axes:
    """The values of each axis that a run crosses. Targets have a site of their own, and fixes if they are asked for.

    ``receivers`` are those of the catalogue; targets of a module, and those of a script, have others by default.
    ``asked`` names the axes whose values were asked for along with the selection: each of them must mean something.
    """

    serializers: tuple[Serializer, ...] = (Serializer("pickle"), Serializer("cloudpickle"))
    sites: tuple[str, ...] = ("main", "function")
    receivers: tuple[str, ...] = ("cold", "warm")
    fixes: tuple[str, ...] = FIXES
    target_fixes: tuple[str, ...] = ("none",)
    # What may have happened to a worker before the task comes: it imported the models, or what makes the value, or has
    # met the specializations, at module scope or in a function. On some release each of them fails where others pass.
    target_receivers: tuple[str, ...] = ("cold", "warm", "warm-function", "warm-same")
    script_receivers: tuple[str, ...] = ("cold", "warm", "warm-function", "mp-main")
    asked: tuple[str, ...] = ()


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
    parts = _split(text)
    if len(parts) != 5:  # scenario, serializer, site, receiver, fix
        msg = f"{text!r} is no cell"
        raise ValueError(msg)
    scenario, serializer, site, receiver, fix = parts
    name, _, protocol = serializer.partition(":")
    return Cell(scenario, Serializer(name, int(protocol) if protocol else None), site, receiver, fix)


def is_sensible(site: str, receiver: str) -> bool:
    """Is the pair a cell, of a scenario of the catalogue or of a target that a module holds?"""
    return not obstacle("module:name" if site == OWN_SITE else "", site, receiver)


def obstacle(scenario: str, site: str, receiver: str) -> str:
    """Say why there is no such receiver of a scenario; empty if there is."""
    own = is_target(scenario)
    if receiver == "warm-same" and is_script(scenario):
        return "no other process can import what a script evaluates; 'mp-main' has run the script as its child does"
    if receiver == "warm-same" and site in ("main", "function"):
        return f"what the producer's own program evaluates (site {site!r}) cannot be imported by a receiver"
    if receiver == "warm-built" and (not own or is_script(scenario)):
        return "it calls what a target's module holds, and there is no such module"
    if receiver == "mp-main" and not is_script(scenario):
        return "it is the child of a script, which is a target such as app.py:make_page"
    return ""


def make_plan(scenarios: Sequence[Scenario], selection: Sequence[str], axes: Axes) -> tuple[Cell, ...]:
    """Return the cells of the selected scenarios over ``axes``, in the order of the catalogue, each once.

    ``selection`` holds scenario ids, globs over them, and ids of cells, which bring their own axes along (a glob may
    stand for their scenario); empty means every scenario. Raises UsageError for a word that selects nothing.
    """
    known = {scenario.id for scenario in scenarios}
    cells: dict[Cell, None] = {}
    selected: set[str] = set()
    for word in selection or ("*",):
        if word in known:
            selected.add(word)
        elif "/" in word:
            cells.update(dict.fromkeys(_parse_cells(word, known)))
        else:
            selected |= _match(word, known)
    for scenario in scenarios:
        if scenario.id in selected:
            crossed = list(_cross(scenario.id, axes))
            if not crossed:
                raise _no_cell(scenario.id, axes)
            cells.update(dict.fromkeys(crossed))
    _require_use(tuple(cells), axes)
    order = {scenario.id: number for number, scenario in enumerate(scenarios)}
    return tuple(sorted(cells, key=lambda cell: order[cell.scenario]))


def groups_of(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Put together the cells that share a producer: they differ in their receiver alone."""
    groups: dict[tuple[str, str, str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.scenario, str(cell.serializer), cell.site, cell.fix), []).append(cell)
    return list(groups.values())


def _cross(scenario: str, axes: Axes) -> Iterable[Cell]:
    for fix in axes.target_fixes if is_target(scenario) else axes.fixes:
        for serializer in axes.serializers:
            for site, receiver in itertools.product(_sites_of(scenario, axes), _receivers_of(scenario, axes)):
                if not obstacle(scenario, site, receiver):
                    yield Cell(scenario, serializer, site, receiver, fix)


def _sites_of(scenario: str, axes: Axes) -> tuple[str, ...]:
    return (OWN_SITE,) if is_target(scenario) else axes.sites


def _receivers_of(scenario: str, axes: Axes) -> tuple[str, ...]:
    if not is_target(scenario):
        return axes.receivers
    return axes.script_receivers if is_script(scenario) else axes.target_receivers


def _no_cell(scenario: str, axes: Axes) -> UsageError:
    """Return the error of a scenario that is asked for and has none of the receivers that are."""
    site, receiver = _sites_of(scenario, axes)[0], _receivers_of(scenario, axes)[0]
    msg = f"{scenario} has no receiver {receiver!r}: {obstacle(scenario, site, receiver)}."
    return UsageError(msg, "Use another receiver state, or leave --receiver out.")


def _require_use(cells: Sequence[Cell], axes: Axes) -> None:
    """Raise UsageError for a value that was asked for and that no cell has."""
    asked = {"site": axes.sites, "receiver": axes.receivers, "fix": axes.fixes}
    for name in axes.asked:
        for value in asked.get(name, ()):
            if any(getattr(cell, name) == value for cell in cells):
                continue
            msg = f"No cell that is asked for has {name} {value!r}."
            if name == "site" and all(is_target(cell.scenario) for cell in cells):
                msg = f"Targets have no site {value!r}: their own code evaluates what it needs, wherever it does."
            elif name == "receiver":
                why = next((found for cell in cells if (found := obstacle(cell.scenario, cell.site, value))), "")
                msg += f" {why[:1].upper()}{why[1:]}." if why else ""
            raise UsageError(msg, f"Leave out --{name} {value}.")


def _match(word: str, known: set[str]) -> set[str]:
    found = {scenario for scenario in known if fnmatchcase(scenario, word)}
    if not found:
        msg = f"No scenario is called {word!r}."
        hint = did_you_mean(word, sorted(known))
        raise UsageError(msg, hint + "'picklecheck list' shows them all; globs such as 'shapes.*' work too.")
    return found


def _split(cell: str) -> list[str]:
    scenario = scenario_of(cell)
    return [scenario, *cell[len(scenario) + 1 :].split("/")]


def _parse_cells(word: str, known: set[str]) -> list[Cell]:
    parts = _split(word)
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
    for one in matching:
        if why := obstacle(one, site, receiver):
            msg = f"{word!r} is no cell: there is no receiver {receiver!r}, since {why}."
            raise UsageError(msg, "Use another receiver state.")
    return [Cell(one, parse_serializer(serializer), site, receiver, fix) for one in matching]
