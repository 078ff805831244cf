"""What a baseline is made of. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from picklecheck.model import scenario_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from picklecheck.model import Outcome


class Place(NamedTuple):
    """Which cell, and where: the environment that dumped and the one that loaded (the same one but with ``--cross``).

    ``cell`` is a cell's id.
    """

    cell: str
    environment: str
    receiver_environment: str

    @property
    def scenario(self) -> str:
        """The scenario of the cell."""
        return scenario_of(self.cell)


@dataclass(frozen=True)
class Finding:
    """What is compared of a cell. ``exception`` is the class of the error, None where nothing was raised."""

    outcome: Outcome
    code: str | None = None
    exception: str | None = None

    def __str__(self) -> str:
        return " ".join(word for word in (self.outcome.value, self.code, self.exception) if word)


@dataclass(frozen=True)
class Entry:
    """What is recorded of one cell in one environment.

    ``reason`` says why a failure is tolerated, ``until`` how long: a date (2026-12-31) or a version of Pydantic
    (2.14), past which it is tolerated no more.
    """

    place: Place
    finding: Finding
    reason: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Versions:
    """The versions of a recorded environment."""

    python: str | None
    pydantic: str | None
    cloudpickle: str | None


@dataclass(frozen=True)
class Baseline:
    """All that is recorded. ``environments`` maps ids to versions, ``scenarios`` ids to the hash of their source.

    ``is_loose``: it was recorded without exceptions, which are then not compared.
    """

    tool_version: str
    environments: Mapping[str, Versions] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[Place, Entry] = field(default_factory=dict)
    is_loose: bool = False
