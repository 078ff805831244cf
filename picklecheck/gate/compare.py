"""A run against a baseline, cell by cell, never by message. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from picklecheck.gate.baseline import Entry, Finding, Place, Versions
from picklecheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from picklecheck.gate.baseline import Baseline
    from picklecheck.model import Environment


class Status(str, Enum):
    """How a cell stands to its entry; of the last two there is an entry and no cell."""

    AS_RECORDED = "as recorded"
    REGRESSED = "regressed"
    CHANGED = "changed"
    EXPIRED = "expired"
    FIXED = "fixed"
    NEW = "new"
    MISSING = "missing"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Standing:
    """How one cell stands to the baseline.

    ``place`` is the cell in this run; that of the entry where it was not run. ``found`` is None then, and ``entry`` is
    None where there is none. ``why`` tells what is not as it was when the entry was recorded; empty if nothing is.
    """

    status: Status
    place: Place
    found: Finding | None = None
    entry: Entry | None = None
    why: str = ""


@dataclass(frozen=True)
class Found:
    """A run as it is compared. ``places`` are the cells that were run; ``scenarios`` those that there are, or None.

    ``digests`` maps scenarios to the hash of their source.
    """

    environments: Sequence[Environment]
    places: Mapping[Place, Finding]
    scenarios: Collection[str] | None
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """How all cells stand, and the entries whose cells were not run: gone, or not asked for.

    ``references`` maps each environment to the recorded one that it is compared with: itself, or the nearest.
    """

    standings: Mapping[Place, Standing]
    left: tuple[Standing, ...]
    references: Mapping[str, str]

    def of(self, status: Status) -> list[Standing]:
        """Return all that stand like this."""
        return [one for one in (*self.standings.values(), *self.left) if one.status is status]


def compare(baseline: Baseline, found: Found, today: dt.date) -> Comparison:
    """Compare what was found with what is recorded.

    An environment that is not recorded is compared with the nearest one that is: so a new release of Pydantic is held
    against the last one. A cell that could not be judged has no standing.
    """
    references = find_references(baseline.environments, found.environments)
    versions = {one.id: Versions(one.python, one.pydantic, one.cloudpickle) for one in found.environments}
    used: set[Place] = set()
    standings = {}
    for place, finding in found.places.items():
        recorded = recorded_place(place, references)
        entry = baseline.entries.get(recorded) if recorded else None
        if entry is not None:
            used.add(entry.place)
        if finding.outcome is Outcome.UNDECIDED:
            continue
        if entry is None:
            standings[place] = Standing(Status.NEW, place, finding)
            continue
        why = _why(baseline, entry, place, versions, found.digests)
        pydantics = [versions[name].pydantic for name in place[1:]]
        is_new = place != entry.place and _can_be_expressed_here_alone(entry.finding, finding)
        status = Status.NEW if is_new else _status(baseline, entry, finding, pydantics, today)
        standings[place] = Standing(status, place, finding, entry, why)
    left = tuple(
        Standing(Status.MISSING if _is_gone(place, found.scenarios) else Status.NOT_CHECKED, place, entry=entry)
        for place, entry in sorted(baseline.entries.items())
        if place not in used
    )
    return Comparison(standings, left, references)


def find_references(recorded: Mapping[str, Versions], environments: Iterable[Environment]) -> dict[str, str]:
    """Return, for each environment, the recorded one that it is compared with; nothing where nothing is recorded.

    That depends on no other environment of the run, so the shards of a run and the whole are judged alike.
    """
    if not recorded:
        return {}
    return {
        one.id: one.id if one.id in recorded else max(recorded, key=lambda name: (_nearness(recorded[name], one), name))
        for one in environments
    }


def _nearness(recorded: Versions, environment: Environment) -> tuple[bool, bool, Version, bool, bool]:
    """Order recorded environments: the same minor of Python first, then the newest Pydantic that is not newer."""
    then, now = _version(recorded.pydantic), _version(environment.pydantic)
    is_older = then <= now
    # Of the newer ones, the oldest.
    distance = then if is_older else Version(f"{9999 - then.major}.{9999 - then.minor}.{9999 - then.micro}")
    return (
        _minor(recorded.python) == _minor(environment.python),
        is_older,
        distance,
        recorded.cloudpickle == environment.cloudpickle,
        recorded.python == environment.python,
    )


def recorded_place(place: Place, references: Mapping[str, str]) -> Place | None:
    """Return under which place a cell would be recorded, given what its environments are compared with."""
    writer, reader = references.get(place.environment), references.get(place.receiver_environment)
    return None if writer is None or reader is None else Place(place.cell, writer, reader)


def _status(
    baseline: Baseline, entry: Entry, finding: Finding, pydantics: Sequence[str | None], today: dt.date
) -> Status:
    then, now = entry.finding, finding
    if now.outcome is Outcome.PASS:
        return Status.AS_RECORDED if then.outcome is Outcome.PASS else Status.FIXED
    if then.outcome is Outcome.PASS and now.outcome.is_failure:
        return Status.REGRESSED
    is_same = (then.outcome, then.code) == (now.outcome, now.code)
    if not is_same or not (baseline.is_loose or then.exception == now.exception):
        return Status.CHANGED
    until = entry.until
    is_expired = until is not None and any(is_past(until, pydantic, today) for pydantic in pydantics)
    return Status.EXPIRED if is_expired else Status.AS_RECORDED


def _can_be_expressed_here_alone(then: Finding, now: Finding) -> bool:
    """Was there nothing to find in the environment of the record, which another Python or Pydantic can build?"""
    return then.outcome is Outcome.UNSUPPORTED and now.outcome is not Outcome.UNSUPPORTED


def is_past(until: str, pydantic: str | None, today: dt.date) -> bool:
    """Is a date over, or is Pydantic past a version? ``2.14`` means all of its patches. Raises ValueError."""
    try:
        return today > dt.date.fromisoformat(until)
    except ValueError:
        last = Version(until)  # InvalidVersion is a ValueError
    return _version(pydantic).release[: len(last.release)] > last.release


def _why(
    baseline: Baseline, entry: Entry, place: Place, versions: Mapping[str, Versions], digests: Mapping[str, str]
) -> str:
    """Say what is not as it was when the entry was recorded: versions, and the source of the scenario."""
    words = []
    for then, now in {
        (entry.place.environment, place.environment): None,
        (entry.place.receiver_environment, place.receiver_environment): None,
    }:
        old, new = baseline.environments[then], versions[now]
        for name in ("python", "pydantic", "cloudpickle"):
            before, after = getattr(old, name), getattr(new, name)
            if before != after:
                words.append(f"{name} {before} -> {after}")
    scenario = place.scenario
    before, after = baseline.scenarios.get(scenario), digests.get(scenario)
    if before and after and before != after:
        words.append("its source changed")
    return ", ".join(dict.fromkeys(words))


def _is_gone(place: Place, scenarios: Collection[str] | None) -> bool:
    return scenarios is not None and place.scenario not in scenarios


def _version(text: str | None) -> Version:
    try:
        return Version(text or "0")
    except InvalidVersion:
        return Version("0")


def _minor(python: str | None) -> list[str]:
    return (python or "").split(".")[:2]
