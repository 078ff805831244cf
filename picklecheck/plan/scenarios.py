"""Which scenarios there are. Scenario modules are never imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from picklecheck.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def read_scenarios(listed: Iterable[Mapping[str, Any]]) -> tuple[Scenario, ...]:
    """Return the scenarios that the probe listed."""
    return tuple(
        Scenario(**{**one, **{key: tuple(one[key]) for key in ("expressions", "warm", "beyond")}}) for one in listed
    )
