"""Results of a run as its report has them: a row of outcomes for a scenario."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from report_builders import make_result

from picklecheck.model import RECEIVERS, SITES, Outcome
from picklecheck.plan.cells import is_sensible

if TYPE_CHECKING:
    from picklecheck.model import Result

OUTCOMES = {
    ".": Outcome.PASS,
    "D": Outcome.DUMP_ERROR,
    "L": Outcome.LOAD_ERROR,
    "T": Outcome.WRONG_TYPE,
    "V": Outcome.WRONG_VALUE,
    "-": Outcome.UNSUPPORTED,
    "?": Outcome.UNDECIDED,
}


def row(scenario: str, outcomes: str, *cells: str, expected: bool | None = None) -> list[Result]:
    """Return the results of a scenario: one letter an outcome, one ``cells`` entry for what stands behind its id."""
    return [
        make_result(f"{scenario}/{cell}", OUTCOMES[letter], expected=expected, reason=f"reason {number}")
        for number, (letter, cell) in enumerate(zip(outcomes, cells, strict=True))
    ]


NONE = (
    "pickle/main/cold/none",
    "pickle/main/warm/none",
    "pickle/function/cold/none",
    "cloudpickle/main/cold/none",
    "cloudpickle/main/warm/none",
)


CLASS = tuple(cell.replace("none", "class") for cell in NONE)


def every_cell(serializers: tuple[str, ...], fixes: tuple[str, ...]) -> list[str]:
    """Return what stands behind the scenario in the id of each cell over all sites and receivers."""
    return [
        f"{serializer}/{site}/{receiver}/{fix}"
        for fix, serializer, site, receiver in itertools.product(fixes, serializers, SITES, RECEIVERS)
        if is_sensible(site, receiver)
    ]
