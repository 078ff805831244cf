"""Recorded results, whole, and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from matrix_builders import make_environment, make_matrix, make_missing

from picklecheck.errors import UsageError
from picklecheck.matrix_report import Mark, MatrixReport
from picklecheck.model import Outcome
from picklecheck.reports.record.record import Registration, changes, parse, record_of, render, to_text

COLD = "shapes.box/pickle/main/cold/none"
WARM = "shapes.box/pickle/main/warm/none"
FIXED = "shapes.box/pickle/main/cold/class"


def cold(outcome: Outcome, code: str | None, producer: tuple[str, ...], receiver: tuple[str, ...] | None) -> Mark:
    return Mark(outcome, code, None, producer, receiver)


def usual_report() -> MatrixReport:
    """Return a report of four environments, of which three could be had."""
    return make_matrix(
        [
            make_environment("2.0.3"),
            make_missing("2.9.0", 'no "wheel" for Box[int] \u2603'),
            make_environment("2.13.5"),
            make_environment("2.14.0"),
        ],
        {
            WARM: ". D",
            COLD: [
                cold(Outcome.LOAD_ERROR, "PC202", ("__main__",), ()),
                cold(Outcome.LOAD_ERROR, "PC202", ("__main__",), ()),
                cold(Outcome.DUMP_ERROR, "PC101", (), None),
            ],
            "shapes.box/pickle/function/cold/none": [cold(Outcome.PASS, None, ("a", "b"), ("a",)), " ", " "],
            FIXED: "//!",
        },
    )


USUAL = """\
{
"schema_version": 1,
"tool_version": "0.1.0",
"recorded": "2030-01-02",
"cross": false,
"environments": [
{"label": "2.0.3", "id": "py3.11.7-pydantic2.0.3-cloudpickle3.1.2", "python": "3.11.7", "pydantic": "2.0.3", \
"cloudpickle": "3.1.2", "status": "ok", "reason": null, "packages": {"pydantic": "2.0.3"}},
{"label": "2.9.0", "id": "py3.11.7-pydantic2.9.0-cloudpickle3.1.2", "python": "3.11.7", "pydantic": "2.9.0", \
"cloudpickle": "3.1.2", "status": "unavailable", "reason": "no \\"wheel\\" for Box[int] \\u2603", "packages": {}},
{"label": "2.13.5", "id": "py3.11.7-pydantic2.13.5-cloudpickle3.1.2", "python": "3.11.7", "pydantic": "2.13.5", \
"cloudpickle": "3.1.2", "status": "ok", "reason": null, "packages": {"pydantic": "2.13.5"}},
{"label": "2.14.0", "id": "py3.11.7-pydantic2.14.0-cloudpickle3.1.2", "python": "3.11.7", "pydantic": "2.14.0", \
"cloudpickle": "3.1.2", "status": "ok", "reason": null, "packages": {"pydantic": "2.14.0"}}
],
"cells": {
"shapes.box/pickle/function/cold/none": {"2.0.3": "pass", "2.13.5": "-"},
"shapes.box/pickle/main/cold/class": {"2.0.3": "pass", "2.14.0": "wrong-type PC301"},
"shapes.box/pickle/main/cold/none": {"2.0.3": "load-error PC202", "2.14.0": "dump-error PC101"},
"shapes.box/pickle/main/warm/none": {"2.0.3": "pass", "2.13.5": "-", "2.14.0": "dump-error PC101"}
},
"registrations": {
"shapes.box/pickle/function/cold/none": {"2.0.3": "producer a b, receiver a", "2.13.5": "-"},
"shapes.box/pickle/main/cold/none": {"2.0.3": "producer __main__, receiver (none)", \
"2.14.0": "producer (none), receiver (unknown)"}
}
}
"""


def crossed_report() -> MatrixReport:
    """Return a report of two versions that read each other's payloads."""
    pair = [make_environment("2.0.3"), make_environment("2.14.0")]
    return make_matrix(pair, {WARM: ".L.."}, cross=True)


def test_a_whole_record() -> None:
    assert render(usual_report()) == USUAL


