"""The report as JSON. Other tools rely on these names: add, never rename."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from picklecheck.model import FIXES, SCHEMA_VERSION, Outcome

if TYPE_CHECKING:
    from picklecheck.model import Child, Environment, Observation, Payload, Report, Result


def render(report: Report, exit_status: int) -> str:
    """Return the whole report as a JSON document, with a line of its own for each environment and each cell."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool_version": report.tool_version,
        "command": list(report.command),
        "started_at": report.started_at,
        "duration_s": round(report.duration_s, 3),
        "environments": [_environment(one) for one in report.environments],
        "cells": [_cell(one) for one in report.results],
        "summary": summary(report),
        "interrupted": report.interrupted,
        "cells_planned": report.planned,
        "exit_status": int(exit_status),
    }
    members = ",\n".join(f"{json.dumps(name)}: {_lines(value)}" for name, value in document.items())
    return f"{{\n{members}\n}}\n"


def _lines(value: object) -> str:
    # Not the encoder's own indentation, which is written in Python: it is slow, and puts each word on a line.
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    items = ",\n".join(json.dumps(item) for item in value)
    return f"[\n{items}\n]"


def summary(report: Report) -> dict[str, dict[str, int]]:
    """Return how many cells of each fix had which outcome; outcomes that did not occur are left out."""
    counts = {fix: Counter(one.verdict.outcome for one in report.results if one.cell.fix == fix) for fix in FIXES}
    return {
        fix: {outcome.value: count[outcome] for outcome in Outcome if count[outcome]}
        for fix, count in counts.items()
        if count
    }


def _environment(environment: Environment) -> dict[str, Any]:
    return {
        "id": environment.id,
        "python": environment.python,
        "pydantic": environment.pydantic,
        "cloudpickle": environment.cloudpickle,
        "platform": environment.platform,
        "status": environment.status,
        "reason": environment.reason,
        "serializers": list(environment.serializers),
        "packages": dict(environment.packages),
    }


def _cell(result: Result) -> dict[str, Any]:
    cell = result.cell
    payload = result.observation.payload if result.observation else None
    # Payloads of protocols 0 and 1 do not say which they are.
    protocol = payload.protocol if payload else None
    return {
        "id": cell.id,
        "environment": result.environment,
        "scenario": cell.scenario,
        "serializer": cell.serializer.name,
        "protocol": cell.serializer.protocol if protocol is None else protocol,
        "site": cell.site,
        "receiver": cell.receiver,
        "fix": cell.fix,
        "engine": result.engine,
        "isolation": result.isolation,
        "outcome": result.verdict.outcome.value,
        "code": result.verdict.code,
        "reason": result.verdict.reason,
        "expected": result.expected,
        "duration_s": round(result.duration_s, 6),
        "observation": None if result.observation is None else _observation(result.observation),
    }


def _observation(observation: Observation) -> dict[str, Any]:
    return {
        "producer": _child(observation.producer),
        "payload": _payload(observation.payload),
        "relay": _child(observation.relay),
        "relayed_payload": _payload(observation.relayed),
        "receiver": _child(observation.receiver),
    }


def _payload(payload: Payload | None) -> dict[str, Any] | None:
    if payload is None:
        return None
    return {"protocol": payload.protocol, "globals": list(payload.globals), "error": payload.error}


def _child(child: Child | None) -> dict[str, Any] | None:
    if child is None:
        return None
    return {
        "facts": dict(child.facts),
        "exit_status": child.exit_status,
        "signal": child.signal,
        "timed_out": child.timed_out,
        "stdout": child.stdout,
        "stderr": child.stderr,
        "duration_s": child.duration_s,
        "cpu_s": child.cpu_s,
    }
