"""The report for programs: names that other tools rely on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from report_builders import make_child, make_environment, make_observation, make_report, make_result

from picklecheck.model import Observation, Outcome, Payload, Report
from picklecheck.reports.json_format.writer import render, summary

# As design.md has them: add, never rename.
TOP_LEVEL = {
    "schema_version",
    "tool_version",
    "command",
    "started_at",
    "duration_s",
    "environments",
    "cells",
    "summary",
    "exit_status",
}
ENVIRONMENT = {"id", "python", "pydantic", "cloudpickle", "platform", "status", "reason", "packages"}
CELL = {
    "id",
    "environment",
    "scenario",
    "serializer",
    "protocol",
    "site",
    "receiver",
    "fix",
    "engine",
    "isolation",
    "outcome",
    "code",
    "reason",
    "expected",
    "duration_s",
    "observation",
}


def read(report: Report, status: int = 0) -> Any:
    """Return the document as another tool reads it."""
    return json.loads(render(report, status))


def test_the_promised_names_are_there() -> None:
    document = read(make_report([make_result()]))

    assert document.keys() >= TOP_LEVEL
    assert document["environments"][0].keys() >= ENVIRONMENT
    assert document["cells"][0].keys() >= CELL


def test_a_whole_document() -> None:
    observation = Observation(
        producer=make_child("done", payload={"size": 40}),
        payload=Payload(5, ("repros.shapes Box[int]",), None),
        relay=None,
        receiver=make_child("load", exit_status=None, signal="SIGSEGV", error={"type": "X", "message": "☃"}),
    )
    failed = make_result(
        "shapes.box/pickle/main/cold/class", Outcome.CRASH, expected=False, reason="no ☃", observation=observation
    )
    undone = make_result("shapes.box/pickle:2/main/relay/none", Outcome.UNDECIDED)

    assert read(make_report([failed, undone], planned=3, interrupted=True), 130) == {
        "schema_version": 1,
        "tool_version": "0.1.0",
        "command": ["run", "-v"],
        "started_at": "2030-01-02T03:04:05+00:00",
        "duration_s": 1.25,
        "environments": [
            {
                "id": "here",
                "python": "3.11.7",
                "pydantic": "2.14.3",
                "cloudpickle": "3.1.2",
                "platform": "Linux",
                "status": "ok",
                "reason": None,
                "serializers": ["pickle", "cloudpickle"],
                "packages": {"pydantic": "2.14.3"},
            }
        ],
        "scenarios": [{"id": "shapes.box", "summary": "What a user reads.", "source": None, "script": None}],
        "cells": [
            {
                "id": "shapes.box/pickle/main/cold/class",
                "environment": "here",
                "scenario": "shapes.box",
                "serializer": "pickle",
                "protocol": 5,
                "site": "main",
                "receiver": "cold",
                "fix": "class",
                "engine": "process",
                "isolation": "fork",
                "outcome": "crash",
                "code": "PC501",
                "reason": "no ☃",
                "exception": None,
                "expected": False,
                "location": None,
                "registered_in_producer": None,
                "registered_in_receiver": None,
                "duration_s": 0.5,
                "observation": {
                    "producer": {
                        "facts": {"stage": "done", "payload": {"size": 40}},
                        "exit_status": 0,
                        "signal": None,
                        "timed_out": False,
                        "stdout": "",
                        "stderr": "",
                        "duration_s": 0.25,
                        "cpu_s": 0.125,
                    },
                    "payload": {"protocol": 5, "globals": ["repros.shapes Box[int]"], "error": None},
                    "relay": None,
                    "relayed_payload": None,
                    "receiver": {
                        "facts": {"stage": "load", "error": {"type": "X", "message": "☃"}},
                        "exit_status": None,
                        "signal": "SIGSEGV",
                        "timed_out": False,
                        "stdout": "",
                        "stderr": "",
                        "duration_s": 0.25,
                        "cpu_s": 0.125,
                    },
                },
            },
            {
                "id": "shapes.box/pickle:2/main/relay/none",
                "environment": "here",
                "scenario": "shapes.box",
                "serializer": "pickle",
                "protocol": 2,
                "site": "main",
                "receiver": "relay",
                "fix": "none",
                "engine": "process",
                "isolation": "fork",
                "outcome": "undecided",
                "code": "PC901",
                "reason": "a reason",
                "exception": None,
                "expected": None,
                "location": None,
                "registered_in_producer": None,
                "registered_in_receiver": None,
                "duration_s": 0.5,
                "observation": None,
            },
        ],
        "summary": {"none": {"undecided": 1}, "class": {"crash": 1}},
        "interrupted": True,
        "cells_planned": 3,
        "shard": None,
        "configured": None,
        "baseline": None,
        "cures": [],
        "exit_status": 130,
    }


def test_the_protocol_is_the_payloads_where_there_is_one() -> None:
    seen = make_observation(protocol=4)
    cells = [
        make_result("shapes.box/cloudpickle/main/cold/none", observation=seen),
        make_result("shapes.box/cloudpickle/main/cold/none", observation=make_observation(producer=make_child("dump"))),
        make_result("shapes.box/pickle:3/main/cold/none", observation=make_observation(producer=make_child("dump"))),
    ]

    assert [cell["protocol"] for cell in read(make_report(cells))["cells"]] == [4, None, 3]


def test_the_relay_is_among_the_evidence() -> None:
    seen = make_observation(relay=make_child("done", exit_status=7), relayed=Payload(4, ("a b",)))
    (cell,) = read(make_report([make_result(observation=seen)]))["cells"]

    assert cell["observation"]["relay"]["exit_status"] == 7
    assert cell["observation"]["relayed_payload"] == {"protocol": 4, "globals": ["a b"], "error": None}
    assert cell["observation"]["receiver"]["facts"]["judged"] is True


def test_a_cell_that_passes_has_no_code() -> None:
    (cell,) = read(make_report([make_result(expected=True)]))["cells"]

    assert (cell["outcome"], cell["code"], cell["expected"]) == ("pass", None, True)


def test_an_environment_that_cannot_be_had_keeps_its_reason() -> None:
    report = make_report([], environments=[make_environment(status="unavailable", reason="no wheel")])
    (environment,) = read(report)["environments"]

    assert (environment["status"], environment["reason"]) == ("unavailable", "no wheel")


def test_the_document_is_ascii_and_ends_in_a_newline() -> None:
    text = render(make_report([make_result(reason="☃ \udcff")]), 0)

    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["cells"][0]["reason"] == "☃ \udcff"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], {}),
        ([("none", "pass"), ("none", "pass")], {"none": {"pass": 2}}),
        (
            [("class", "pass"), ("none", "crash"), ("none", "load-error"), ("instance", "unsupported")],
            {"none": {"load-error": 1, "crash": 1}, "instance": {"unsupported": 1}, "class": {"pass": 1}},
        ),
    ],
)
def test_the_summary_counts_by_fix_and_outcome(
    cells: list[tuple[str, str]], expected: dict[str, dict[str, int]]
) -> None:
    results = [make_result(f"shapes.box/pickle/main/cold/{fix}", Outcome(outcome)) for fix, outcome in cells]
    found = summary((one.cell.fix, one.verdict.outcome) for one in results)

    assert found == expected
    assert list(found) == list(expected)
    assert [list(counts) for counts in found.values()] == [list(counts) for counts in expected.values()]
