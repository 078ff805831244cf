"""A baseline after a run: what is recorded anew, and what is dropped. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from picklecheck.gate.baseline import Baseline, Entry, Place, Versions
from picklecheck.gate.compare import find_references
from picklecheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from picklecheck.gate.compare import Found

T = TypeVar("T")


@dataclass(frozen=True)
class Edited:
    """A baseline as it is to be written, and what is different about it.

    ``replaced`` are pairs of environments: the one that was recorded, and the newer one that takes its place.
    """

    baseline: Baseline
    added: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    dropped: tuple[Entry, ...]
    replaced: tuple[tuple[str, str], ...] = ()


def update(baseline: Baseline, found: Found, tool_version: str) -> Edited:
    """Record what was found. Cells that could not be judged keep their entries, and so do cells that were not run.

    An environment in which all was judged that is recorded of another one takes the place of that, if it was compared
    with it, they are of the same line (minor of Python, of Pydantic, major of cloudpickle), and the other one is not
    part of the run. ``reason`` and ``until`` stay where the finding does.
    """
    judged = [place for place, one in found.places.items() if one.outcome is not Outcome.UNDECIDED]
    names = {name for place in judged for name in place[1:]}
    here = {
        one.id: Versions(one.python, one.pydantic, one.cloudpickle) for one in found.environments if one.id in names
    }
    references = find_references(baseline.environments, found.environments)
    replaced = {
        old: new
        for new, old in references.items()
        if old not in references
        and new in here
        and _line(baseline.environments[old]) == _line(here[new])
        and _cells_of(baseline.entries, old) <= _cells_of(judged, new)
    }
    entries = {}
    for entry in baseline.entries.values():
        cell, writer, reader = entry.place
        place = Place(cell, replaced.get(writer, writer), replaced.get(reader, reader))
        entries[place] = replace(entry, place=place)
    added, changed = [], []
    for place, finding in found.places.items():
        if finding.outcome is Outcome.UNDECIDED:
            continue
        known = entries.get(place)
        if known is None:
            entries[place] = Entry(place, finding)
            added.append(entries[place])
        elif known.finding != finding:
            entries[place] = Entry(place, finding)
            changed.append(entries[place])
    versions = {**{name: one for name, one in baseline.environments.items() if name not in replaced}, **here}
    scenarios = {**baseline.scenarios, **found.digests}
    written = _tidied(Baseline(tool_version, versions, scenarios, entries))
    return Edited(written, tuple(added), tuple(changed), (), tuple(replaced.items()))


def prune(baseline: Baseline, found: Found) -> Edited:
    """Drop the entries whose cells were not run, but for those of environments that could not be had."""
    references = find_references(baseline.environments, found.environments)
    lost = {references[one.id] for one in found.environments if not one.is_available and one.id in references}
    kept = {
        Place(place.cell, references[place.environment], references[place.receiver_environment])
        for place in found.places
        if place.environment in references and place.receiver_environment in references
    }
    kept |= {place for place in baseline.entries if not lost.isdisjoint(place[1:])}
    entries = {place: entry for place, entry in baseline.entries.items() if place in kept}
    dropped = tuple(entry for place, entry in baseline.entries.items() if place not in kept)
    return Edited(_tidied(replace(baseline, entries=entries)), (), (), dropped)


def _tidied(baseline: Baseline) -> Baseline:
    """Leave out the environments and scenarios of which nothing is recorded."""
    environments = {name for place in baseline.entries for name in place[1:]}
    scenarios = {place.scenario for place in baseline.entries}
    return replace(
        baseline,
        environments=_only(baseline.environments.items(), environments),
        scenarios=_only(baseline.scenarios.items(), scenarios),
    )


def _only(items: Iterable[tuple[str, T]], names: set[str]) -> dict[str, T]:
    return {name: value for name, value in items if name in names}


def _cells_of(places: Iterable[Place], environment: str) -> set[str]:
    return {place.cell for place in places if environment in place[1:]}


def _line(versions: Versions) -> tuple[str, ...]:
    lengths = {"python": 2, "pydantic": 2, "cloudpickle": 1}
    return tuple(".".join((getattr(versions, name) or "").split(".")[:length]) for name, length in lengths.items())
