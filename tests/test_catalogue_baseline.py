"""The catalogue's own record as a baseline: what upstream repairs shows up as fixed, and not silently."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from picklecheck.gate.baseline_file import to_text
from picklecheck.reports.record import record
from picklecheck.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended, Place

    from picklecheck.gate.baseline import Baseline

NOW = "2.14.3"
AXES = ("--serializer", "pickle", "--site", "main", "--fix", "none")


def recorded() -> Baseline:
    """Return the record of the catalogue as a baseline."""
    path = resource("matrix") / "results" / "pydantic.json"
    return record.as_baseline(record.parse(path.read_text(encoding="utf-8")))


def differences(place: Place) -> dict[str, dict[str, str]]:
    """Return what the JSON report says of each cell that is not as recorded and was run."""
    document = json.loads((place.work / "report.json").read_text(encoding="utf-8"))
    return {one["cell"]: one for one in document["baseline"]["differences"] if one["status"] != "not checked"}


def test_the_record_has_an_entry_for_each_cell_and_environment() -> None:
    baseline = recorded()

    assert baseline.is_loose
    assert NOW in {one.pydantic for one in baseline.environments.values()}
    assert {place.environment for place in baseline.entries} <= set(baseline.environments)
    assert all(entry.finding.exception is None for entry in baseline.entries.values())


@pytest.mark.network
def test_a_recorded_release_is_as_recorded(
    environment: Callable[..., Path], picklecheck: Callable[..., Ended], place: Place
) -> None:
    python = environment(NOW)

    ended = picklecheck(
        "run", "shapes.*", "--python", str(python), "--baseline", "catalogue", "--output", "json=report.json"
    )

    assert ended.status == 0, ended.stdout
    assert differences(place) == {}


@pytest.mark.network
def test_what_upstream_repaired_is_fixed(
    environment: Callable[..., Path], picklecheck: Callable[..., Ended], place: Place
) -> None:
    """As on the day of 2.14.3, had the record ended with 2.14.0."""
    baseline = recorded()
    last = Version("2.14.0")
    known = {name: one for name, one in baseline.environments.items() if Version(one.pydantic or "0") <= last}
    entries = {where: entry for where, entry in baseline.entries.items() if where.environment in known}
    (place.work / "then.json").write_text(to_text(replace(baseline, environments=known, entries=entries)))
    python = environment(NOW)
    arguments = ("run", "shapes.specialization", "--python", str(python), *AXES)

    ended = picklecheck(*arguments, "--baseline", "then.json", "--output", "json=report.json")

    found = differences(place)
    assert ended.status == 1
    assert {cell: (one["status"], one["why"]) for cell, one in found.items()} == {
        "shapes.specialization/pickle/main/cold/none": ("changed", "pydantic 2.14.0 -> 2.14.3"),
        "shapes.specialization/pickle/main/warm/none": ("fixed", "pydantic 2.14.0 -> 2.14.3"),
    }
