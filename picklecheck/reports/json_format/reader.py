"""JSON reports as they are read back: for a merge, for a baseline, and for the formats that a matrix's cells feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from picklecheck.errors import UsageError
from picklecheck.files import is_too_deep
from picklecheck.model import (
    FIXES,
    OWN_SITE,
    RECEIVERS,
    SCHEMA_VERSION,
    SITES,
    Environment,
    Outcome,
    Result,
    Shard,
    Trial,
    Verdict,
)
from picklecheck.plan.cells import parse_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT, _FLAG, _WHOLE, _NUMBER, _LIST = (str,), (bool,), (int,), (int, float), (list,)
_NOTHING = (type(None),)
# What is used of a report, and would come out elsewhere were it something else.
_REPORT = {"started_at": _TEXT, "duration_s": _NUMBER, "cells_planned": _WHOLE, "interrupted": _FLAG, "cells": _LIST}
_MORE = {
    "cross": _FLAG,
    "cells_reused": _WHOLE,
    "notes": _LIST,
    "gaps": _LIST,
    "configured": _LIST + _NOTHING,
    "cures": _LIST,
}
_ENVIRONMENT = {
    **dict.fromkeys(("id", "status"), _TEXT),
    **dict.fromkeys(("python", "pydantic", "cloudpickle", "platform", "reason"), _TEXT + _NOTHING),
    "serializers": _LIST,
    "packages": (dict,),
}
_SCENARIO = {"id": _TEXT, "summary": _TEXT, "source": _TEXT + _NOTHING}
_SHARD = {"index": _WHOLE, "of": _WHOLE, "plan": _TEXT}
_CURE = {**dict.fromkeys(("code", "cure", "example", "environment"), _TEXT), "tried": _WHOLE, "arrived": _WHOLE}
_CELL = {
    **dict.fromkeys(("id", "environment", "engine", "isolation", "outcome", "reason"), _TEXT),
    **dict.fromkeys(("code", "exception", "location"), _TEXT + _NOTHING),
    **dict.fromkeys(("registered_in_producer", "registered_in_receiver"), _LIST + _NOTHING),
    "expected": _FLAG + _NOTHING,
    "protocol": _WHOLE + _NOTHING,
    "duration_s": _NUMBER,
}

_HINT = "Give a file that '--output json=FILE' wrote, with this version of picklecheck."


@dataclass(frozen=True)
class ReadReport:
    """A report as it was written; ``cells`` are still JSON objects. ``source`` is where it was read, for messages.

    ``scenarios`` maps ids to their summary and the hash of their source, in the order of the report; ``scripts`` those
    whose modules may be started as scripts to the targets that ask for that.
    """

    source: str
    started_at: str
    duration_s: float
    environments: tuple[Environment, ...]
    scenarios: Mapping[str, tuple[str, str | None]]
    scripts: Mapping[str, str]
    cells: tuple[Mapping[str, Any], ...]
    planned: int
    interrupted: bool
    cross: bool
    reused: int
    notes: tuple[str, ...]
    gaps: tuple[str, ...]
    shard: Shard | None
    configured: tuple[str, ...] | None
    trials: tuple[Trial, ...] = ()


def read_report(source: str, text: str) -> ReadReport:
    """Read a report; raises UsageError for anything else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"{source} is no JSON: {error}."
        raise UsageError(msg, _HINT) from error
    if is_too_deep(document):
        msg = f"{source} is no report: it is nested too deeply."
        raise UsageError(msg, _HINT)
    if not isinstance(document, dict) or not {"schema_version", "cells", "environments"} <= document.keys():
        msg = f"{source} is no report."
        raise UsageError(msg, _HINT)
    if document["schema_version"] != SCHEMA_VERSION:
        version = document["schema_version"]
        msg = f"{source} has the schema version {version!r}, and this picklecheck knows {SCHEMA_VERSION}."
        raise UsageError(msg, "Use the picklecheck that wrote it.")
    try:
        return _read(source, document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"{source} is no report that can be used: {type(error).__name__}: {error}."
        raise UsageError(msg, _HINT) from error


def _read(source: str, document: Mapping[str, Any]) -> ReadReport:
    _check(document, _REPORT)
    _check(document, {name: kinds for name, kinds in _MORE.items() if name in document})
    for one in document["scenarios"]:
        _check(one, _SCENARIO)
    environments = tuple(_environment(one) for one in document["environments"])
    known = {one.id for one in environments}, {one["id"] for one in document["scenarios"]}
    for one in document["cells"]:
        _check_cell(one, *known)
    for one in document.get("cures", ()):
        _check(one, _CURE)
    shard = document["shard"]
    if shard is not None:
        _check(shard, _SHARD)
    return ReadReport(
        source=source,
        started_at=document["started_at"],
        duration_s=float(document["duration_s"]),
        environments=environments,
        scenarios={one["id"]: (one["summary"], one["source"]) for one in document["scenarios"]},
        cells=tuple(document["cells"]),
        scripts={one["id"]: str(one["script"]) for one in document["scenarios"] if one.get("script")},
        planned=document["cells_planned"],
        interrupted=document["interrupted"],
        cross=document.get("cross", False),
        reused=document.get("cells_reused", 0),
        notes=tuple(map(str, document.get("notes", ()))),
        gaps=tuple(map(str, document.get("gaps", ()))),
        shard=None if shard is None else Shard(shard["index"], shard["of"], shard["plan"]),
        configured=None if document.get("configured") is None else tuple(map(str, document["configured"])),
        trials=tuple(Trial(**{name: one[name] for name in _CURE}) for one in document.get("cures", ())),
    )


def _check(found: Mapping[str, Any], kinds: Mapping[str, tuple[type, ...]]) -> None:
    for name, kind in kinds.items():
        if not isinstance(found[name], kind):
            msg = f"{name!r} is {found[name]!r:.60}"
            raise TypeError(msg)


def _check_cell(one: Mapping[str, Any], environments: set[str], scenarios: set[str]) -> None:
    _check(one, _CELL)
    result = read_cell(one)
    if not {result.environment, result.receiver_environment or result.environment} <= environments:
        msg = f"{one['id']} names an environment that is not listed"
        raise ValueError(msg)
    cell = result.cell
    if cell.site not in (*SITES, OWN_SITE) or cell.receiver not in RECEIVERS or cell.fix not in FIXES:
        msg = f"{one['id']} is no cell"
        raise ValueError(msg)
    if cell.scenario not in scenarios:
        msg = f"{one['id']} is of a scenario that is not listed"
        raise ValueError(msg)


def _environment(one: Mapping[str, Any]) -> Environment:
    _check(one, _ENVIRONMENT)
    names = ("id", "python", "pydantic", "cloudpickle", "platform", "status", "reason")
    return Environment(
        **{name: one[name] for name in names}, serializers=tuple(one["serializers"]), packages=dict(one["packages"])
    )


def read_cell(one: Mapping[str, Any]) -> Result:
    """Return the result that a cell of a report tells of, without its observation; raises KeyError, ValueError."""

    def modules(role: str) -> tuple[str, ...] | None:
        found = one[f"registered_in_{role}"]
        return None if found is None else tuple(map(str, found))

    return Result(
        cell=parse_cell(one["id"]),
        environment=one["environment"],
        engine=one["engine"],
        isolation=one["isolation"],
        verdict=Verdict(Outcome(one["outcome"]), one["code"], one["reason"]),
        expected=one["expected"],
        duration_s=one["duration_s"],
        observation=None,
        protocol=one["protocol"],
        registered_in_producer=modules("producer"),
        registered_in_receiver=modules("receiver"),
        receiver_environment=one.get("receiver_environment"),
        exception=one["exception"],
        location=one["location"],
    )
