"""The record of what was compared: one row for a release at a level, kept as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from suite_comparison import Difference, count
from suite_runs import Specialization
from suites import PROJECTS

from picklecheck.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from suite_runs import Bench, Fix, Report

SCHEMA_VERSION = 1
RECORD = Path(__file__).with_name("record.json")
_TOOLS = ("pydantic", "pydantic-core", "pydantic_core", "cloudpickle", "pytest")


@dataclass(frozen=True)
class Row:
    """One release at one level."""

    package: str
    version: str
    tests_of: str
    level: str
    fix: str
    python: str
    tools: Mapping[str, str]
    day: str | None
    left_out: Sequence[str]
    # How many tests there are of each outcome.
    without: Mapping[str, int]
    fixed: Mapping[str, int]
    # How many tests pickle an instance of a specialization.
    pickling: int
    differences: Sequence[Difference]
    unsteady: Sequence[str]
    failing: Mapping[str, str]
    other_reasons: Sequence[str]
    # How many specializations there are of each outcome, and those that are not "same"; None if nobody looked.
    specializations: Mapping[str, int] | None
    exceptions: Sequence[Specialization]

    @property
    def minor(self) -> str:
        """The Python, as far as it matters to a suite."""
        return ".".join(self.python.split(".")[:2])

    @property
    def key(self) -> tuple[int, tuple[int, ...], tuple[int, ...], str]:
        """What says which row this is, and where it stands."""
        return (list(PROJECTS).index(self.package), _numbers(self.version), _numbers(self.minor), self.level)


@dataclass(frozen=True)
class Verdict:
    """What the runs of a suite at one level say together."""

    without: Report
    fixed: Report
    differences: Sequence[Difference]
    unsteady: Sequence[str]
    other_reasons: Sequence[str]
    specializations: Sequence[Specialization] | None

    def to_row(self, bench: Bench, fix: Fix) -> Row:
        """Return what is kept of it."""
        found = self.specializations
        return Row(
            package=bench.suite.package,
            version=bench.suite.version,
            tests_of=bench.suite.tests_of,
            level=self.fixed.level,
            fix=fix.digest,
            python=self.fixed.python,
            tools={name.replace("_", "-"): self.fixed.packages[name] for name in _TOOLS if name in self.fixed.packages},
            day=bench.day,
            left_out=bench.left_out,
            without=count(self.without.outcomes.values()),
            fixed=count(self.fixed.outcomes.values()),
            pickling=len(self.fixed.pickling),
            differences=self.differences,
            unsteady=self.unsteady,
            failing=self.without.reasons,
            other_reasons=self.other_reasons,
            specializations=None if found is None else count(one.outcome for one in found),
            exceptions=[one for one in found or () if not one.is_same],
        )


def read_record() -> list[Row]:
    """Read what was recorded, in order; nothing if there is no record."""
    if not RECORD.exists():
        return []
    told = json.loads(RECORD.read_text(encoding="utf-8"))
    if told["schema_version"] != SCHEMA_VERSION:
        message = f"{RECORD.name} is of another version of this script; remove it, and run all releases again"
        raise SystemExit(message)
    rows = []
    for row in told["rows"]:
        differences = [Difference(**one) for one in row["differences"]]
        exceptions = [Specialization(**one) for one in row["exceptions"]]
        rows.append(Row(**{**row, "differences": differences, "exceptions": exceptions}))
    return in_order(rows)


def write_record(rows: Sequence[Row]) -> None:
    """Put these rows into the record, in place of those of the same release, Python and level."""
    merged = {row.key: row for row in [*read_record(), *rows]}
    record = {"schema_version": SCHEMA_VERSION, "rows": [asdict(row) for row in in_order([*merged.values()])]}
    write_atomically(RECORD, [json.dumps(record, indent=1) + "\n"])


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Return the rows by package, version, Python and level."""
    return sorted(rows, key=lambda row: row.key)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
