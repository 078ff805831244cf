"""The report of a matrix for programs, whose cells lie on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matrix_builders import make_environment, make_matrix, make_missing
from report_builders import make_child, make_observation, make_result

from picklecheck.model import Observation, Outcome, Result
from picklecheck.reports.json_format.spool import CellSpool
from picklecheck.reports.json_format.writer import render_matrix

if TYPE_CHECKING:
    from pathlib import Path

    from picklecheck.matrix_report import MatrixReport

OLD, NEW = make_environment("2.13.4"), make_environment("2.14.3")
COLD, WARM = "shapes.box/pickle/main/cold/none", "shapes.box/pickle/main/warm/class"


def result_in(
    environment: str,
    cell: str = COLD,
    outcome: Outcome = Outcome.PASS,
    *,
    read_by: str | None = None,
    expected: bool | None = None,
    observation: Observation | None = None,
) -> Result:
    """Return a judged cell of an environment."""
    made = make_result(cell, outcome, expected=expected, observation=observation)
    return replace(made, environment=environment, receiver_environment=read_by)


def spool_of(path: Path, results: dict[int, Result]) -> list[str]:
    """Return the lines of a spool that the results were added to in this order, at these places."""
    with CellSpool(path / "cells", with_evidence=False) as spool:
        for place, result in results.items():
            spool.add(place, result)
        return list(spool.lines())


def read(path: Path, report: MatrixReport, results: dict[int, Result], exit_status: int = 0) -> dict[str, Any]:
    """Return the document as other tools see it."""
    with CellSpool(path / "cells", with_evidence=True) as spool:
        for place, result in results.items():
            spool.add(place, result)
        found = json.loads("".join(render_matrix(report, spool, exit_status)))
    assert isinstance(found, dict)
    return found


def test_a_whole_document(tmp_path: Path) -> None:
    report = make_matrix(
        [make_missing("2.0.3", "no wheel for ☃"), NEW],
        {COLD: "L", WARM: "/"},
        planned=3,
        reused=1,
        interrupted=True,
        notes=("py3.11.7-pydantic2.14.3: Built anew.",),
    )
    failed = replace(
        result_in(NEW.id, outcome=Outcome.LOAD_ERROR),
        registered_in_producer=("__main__", "repros.shapes"),
        registered_in_receiver=(),
    )
    kept = result_in(NEW.id, WARM, expected=True)

    assert read(tmp_path, report, {0: failed, 1: kept}, 130) == {
        "schema_version": 1,
        "tool_version": "0.1.0",
        "command": ["matrix", "-v"],
        "started_at": "2030-01-02T03:04:05+00:00",
        "duration_s": 1.25,
        "environments": [
            {
                "id": "py3.11.7-pydantic2.0.3-cloudpickle3.1.2",
                "python": "3.11.7",
                "pydantic": "2.0.3",
                "cloudpickle": "3.1.2",
                "platform": "Linux",
                "status": "unavailable",
                "reason": "no wheel for ☃",
                "serializers": ["pickle", "cloudpickle"],
                "packages": {},
            },
            {
                "id": "py3.11.7-pydantic2.14.3-cloudpickle3.1.2",
                "python": "3.11.7",
                "pydantic": "2.14.3",
                "cloudpickle": "3.1.2",
                "platform": "Linux",
                "status": "ok",
                "reason": None,
                "serializers": ["pickle", "cloudpickle"],
                "packages": {"pydantic": "2.14.3"},
            },
        ],
        "scenarios": [{"id": "shapes.box", "summary": "What a user reads.", "source": None, "script": None}],
        "cells": [
            {
                "id": "shapes.box/pickle/main/cold/none",
                "environment": "py3.11.7-pydantic2.14.3-cloudpickle3.1.2",
                "scenario": "shapes.box",
                "serializer": "pickle",
                "protocol": None,
                "site": "main",
                "receiver": "cold",
                "fix": "none",
                "engine": "process",
                "isolation": "fork",
                "outcome": "load-error",
                "code": "PC201",
                "reason": "a reason",
                "exception": None,
                "expected": None,
                "location": None,
                "registered_in_producer": ["__main__", "repros.shapes"],
                "registered_in_receiver": [],
                "duration_s": 0.5,
                "observation": None,
            },
            {
                "id": "shapes.box/pickle/main/warm/class",
                "environment": "py3.11.7-pydantic2.14.3-cloudpickle3.1.2",
                "scenario": "shapes.box",
                "serializer": "pickle",
                "protocol": None,
                "site": "main",
                "receiver": "warm",
                "fix": "class",
                "engine": "process",
                "isolation": "fork",
                "outcome": "pass",
                "code": None,
                "reason": "a reason",
                "exception": None,
                "expected": True,
                "location": None,
                "registered_in_producer": None,
                "registered_in_receiver": None,
                "duration_s": 0.5,
                "observation": None,
            },
        ],
        "summary": {"none": {"load-error": 1}, "class": {"pass": 1}},
        "interrupted": True,
        "cells_planned": 3,
        "shard": None,
        "configured": None,
        "baseline": None,
        "cures": [],
        "cross": False,
        "cells_reused": 1,
        "notes": ["py3.11.7-pydantic2.14.3: Built anew."],
        "gaps": [],
        "exit_status": 130,
    }


def test_the_text_has_a_line_for_each_environment_and_each_cell(tmp_path: Path) -> None:
    report = make_matrix([OLD, NEW], {COLD: ".."})
    with CellSpool(tmp_path / "cells", with_evidence=False) as spool:
        spool.add(1, result_in(NEW.id))
        spool.add(0, result_in(OLD.id))
        lines = "".join(render_matrix(report, spool, 0)).splitlines(keepends=True)

    assert [line[:30].split(", ")[0] for line in lines] == [
        "{\n",
        '"schema_version": 1,\n',
        '"tool_version": "0.1.0",\n',
        '"command": ["matrix"',
        '"started_at": "2030-01-02T03:0',
        '"duration_s": 1.25,\n',
        '"environments": [\n',
        '{"id": "py3.11.7-pydantic2.13.',
        '{"id": "py3.11.7-pydantic2.14.',
        "],\n",
        '"scenarios": [\n',
        '{"id": "shapes.box"',
        "],\n",
        '"cells": [\n',
        '{"id": "shapes.box/pickle/main',
        '{"id": "shapes.box/pickle/main',
        "],\n",
        '"summary": {"none": {"pass": 2',
        '"interrupted": false,\n',
        '"cells_planned": 2,\n',
        '"shard": null,\n',
        '"configured": null,\n',
        '"baseline": null,\n',
        '"cures": [],\n',
        '"cross": false,\n',
        '"cells_reused": 0,\n',
        '"notes": [],\n',
        '"gaps": [],\n',
        '"exit_status": 0\n',
        "}\n",
    ]


def test_a_matrix_of_nothing(tmp_path: Path) -> None:
    document = read(tmp_path, make_matrix([], {}), {}, 4)

    assert document["environments"] == document["cells"] == []
    assert (document["summary"], document["cells_planned"], document["exit_status"]) == ({}, 0, 4)


def test_the_document_is_ascii(tmp_path: Path) -> None:
    report = make_matrix([NEW], {COLD: "."}, notes=("☃ \udcff",))
    with CellSpool(tmp_path / "cells", with_evidence=False) as spool:
        spool.add(0, replace(make_result(reason="☃ \udcff"), environment=NEW.id))
        text = "".join(render_matrix(report, spool, 0))

    assert text.isascii()
    assert json.loads(text)["cells"][0]["reason"] == json.loads(text)["notes"][0] == "☃ \udcff"


def test_the_summary_counts_all_environments(tmp_path: Path) -> None:
    report = make_matrix([OLD, NEW], {COLD: "L.", WARM: "/ "})

    assert read(tmp_path, report, {})["summary"] == {"none": {"pass": 1, "load-error": 1}, "class": {"pass": 1}}


def test_cells_come_by_place_in_whatever_order_they_were_added(tmp_path: Path) -> None:
    names = [f"shapes.s{number}/pickle/main/cold/none" for number in range(6)]
    added = {place: result_in(NEW.id, names[place]) for place in (4, 0, 5, 2, 1, 3)}
    document = read(tmp_path, make_matrix([NEW], dict.fromkeys(names, ".")), added)

    assert [one["id"] for one in document["cells"]] == names


def test_places_may_have_gaps(tmp_path: Path) -> None:
    lines = spool_of(tmp_path, {10**12: result_in("last"), 7: result_in("middle"), 3: result_in("first")})

    assert [json.loads(line)["environment"] for line in lines] == ["first", "middle", "last"]


def test_a_spool_can_be_read_twice_and_added_to_meanwhile(tmp_path: Path) -> None:
    with CellSpool(tmp_path / "cells", with_evidence=False) as spool:
        spool.add(2, result_in("c"))
        spool.add(0, result_in("a"))
        first = list(spool.lines())
        spool.add(1, result_in("b"))
        second = list(spool.lines())

    assert [json.loads(line)["environment"] for line in first] == ["a", "c"]
    assert [json.loads(line)["environment"] for line in second] == ["a", "b", "c"]


def test_a_line_of_a_spool_has_no_end(tmp_path: Path) -> None:
    (line,) = spool_of(tmp_path, {0: replace(make_result(reason="one\ntwo\r\x85three"), environment="here")})

    assert "\n" not in line
    assert json.loads(line)["reason"] == "one\ntwo\r\x85three"


def test_an_empty_spool_has_no_lines(tmp_path: Path) -> None:
    assert spool_of(tmp_path, {}) == []


def test_with_cross_a_cell_names_the_environment_that_read_it(tmp_path: Path) -> None:
    report = make_matrix([OLD, NEW], {COLD: ".LL."}, cross=True)
    pairs = [(OLD.id, OLD.id), (OLD.id, NEW.id), (NEW.id, OLD.id), (NEW.id, NEW.id)]
    results = {place: result_in(writer, read_by=reader) for place, (writer, reader) in enumerate(pairs)}
    document = read(tmp_path, report, results)

    assert document["cross"] is True
    assert [(one["environment"], one["receiver_environment"]) for one in document["cells"]] == pairs


def test_without_cross_it_does_not(tmp_path: Path) -> None:
    (cell,) = read(tmp_path, make_matrix([NEW], {COLD: "."}), {0: result_in(NEW.id)})["cells"]

    assert "receiver_environment" not in cell


def test_evidence_is_written_where_it_was_kept(tmp_path: Path) -> None:
    seen = make_observation(producer=make_child("dump", payload={"size": 40}))
    first, second = read(
        tmp_path,
        make_matrix([OLD, NEW], {COLD: ".."}),
        {0: result_in(OLD.id, observation=seen), 1: result_in(NEW.id)},
    )["cells"]

    assert first["observation"]["producer"]["facts"] == {"stage": "dump", "payload": {"size": 40}}
    assert first["observation"]["receiver"] is None
    assert second["observation"] is None


def test_a_spool_says_whether_it_wants_evidence(tmp_path: Path) -> None:
    assert CellSpool(tmp_path / "cells", with_evidence=True).with_evidence
    assert not CellSpool(tmp_path / "cells", with_evidence=False).with_evidence
