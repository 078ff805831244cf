"""Comparing reports of a suite: which tests end otherwise with the fix, and do so whenever they are run."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from suite_runs import Report

ABSENT = "absent"
# What is another text in every process: addresses, and the folders of pytest and of this run.
_VARIES = re.compile(r"0x[0-9a-fA-F]+|/\S*/(?:pytest|suite)/\S*|\b\d{4,}\b|_[0-9a-f]{10}\b")


@dataclass(frozen=True)
class Difference:
    """A test that ends otherwise with the fix. ``alone``: also without the tests that do not differ."""

    test: str
    without: str
    fixed: str
    reason_without: str
    reason_fixed: str
    alone: bool


def find_differing(without: Report, fixed: Report) -> list[str]:
    """Return the ids of the tests whose outcomes differ; one that is in one report alone differs."""
    tests = dict.fromkeys([*without.outcomes, *fixed.outcomes])
    return [test for test in tests if outcome(without, test) != outcome(fixed, test)]


def find_other_reasons(without: Report, fixed: Report) -> list[str]:
    """Return the ids of the tests that fail either way, for reasons that read differently."""
    both = [test for test in without.reasons if test in fixed.reasons]
    return [test for test in both if _fixed_text(without.reasons[test]) != _fixed_text(fixed.reasons[test])]


def is_steady(test: str, reports: Sequence[Report]) -> bool:
    """Tell whether a test has one outcome in all of these."""
    return len({outcome(report, test) for report in reports}) == 1


def describe(test: str, without: Report, fixed: Report, *, alone: bool) -> Difference:
    """Put together what is known of a difference."""
    return Difference(
        test,
        outcome(without, test),
        outcome(fixed, test),
        without.reasons.get(test, ""),
        fixed.reasons.get(test, ""),
        alone,
    )


def outcome(report: Report, test: str) -> str:
    """Return a test's outcome; ``absent`` where the report does not have it."""
    return report.outcomes.get(test, ABSENT)


def count(outcomes: Iterable[str]) -> dict[str, int]:
    """Return how many there are of each outcome."""
    return dict(sorted(Counter(outcomes).items()))


def _fixed_text(text: str) -> str:
    return _VARIES.sub("?", text)
