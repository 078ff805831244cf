"""Builders for baselines and for what a run found; each argument that a test does not care about has a default."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from document_builders import BOX, PASS
from matrix_builders import make_environment
from report_builders import make_report, make_result

from picklecheck.gate.baseline import Baseline, Entry, Finding, Place, Versions
from picklecheck.gate.compare import Found
from picklecheck.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from picklecheck.model import Environment, Report, Result, Shard

TODAY = dt.date(2030, 1, 2)
HERE = make_environment("2.14.3")
ID = HERE.id


def make_place(cell: str = BOX, environment: str = ID, receiver_environment: str | None = None) -> Place:
    """Return a place; without ``receiver_environment`` the value is received where it was dumped."""
    return Place(cell, environment, receiver_environment or environment)


def make_entry(
    finding: Finding = PASS,
    cell: str = BOX,
    *,
    environment: str = ID,
    receiver_environment: str | None = None,
    reason: str | None = None,
    until: str | None = None,
) -> Entry:
    """Return what is recorded of one cell."""
    return Entry(make_place(cell, environment, receiver_environment), finding, reason, until)


def versions_of(environment: Environment) -> Versions:
    """Return the versions of an environment."""
    return Versions(environment.python, environment.pydantic, environment.cloudpickle)


def make_baseline(
    *entries: Entry,
    environments: Sequence[Environment] = (HERE,),
    scenarios: Mapping[str, str] | None = None,
    is_loose: bool = False,
) -> Baseline:
    """Return a baseline of ``entries`` in their order; ``scenarios`` maps ids to hashes."""
    return Baseline(
        "0.1.0",
        {one.id: versions_of(one) for one in environments},
        scenarios or {},
        {one.place: one for one in entries},
        is_loose,
    )


def make_found(
    places: Mapping[Place, Finding] | None = None,
    *,
    environments: Sequence[Environment] = (HERE,),
    scenarios: Collection[str] | None = None,
    digests: Mapping[str, str] | None = None,
) -> Found:
    """Return what a run found."""
    return Found(environments, places or {}, scenarios, digests or {})


def make_result_in(
    environment: Environment,
    finding: Finding = PASS,
    cell: str = BOX,
    *,
    expected: bool | None = None,
    read_by: Environment | None = None,
) -> Result:
    """Return a judged cell of an environment."""
    return replace(
        make_result(cell, finding.outcome, expected=expected),
        environment=environment.id,
        receiver_environment=read_by.id if read_by else None,
        verdict=Verdict(finding.outcome, finding.code, "a reason"),
        exception=finding.exception,
    )


def make_report_of(
    *results: Result,
    environments: Sequence[Environment] = (HERE,),
    planned: int | None = None,
    interrupted: bool = False,
    shard: Shard | None = None,
    sources: Mapping[str, str] | None = None,
) -> Report:
    """Return a report of ``results``; ``sources`` maps scenarios to hashes."""
    report = make_report(results, environments=environments, planned=planned, interrupted=interrupted)
    return replace(report, shard=shard, sources=sources or {})
