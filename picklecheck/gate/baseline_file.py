"""A baseline as a file: JSON, sorted, a line for each environment, scenario and cell, so that a diff can be read."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from picklecheck.errors import UsageError
from picklecheck.files import is_too_deep
from picklecheck.gate.baseline import Baseline, Entry, Finding, Place, Versions
from picklecheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SCHEMA_VERSION = 1
_KEYS = {"schema_version", "tool_version", "environments", "scenarios", "cells"}
_CELL_KEYS = {"cell", "environment", "receiver_environment", "outcome", "code", "exception", "reason", "until"}
# Not whatever could be a version: 2026-12 is one, and so is 2027, and no Pydantic will ever be past it.
# From Python 3.11 on fromisoformat() takes 20261231, too.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})*")
_HINT = "Use the picklecheck that wrote it, or record it again with 'picklecheck baseline update'."


def to_text(baseline: Baseline) -> str:
    """Return a baseline as JSON: the same for the same content."""
    members = {
        "schema_version": json.dumps(SCHEMA_VERSION),
        "tool_version": json.dumps(baseline.tool_version),
        "environments": _block({name: asdict(one) for name, one in baseline.environments.items()}),
        "scenarios": _block(baseline.scenarios),
        "cells": _lines("[]", [json.dumps(_cell(baseline.entries[place])) for place in sorted(baseline.entries)]),
    }
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {text}" for name, text in members.items()) + "\n}\n"


def read_baseline(path: Path) -> Baseline:
    """Read a baseline; raises UsageError for whatever is not one, in whatever way."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        msg = f"There is no baseline {str(path)!r}."
        hint = (
            "Make a report with --no-baseline and --output json=REPORT.json, and"
            f" 'picklecheck baseline update --baseline {path} REPORT.json' records one."
        )
        raise UsageError(msg, hint) from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        msg = f"The baseline {str(path)!r} cannot be read: {why}."
        raise UsageError(msg, "Give the path of a file that 'picklecheck baseline update' wrote.") from error
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"The baseline {str(path)!r} is no JSON: {error}."
        raise UsageError(msg, "Was a merge left unresolved? Mend the line, or record it again.") from error
    try:
        return parse(document)
    except ValueError as error:
        msg = f"The baseline {str(path)!r} cannot be used: {error}."
        raise UsageError(msg, _HINT) from error


def parse(document: object) -> Baseline:
    """Read the content of a file; raises ValueError with half a sentence."""
    if is_too_deep(document):
        msg = "it is nested too deeply"
        raise ValueError(msg)
    if not isinstance(document, dict) or "schema_version" not in document:
        msg = "it is no baseline"
        raise ValueError(msg)
    if document["schema_version"] != SCHEMA_VERSION:
        msg = f"its schema version is {document['schema_version']!r}, and this picklecheck knows {SCHEMA_VERSION}"
        raise ValueError(msg)
    _check_keys("the file", document, _KEYS, _KEYS)
    environments = {name: _versions(name, one) for name, one in _mapping(document, "environments").items()}
    scenarios = _mapping(document, "scenarios")
    for name, digest in scenarios.items():
        _check_string(f"the hash of scenario {name!r}", digest)
    _check_string("'tool_version'", document["tool_version"])
    if not isinstance(document["cells"], list):
        msg = "'cells' is no list"
        raise ValueError(msg)  # noqa: TRY004 - what is wrong is the file, not a type of ours
    entries: dict[Place, Entry] = {}
    for one in document["cells"]:
        entry = _entry(one)
        for name in entry.place[1:]:
            if name not in environments:
                msg = f"no environment is called {name!r}, which {entry.place.cell} names"
                raise ValueError(msg)
        if entry.place in entries:
            msg = f"{entry.place.cell} is there twice for {entry.place.environment}"
            raise ValueError(msg)
        entries[entry.place] = entry
    return Baseline(document["tool_version"], environments, scenarios, entries)


def _mapping(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = document[name]
    if not isinstance(found, dict):
        msg = f"{name!r} is no object"
        raise ValueError(msg)  # noqa: TRY004 - see above
    return found


def _versions(name: str, one: object) -> Versions:
    names = {field.name for field in fields(Versions)}
    what = f"environment {name!r}"
    if not isinstance(one, dict):
        msg = f"{what} is no object"
        raise ValueError(msg)  # noqa: TRY004 - see above
    _check_keys(what, one, names, names)
    for key, version in one.items():
        if version is not None:
            _check_string(f"{key!r} of {what}", version)
    return Versions(**one)


def _entry(one: object) -> Entry:
    if not isinstance(one, dict):
        msg = f"{json.dumps(one)[:60]} is no cell"
        raise ValueError(msg)  # noqa: TRY004 - see above
    needed = {"cell", "environment", "outcome"}
    _check_keys(f"cell {one.get('cell')!r}", one, _CELL_KEYS, needed)
    for key, value in one.items():
        if key in needed or value is not None:
            _check_string(f"{key!r} of {one['cell']}", value)
    if one["outcome"] not in {outcome.value for outcome in Outcome}:
        msg = f"{one['cell']} has the outcome {one['outcome']!r}, which is none"
        raise ValueError(msg)
    until = one.get("until")
    if until is not None and not _is_limit(until):
        msg = f"'until' of {one['cell']} is {until!r}, and neither a date (2026-12-31) nor a version of Pydantic (2.14)"
        raise ValueError(msg)
    place = Place(one["cell"], one["environment"], one.get("receiver_environment") or one["environment"])
    finding = Finding(Outcome(one["outcome"]), one.get("code"), one.get("exception"))
    return Entry(place, finding, one.get("reason"), until)


def _is_limit(until: str) -> bool:
    if _DATE.fullmatch(until) is None:
        return _VERSION.fullmatch(until) is not None
    try:
        dt.date.fromisoformat(until)
    except ValueError:
        return False
    return True


def _check_string(what: str, found: object) -> None:
    if not isinstance(found, str):
        msg = f"{what} is no string"
        raise ValueError(msg)  # noqa: TRY004 - see above


def _check_keys(what: str, found: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    for name in sorted(needed - found.keys()):
        msg = f"{what} has no {name!r}"
        raise ValueError(msg)
    for name in sorted(found.keys() - known):
        msg = f"{what} has {name!r}, which this picklecheck does not know"
        raise ValueError(msg)


def _cell(entry: Entry) -> dict[str, Any]:
    cell, environment, receiver_environment = entry.place
    return {
        "cell": cell,
        "environment": environment,
        **({"receiver_environment": receiver_environment} if receiver_environment != environment else {}),
        "outcome": entry.finding.outcome.value,
        "code": entry.finding.code,
        "exception": entry.finding.exception,
        **({"reason": entry.reason} if entry.reason is not None else {}),
        **({"until": entry.until} if entry.until is not None else {}),
    }


def _block(members: Mapping[str, Any]) -> str:
    return _lines("{}", [f"{json.dumps(name)}: {json.dumps(members[name])}" for name in sorted(members)])


def _lines(brackets: str, lines: Iterable[str]) -> str:
    joined = ",\n".join(lines)
    return f"{brackets[0]}\n{joined}\n{brackets[1]}" if joined else brackets
