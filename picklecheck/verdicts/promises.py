"""What is promised of a cell, before anything is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from picklecheck.model import Cell, Scenario


def is_promised(scenario: Scenario, cell: Cell) -> bool:
    """Is this cell promised to pass?

    A target has to, whatever was asked of it. Of the catalogue nothing is promised without a fix (those cells are the
    reproductions), for what a fix is marked as unable to reach, nor for a second hop through a process that does not
    have the fix.
    """
    if scenario.is_target:
        return True
    return cell.fix != "none" and cell.fix not in scenario.beyond and cell.receiver != "relay"
