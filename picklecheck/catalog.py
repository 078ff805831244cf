"""Which scenarios there are, and what is promised of them. Scenario modules are never imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from picklecheck.model import Cell, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def read_scenarios(listed: Iterable[Mapping[str, Any]]) -> tuple[Scenario, ...]:
    """Return the scenarios that the probe listed."""
    return tuple(
        Scenario(**{**one, **{key: tuple(one[key]) for key in ("expressions", "warm", "beyond")}}) for one in listed
    )


def is_promised(scenario: Scenario, cell: Cell) -> bool:
    """Is this cell promised to pass?

    A target has to, whatever was asked of it. Of the catalogue nothing is promised without a fix (those cells are the
    reproductions), for what a fix is marked as unable to reach, nor for a second hop through a process that does not
    have the fix.
    """
    if scenario.is_target:
        return True
    return cell.fix != "none" and cell.fix not in scenario.beyond and cell.receiver != "relay"
