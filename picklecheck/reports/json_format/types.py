"""The JSON report as types: what other tools rely on, and what the published schema is made of.

Names are added and never renamed; a name that is not in each document is marked so.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import NotRequired, TypedDict


class EnvironmentDocument(TypedDict):
    """An environment; ``reason`` says why one whose ``status`` is not ``ok`` could not be had."""

    id: str
    python: str | None
    pydantic: str | None
    cloudpickle: str | None
    platform: str | None
    status: str
    reason: str | None
    serializers: list[str]
    packages: dict[str, str]


class ScenarioDocument(TypedDict):
    """A scenario that was checked; ``source`` is a hash of its source, null where it is not known.

    ``script`` is the target that asks for the same where its module is started as a script; null if it never is.
    """

    id: str
    summary: str
    source: str | None
    script: str | None


class ChildDocument(TypedDict):
    """One process: what it told (``facts``) and how it ended; ``stdout`` and ``stderr`` are the ends of its streams."""

    facts: dict[str, Any]
    exit_status: int | None
    signal: str | None
    timed_out: bool
    stdout: str
    stderr: str
    duration_s: float
    cpu_s: float


class PayloadDocument(TypedDict):
    """What a pickle says without being run."""

    protocol: int | None
    globals: list[str]
    error: str | None


class ObservationDocument(TypedDict):
    """The evidence: what each process of a cell saw, null where it was not started."""

    producer: ChildDocument | None
    payload: PayloadDocument | None
    relay: ChildDocument | None
    relayed_payload: PayloadDocument | None
    receiver: ChildDocument | None


class CellDocument(TypedDict):
    """A judged cell. ``expected``: as promised, a broken promise, or null where nothing is promised.

    ``receiver_environment`` is there with ``--cross``, ``reused`` where an earlier run found the result.
    """

    id: str
    environment: str
    receiver_environment: NotRequired[str]
    scenario: str
    serializer: str
    protocol: int | None
    site: str
    receiver: str
    fix: str
    engine: str
    isolation: str
    outcome: str
    code: str | None
    reason: str
    exception: str | None
    expected: bool | None
    location: str | None
    registered_in_producer: list[str] | None
    registered_in_receiver: list[str] | None
    duration_s: float
    reused: NotRequired[bool]
    observation: ObservationDocument | None


class ShardDocument(TypedDict):
    """The part of a plan that was run: ``index`` (from 1) of ``of``; ``plan`` is a hash of the whole plan."""

    index: int
    of: int
    plan: str


class DifferenceDocument(TypedDict):
    """A cell that is not as recorded, or an entry whose cell was not run; ``found`` is null then.

    ``change`` says of a cell whether ``upstream changed`` or ``you changed`` since, or both, or neither.
    """

    status: str
    cell: str
    environment: str
    receiver_environment: str
    recorded: str | None
    found: str | None
    why: str
    change: str | None
    reason: str | None
    until: str | None


class BaselineDocument(TypedDict):
    """How the run stands to the baseline: how many cells and entries have which status, and all that differ."""

    file: str
    counts: dict[str, int]
    differences: list[DifferenceDocument]


class CureDocument(TypedDict):
    """What came of trying one cure on cells of one scenario that failed for one cause: ``arrived`` of ``tried``.

    ``cure`` is ``class``, the fix, or ``origin``: the specialization evaluated at module scope of its origin's module.
    ``example`` is one of those that failed. Where the run had no such cell, it is run beside, and is not in ``cells``.
    """

    code: str
    cure: str
    tried: int
    arrived: int
    example: str
    environment: str


class ReportDocument(TypedDict):
    """A whole report. ``summary`` counts cells by fix and outcome; the last ones are a matrix's or a merge's own.

    ``configured`` are the targets of the configuration, null if the run was of others. ``gaps`` tell what is missing in
    a merge, a sentence each. ``cures`` tell what was tried; a cause and cure that are not there were not tried.
    """

    schema_version: int
    tool_version: str
    command: list[str]
    started_at: str
    duration_s: float
    environments: list[EnvironmentDocument]
    scenarios: list[ScenarioDocument]
    cells: list[CellDocument]
    summary: dict[str, dict[str, int]]
    interrupted: bool
    cells_planned: int
    shard: ShardDocument | None
    configured: list[str] | None
    baseline: BaselineDocument | None
    cures: list[CureDocument]
    cross: NotRequired[bool]
    cells_reused: NotRequired[int]
    notes: NotRequired[list[str]]
    gaps: NotRequired[list[str]]
    exit_status: int
