"""Recorded results: JSON that a person can read and compare, one cell a line, the same for the same findings.

A line tells from which environment on a cell has which outcome, in the order of the environments, until the next entry;
``-`` is a cell that was not run, or whose registrations are not known. Environments that could not be had are skipped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from picklecheck.errors import UsageError
from picklecheck.gate import baseline as entries
from picklecheck.gate.baseline import Baseline, Entry, Place, Versions
from picklecheck.matrix_report import Pair
from picklecheck.model import Environment
from picklecheck.reports.environment_labels import is_available, row_labels
from picklecheck.reports.record.changes import Finding, Row, Step, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from picklecheck.matrix_report import Mark, MatrixReport
    from picklecheck.model import Cell

SCHEMA_VERSION = 1

T = TypeVar("T")

_NOT_RUN = "-"
_NOWHERE = "(none)"
_UNKNOWN = "(unknown)"
_HINT = "Record it again with 'picklecheck matrix', or use the picklecheck that wrote it."


@dataclass(frozen=True)
class Registration:
    """The modules in which a class stood before dumping and before loading, without a fix; None where unknown."""

    producer: tuple[str, ...] | None
    receiver: tuple[str, ...] | None

    def __str__(self) -> str:
        return f"producer {_modules(self.producer)}, receiver {_modules(self.receiver)}"

    @classmethod
    def parse(cls, text: str) -> Registration:
        """Read what ``str`` wrote; raises ValueError."""
        producer, _, receiver = text.removeprefix("producer ").partition(", receiver ")
        if not (producer and receiver and text.startswith("producer ")):
            raise ValueError(text)
        return cls(_read_modules(producer), _read_modules(receiver))


_NOTHING_SAID = Registration(None, None)


@dataclass(frozen=True)
class Record:
    """What is kept of a matrix. ``cells`` and ``registrations`` map a cell's id, then an environment's label.

    With ``cross`` a key is ``CELL @ LABEL`` with the environment that writes, and the labels are those that read.
    A cell that was not run in an environment is not in its mapping. ``labels`` are the environments', by their id.
    """

    tool_version: str
    recorded: str
    cross: bool
    environments: tuple[Environment, ...]
    labels: Mapping[str, str]
    cells: Mapping[str, Mapping[str, Finding]]
    registrations: Mapping[str, Mapping[str, Registration]]


def render(report: MatrixReport) -> str:
    """Return the record of a report as text."""
    return to_text(record_of(report))


def record_of(report: MatrixReport) -> Record:
    """Return what is worth keeping of a report: neither durations nor the command, nor the machine."""
    labels = row_labels(report.environments)
    available = [one for one in report.environments if is_available(one)]
    cells: dict[str, dict[str, Finding]] = {}
    registrations: dict[str, dict[str, Registration]] = {}
    pairs = [Pair(one.id, other.id) for one in available for other in available if report.cross or one is other]
    known = set(report.matrix_results.pairs)
    for pair in pairs:
        marks: dict[Cell, Mark] = dict(report.matrix_results.row(pair)) if pair in known else {}
        for cell in report.matrix_results.cells:
            key = f"{cell.id} @ {labels[pair.producer]}" if report.cross else cell.id
            found = cells.setdefault(key, {})
            mark = marks.get(cell)
            if mark is None:
                continue
            found[labels[pair.receiver]] = Finding(mark.outcome, mark.code)
            registration = Registration(mark.registered_in_producer, mark.registered_in_receiver)
            if cell.fix == "none" and cell.receiver == "cold" and registration != _NOTHING_SAID:
                registrations.setdefault(key, {})[labels[pair.receiver]] = registration
    environments = tuple(
        Environment(
            one.id, one.python, one.pydantic, one.cloudpickle, None, one.status, one.reason, (), dict(one.packages)
        )
        for one in report.environments
    )
    return Record(report.tool_version, report.started_at[:10], report.cross, environments, labels, cells, registrations)


def as_baseline(record: Record) -> Baseline:
    """Return a record (one without ``cross``) as a baseline; it tells of no exceptions."""
    by_label = {label: name for name, label in record.labels.items()}
    places = {
        Place(cell, by_label[label], by_label[label]): finding
        for cell, found in record.cells.items()
        for label, finding in found.items()
    }
    return Baseline(
        record.tool_version,
        {one.id: Versions(one.python, one.pydantic, one.cloudpickle) for one in record.environments},
        {},
        {place: Entry(place, entries.Finding(one.outcome, one.code)) for place, one in places.items()},
        is_loose=True,
    )


def to_text(record: Record) -> str:
    """Return a record as a JSON document with a line of its own for each environment and each cell."""
    document = {
        "schema_version": json.dumps(SCHEMA_VERSION),
        "tool_version": json.dumps(record.tool_version),
        "recorded": json.dumps(record.recorded),
        "cross": json.dumps(record.cross),
        "environments": _block("[]", [json.dumps(_environment(one, record)) for one in record.environments]),
        "cells": _block("{}", _runs(record, record.cells)),
        "registrations": _block("{}", _runs(record, record.registrations)),
    }
    members = ",\n".join(f"{json.dumps(name)}: {value}" for name, value in document.items())
    return f"{{\n{members}\n}}\n"


def parse(text: str) -> Record:
    """Read a record; raises UsageError for anything else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"The recorded results are no JSON: {error}."
        raise UsageError(msg, _HINT) from error
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version is None or isinstance(document.get("cells"), list):
        msg = "The file holds no recorded results of a matrix."
        raise UsageError(msg, _HINT)
    if version != SCHEMA_VERSION:
        msg = f"The recorded results have schema version {version!r}; this picklecheck reads {SCHEMA_VERSION}."
        raise UsageError(msg, _HINT)
    try:
        return _read(document)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        msg = f"The recorded results cannot be understood ({type(error).__name__}: {error})."
        raise UsageError(msg, _HINT) from error


