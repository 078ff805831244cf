"""JSON reports as they are read back, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from baseline_builders import HERE, ID, make_report_of, make_result_in
from document_builders import BOX, LOST
from matrix_builders import make_environment

from picklecheck.errors import UsageError
from picklecheck.model import Shard, Trial
from picklecheck.reports.json_format.reader import read_cell, read_report
from picklecheck.reports.json_format.writer import render

OLD = make_environment("2.13.4", cloudpickle=None)
HINT = "Give a file that '--output json=FILE' wrote, with this version of picklecheck."
REPORT = make_report_of(
    replace(make_result_in(HERE, LOST, expected=False), registered_in_producer=("a", "b"), protocol=4),
    replace(make_result_in(OLD, read_by=HERE), registered_in_receiver=(), location="models.py:12"),
    environments=[OLD, HERE],
    planned=3,
    interrupted=True,
    shard=Shard(1, 2, "plan"),
    sources={"shapes.box": "01"},
)


def test_a_report_reads_back() -> None:
    report = read_report("a.json", render(REPORT, 1))

    assert report.source == "a.json"
    assert (report.started_at, report.duration_s) == (REPORT.started_at, REPORT.duration_s)
    assert report.environments == REPORT.environments
    assert report.scenarios == {"shapes.box": ("What a user reads.", "01")}
    assert (report.planned, report.interrupted, report.shard) == (3, True, Shard(1, 2, "plan"))
    assert (report.cross, report.reused, report.notes) == (False, 0, ())
    assert tuple(map(read_cell, report.cells)) == REPORT.results


def test_the_cures_that_were_tried_read_back() -> None:
    tried = (Trial("PC201", "class", 3, 2, BOX, ID), Trial("PC201", "origin", 1, 0, BOX, ID))

    assert read_report("a.json", render(replace(REPORT, trials=tried), 1)).trials == tried


def test_a_report_of_before_cures_were_tried_reads_back() -> None:
    older = {name: value for name, value in DOCUMENT.items() if name != "cures"}

    assert read_report("a.json", json.dumps(older)).trials == ()


def test_a_whole_report_is_no_shard() -> None:
    report = read_report("a.json", render(make_report_of(), 4))

    assert (report.cells, report.shard) == ((), None)


DOCUMENT: dict[str, Any] = json.loads(render(REPORT, 1))


def changed(**members: object) -> dict[str, Any]:
    """Return the document where these say something else."""
    return {**DOCUMENT, **members}


def with_cell(**members: object) -> dict[str, Any]:
    """Return the document of one cell, of which these are other ones."""
    return changed(cells=[{**DOCUMENT["cells"][0], **members}])


def without(name: str) -> dict[str, Any]:
    """Return the document without one of its members."""
    return {key: value for key, value in DOCUMENT.items() if key != name}


def without_in(key: str, name: str) -> dict[str, Any]:
    """Return the document, one of whose lists has a first member that lacks something."""
    first, *rest = DOCUMENT[key]
    return changed(**{key: [{one: value for one, value in first.items() if one != name}, *rest]})


USED_OF_A_CELL = (
    *("id", "environment", "engine", "isolation", "outcome", "code", "reason", "exception", "expected", "location"),
    *("registered_in_producer", "registered_in_receiver", "duration_s", "protocol"),
)
USED = ("scenarios", "started_at", "duration_s", "cells_planned", "interrupted", "shard")
NOT_EVEN_NEARLY: list[object] = [None, 1, "text", [], {}, {"schema_version": 1}]
# Document -> what is said of it.
REFUSED: list[tuple[object, str]] = [
    *((one, "a.json is no report.") for one in NOT_EVEN_NEARLY),
    *((without(one), "a.json is no report.") for one in ("schema_version", "cells", "environments")),
    (changed(schema_version=2), "a.json has the schema version 2, and this picklecheck knows 1."),
    *((without(one), f"KeyError: '{one}'") for one in USED),
    *((without_in("cells", one), f"KeyError: '{one}'") for one in USED_OF_A_CELL),
    *((without_in("environments", one), f"KeyError: '{one}'") for one in ("id", "status", "packages", "reason")),
    *((without_in("scenarios", one), f"KeyError: '{one}'") for one in ("id", "summary", "source")),
    (with_cell(id="shapes.box"), "'shapes.box' is no cell"),
    (with_cell(id="shapes.box/pickle:x/main/cold/none"), "ValueError: invalid literal"),
    (with_cell(id=1), "'id' is 1"),
    (with_cell(outcome="passed"), "'passed' is not a valid Outcome"),
    (with_cell(outcome=[]), "'outcome' is []"),
    (with_cell(code=["PC201"]), "'code' is ['PC201']"),
    (with_cell(expected="yes"), "'expected' is 'yes'"),
    (with_cell(duration_s="1"), "'duration_s' is '1'"),
    (with_cell(registered_in_producer="a"), "'registered_in_producer' is 'a'"),
    (with_cell(environment="there"), f"{BOX} names an environment that is not listed"),
    (with_cell(receiver_environment="there"), f"{BOX} names an environment that is not listed"),
    (with_cell(id=BOX.replace("box", "pair")), "/pickle/main/cold/none is of a scenario that is not listed"),
    (with_cell(id=f"{BOX}fix"), f"{BOX}fix is no cell"),
    (with_cell(id=BOX.replace("/cold/", "/frozen/")), "/pickle/main/frozen/none is no cell"),
    (with_cell(id=BOX.replace("/main/", "/nowhere/")), "/pickle/nowhere/cold/none is no cell"),
    (changed(cells={}), "'cells' is {}"),
    (changed(cells=[1]), "TypeError"),
    (changed(environments=[1]), "TypeError"),
    (changed(environments=[{**DOCUMENT["environments"][0], "python": 3.11}]), "'python' is 3.11"),
    (changed(scenarios=None), "TypeError"),
    (changed(started_at=1), "'started_at' is 1"),
    (changed(duration_s=None), "'duration_s' is None"),
    (changed(cells_planned="3"), "'cells_planned' is '3'"),
    (changed(cells_planned=float("inf")), "'cells_planned' is inf"),
    (changed(interrupted=0), "'interrupted' is 0"),
    (changed(cross="no"), "'cross' is 'no'"),
    (changed(notes="a note"), "'notes' is 'a note'"),
    (changed(shard="1/2"), "TypeError"),
    (changed(shard={"index": 1, "of": 2}), "KeyError: 'plan'"),
    (changed(shard={"index": 1, "of": "2", "plan": "x"}), "'of' is '2'"),
]


@pytest.mark.parametrize(("document", "why"), REFUSED)
def test_what_is_no_report_is_refused_by_name(document: object, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_report("a.json", json.dumps(document))

    assert caught.value.message.startswith("a.json ")
    assert why in caught.value.message
    assert caught.value.hint in (HINT, "Use the picklecheck that wrote it.")


@pytest.mark.parametrize("text", ["", "no", "{'a': 1}", "[" * 100_000, "1" * 5000, "{} {}", "\ufeff{}"])
def test_what_is_no_json_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_report("stdin", text)

    assert caught.value.message.startswith("stdin is no JSON: ")
    assert caught.value.hint == HINT


def test_what_a_later_version_adds_is_passed_over() -> None:
    cells = [{**one, "more": 1} for one in DOCUMENT["cells"]]

    report = read_report("a.json", json.dumps(changed(more=[], cells=cells)))

    assert tuple(map(read_cell, report.cells)) == REPORT.results
    assert [one.id for one in report.environments] == [OLD.id, ID]
