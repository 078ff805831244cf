"""JSON reports written by hand, in the names that other tools rely on: no run has made them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from picklecheck.gate.baseline import Baseline
from picklecheck.gate.baseline_file import to_text
from picklecheck.gate.update import update
from picklecheck.reports.json_format.merging import found_in_all
from picklecheck.reports.json_format.reader import read_report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BOX = "shapes.box/pickle/main/cold/none"
PAIR = "shapes.pair/pickle/main/cold/none"
LOST = "load-error PC201 AttributeError"
COPIED = "wrong-type PC301"


def environment_of(pydantic: str) -> str:
    """Return the id of the environment with this Pydantic."""
    return f"py3.11.7-pydantic{pydantic}-cloudpickle3.1.2"


def write_report(
    path: Path,
    cells: Mapping[str, str],
    *,
    pydantic: str = "2.14.3",
    reason: str | None = None,
    planned: int | None = None,
    interrupted: bool = False,
    shard: tuple[int, int] | None = None,
) -> str:
    """Write a report and return its name. ``cells`` maps ids to outcome, code and exception, with blanks between.

    ``reason`` says why the environment could not be had.
    """
    scenarios = dict.fromkeys(cell.partition("/")[0] for cell in cells)
    document = {
        "schema_version": 1,
        "tool_version": "0.1.0",
        "command": ["run"],
        "started_at": "2030-01-02T03:04:05+00:00",
        "duration_s": 1.0,
        "environments": [
            {
                "id": environment_of(pydantic),
                "python": "3.11.7",
                "pydantic": pydantic,
                "cloudpickle": "3.1.2",
                "platform": "Linux",
                "status": "unavailable" if reason else "ok",
                "reason": reason,
                "serializers": ["pickle", "cloudpickle"],
                "packages": {},
            }
        ],
        "scenarios": [{"id": one, "summary": "What a user reads.", "source": "01"} for one in scenarios],
        "cells": [_cell(cell, found, environment_of(pydantic)) for cell, found in cells.items()],
        "summary": {},
        "interrupted": interrupted,
        "cells_planned": len(cells) if planned is None else planned,
        "shard": shard and {"index": shard[0], "of": shard[1], "plan": "00"},
        "baseline": None,
        "exit_status": 0,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path.name


def record(report: Path) -> Path:
    """Write what 'picklecheck baseline update' makes of a report beside it, and return the path."""
    found = found_in_all([read_report(report.name, report.read_text(encoding="utf-8"))])
    path = report.parent / "picklecheck-baseline.json"
    path.write_text(to_text(update(Baseline("0.1.0"), found, "0.1.0").baseline), encoding="utf-8")
    return path


def _cell(cell: str, found: str, environment: str) -> dict[str, Any]:
    scenario, serializer, site, receiver, fix = cell.split("/")
    outcome, code, exception, *_ = [*found.split(), None, None]
    return {
        "id": cell,
        "environment": environment,
        "scenario": scenario,
        "serializer": serializer,
        "protocol": 5,
        "site": site,
        "receiver": receiver,
        "fix": fix,
        "engine": "process",
        "isolation": "fork",
        "outcome": outcome,
        "code": code,
        "reason": "a reason",
        "exception": exception,
        "expected": None,
        "location": None,
        "registered_in_producer": None,
        "registered_in_receiver": None,
        "duration_s": 0.5,
        "observation": None,
    }