@pytest.mark.parametrize("report", [usual_report(), crossed_report(), make_matrix([], {}), make_matrix([], {COLD: ""})])
def test_a_record_is_read_as_it_is_written(report: MatrixReport) -> None:
    text = render(report)

    assert parse(text) == record_of(report)
    assert to_text(parse(text)) == text
    json.loads(text)


def test_what_another_run_differs_in_is_not_recorded() -> None:
    report = usual_report()
    slower = replace(report, duration_s=99.0, command=("matrix",), started_at="2030-01-02T23:00:00+00:00", reused=7)

    assert render(slower) == render(report)


def test_the_order_of_the_plan_does_not_matter() -> None:
    environments = [make_environment("2.0.3")]

    assert render(make_matrix(environments, {COLD: "L", WARM: "."})) == render(
        make_matrix(environments, {WARM: ".", COLD: "L"})
    )


def test_a_crossed_record_has_a_line_for_each_writer() -> None:
    cells = json.loads(render(crossed_report()))["cells"]

    assert cells == {
        f"{WARM} @ 2.0.3": {"2.0.3": "pass", "2.14.0": "load-error PC201"},
        f"{WARM} @ 2.14.0": {"2.0.3": "pass"},
    }


def test_labels_say_what_varies() -> None:
    environments = [make_environment("2.0.3"), make_environment("2.0.3", python="3.12.1")]

    cells = json.loads(render(make_matrix(environments, {WARM: ".L"})))["cells"]

    assert cells == {WARM: {"2.0.3 py3.11": "pass", "2.0.3 py3.12": "load-error PC201"}}


def test_a_cell_that_was_never_run() -> None:
    report = make_matrix([make_environment("2.0.3")], {WARM: " "}, interrupted=True)

    assert json.loads(render(report))["cells"] == {WARM: {"2.0.3": "-"}}
    assert parse(render(report)).cells == {WARM: {}}


def test_changes_between_recorded_environments() -> None:
    found = changes(parse(USUAL))

    assert [
        (
            step.older.pydantic,
            step.newer.pydantic,
            [(one.cell, str(one.before), str(one.after)) for one in step.changes],
        )
        for step in found
    ] == [
        ("2.0.3", "2.14.0", [(WARM, "pass", "dump-error PC101")]),
        (
            "2.13.5",
            "2.14.0",
            [
                (FIXED, "pass", "wrong-type PC301"),
                (COLD, "load-error PC202", "dump-error PC101"),
            ],
        ),
    ]


def test_changes_of_a_crossed_record_are_those_of_the_reader() -> None:
    (step,) = changes(record_of(crossed_report()))

    assert [one.cell for one in step.changes] == [f"{WARM} @ 2.0.3"]


def test_registrations() -> None:
    assert parse(USUAL).registrations[COLD] == {
        "2.0.3": Registration(("__main__",), ()),
        "2.13.5": Registration(("__main__",), ()),
        "2.14.0": Registration((), None),
    }


def changed(**members: Any) -> str:
    return json.dumps({**json.loads(USUAL), **members})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[]", "holds no recorded results"),
        ("{}", "holds no recorded results"),
        ('{"schema_version": 1, "cells": [{}]}', "holds no recorded results"),
        ('{"schema_version": 1}', "cannot be understood"),
        (changed(schema_version=2), "schema version 2; this picklecheck reads 1"),
        (changed(schema_version="1"), "schema version '1'"),
        (changed(cells={COLD: {"2.0.4": "pass"}}), "no environment is called '2.0.4'"),
        (changed(cells={COLD: {"2.0.3": "passed"}}), "'passed' is not a valid Outcome"),
        (changed(cells={COLD: {"2.0.3": None}}), "cannot be understood"),
        (changed(cells={COLD: "pass"}), "cannot be understood"),
        (changed(registrations={COLD: {"2.0.3": "pass"}}), "cannot be understood"),
        (changed(environments=[{}]), "cannot be understood"),
        (changed(environments=3), "cannot be understood"),
    ],
)
def test_what_is_no_record_is_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError, match="ecorded results") as caught:
        parse(text)

    assert words in caught.value.message
    assert "picklecheck matrix" in caught.value.hint