def changes(record: Record) -> list[Step[str]]:
    """Return each step from one environment to the next at which a cell has another finding, with those cells."""
    rows = []
    for one in filter(is_available, record.environments):
        label = record.labels[one.id]
        findings = [(cell, found[label]) for cell, found in record.cells.items() if label in found]
        if findings:
            rows.append(Row(one, findings))
    return steps(rows)


def _block(brackets: str, lines: Sequence[str]) -> str:
    return "\n".join([brackets[0], ",\n".join(lines), brackets[1]]) if lines else brackets


def _environment(environment: Environment, record: Record) -> dict[str, Any]:
    return {
        "label": record.labels[environment.id],
        "id": environment.id,
        "python": environment.python,
        "pydantic": environment.pydantic,
        "cloudpickle": environment.cloudpickle,
        "status": environment.status,
        "reason": environment.reason,
        "packages": dict(sorted(environment.packages.items())),
    }


def _available(environments: Sequence[Environment], labels: Mapping[str, str]) -> list[str]:
    return [labels[one.id] for one in environments if is_available(one)]


def _runs(record: Record, found: Mapping[str, Mapping[str, object]]) -> list[str]:
    order = _available(record.environments, record.labels)
    lines = []
    for key, by_label in sorted(found.items()):
        runs: dict[str, str] = {}
        last = None
        for label in order:
            this = str(by_label.get(label, _NOT_RUN))
            if this != last:
                runs[label] = last = this
        lines.append(f"{json.dumps(key)}: {json.dumps(runs)}")
    return lines


def _read(document: Mapping[str, Any]) -> Record:
    environments = tuple(_read_environment(one) for one in document["environments"])
    labels = {one["id"]: str(one["label"]) for one in document["environments"]}
    order = _available(environments, labels)
    return Record(
        tool_version=str(document["tool_version"]),
        recorded=str(document["recorded"]),
        cross=bool(document["cross"]),
        environments=environments,
        labels=labels,
        cells={key: _expand(runs, order, Finding.parse) for key, runs in document["cells"].items()},
        registrations={
            key: _expand(runs, order, Registration.parse) for key, runs in document["registrations"].items()
        },
    )


def _read_environment(one: Mapping[str, Any]) -> Environment:
    return Environment(
        id=one["id"],
        python=one["python"],
        pydantic=one["pydantic"],
        cloudpickle=one["cloudpickle"],
        platform=None,
        status=one["status"],
        reason=one["reason"],
        packages=dict(one["packages"]),
    )


def _expand(runs: Mapping[str, str], order: Sequence[str], read: Callable[[str], T]) -> dict[str, T]:
    strangers = [label for label in runs if label not in order]
    if strangers:
        msg = f"no environment is called {strangers[0]!r}"
        raise ValueError(msg)
    known = {text: read(text) for text in set(runs.values()) - {_NOT_RUN}}
    found: dict[str, T] = {}
    last = _NOT_RUN
    for label in order:
        last = runs.get(label, last)
        if last != _NOT_RUN:
            found[label] = known[last]
    return found


def _modules(names: tuple[str, ...] | None) -> str:
    if names is None:
        return _UNKNOWN
    return " ".join(names) if names else _NOWHERE


def _read_modules(text: str) -> tuple[str, ...] | None:
    if text == _UNKNOWN:
        return None
    return () if text == _NOWHERE else tuple(text.split(" "))
