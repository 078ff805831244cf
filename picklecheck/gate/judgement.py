"""What a judged cell means for whoever asked: one rule, for the exit status and for every report. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from picklecheck.gate.compare import Status
from picklecheck.model import Outcome

if TYPE_CHECKING:
    from picklecheck.gate.compare import Comparison, Standing

_FINDINGS = (Status.REGRESSED, Status.CHANGED, Status.EXPIRED)


class Judgement(str, Enum):
    """``finding``: somebody has to act. ``tolerated``: it fails, as recorded, or where nothing is promised."""

    PASSED = "passed"
    FINDING = "finding"
    TOLERATED = "tolerated"
    UNSUPPORTED = "unsupported"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class BaselineCheck:
    """The baseline that a run is held against: its file as it was named, and how all cells stand to it."""

    file: str
    comparison: Comparison
    allow_fixed: bool = False


def judge(
    outcome: Outcome,
    expected: bool | None,  # noqa: FBT001 - the word of a result
    standing: Standing | None = None,
    *,
    allow_fixed: bool = False,
) -> Judgement:
    """Judge a cell by what is promised of it and, where there is a baseline, by how it stands to that."""
    if outcome is Outcome.UNDECIDED:
        return Judgement.UNDECIDED
    status = standing.status if standing else Status.NEW
    if status in _FINDINGS or (status is Status.FIXED and not allow_fixed):
        return Judgement.FINDING
    if outcome is Outcome.PASS:
        return Judgement.PASSED
    if outcome is Outcome.UNSUPPORTED:
        return Judgement.UNSUPPORTED
    return Judgement.FINDING if expected is False and status is Status.NEW else Judgement.TOLERATED
