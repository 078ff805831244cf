"""The published schema of the JSON report: made from the types, and true of real documents."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from baseline_builders import HERE, make_report_of, make_result_in
from click.testing import CliRunner
from document_builders import BOX, LOST, make_comparison, make_standing
from matrix_builders import make_environment, make_missing
from report_builders import make_child, make_observation, make_receiver, make_result

from picklecheck.cli import cli
from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import BaselineCheck
from picklecheck.model import Outcome, Payload, Shard
from picklecheck.reports.json_format import schema as json_schema
from picklecheck.reports.json_format import writer
from picklecheck.reports.json_format.merging import merge
from picklecheck.reports.json_format.reader import read_report
from picklecheck.reports.json_format.spool import CellSpool
from picklecheck.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAIR, TREE, LEAF = (BOX.replace("box", name) for name in ("pair", "tree", "leaf"))
OLD = make_environment("2.13.4", cloudpickle=None)
AGAINST = BaselineCheck(
    "baseline.json", make_comparison(*(make_standing(one, BOX + one.value, why="x") for one in Status))
)
SEEN = make_observation(make_receiver(), relay=make_child(), relayed=Payload(5, ("a b",)), names=["repros.shapes Box"])
REPORT = make_report_of(
    make_result_in(HERE, LOST, expected=False),
    replace(make_result(PAIR, Outcome.LOAD_ERROR, observation=SEEN), environment=HERE.id, location="a.py:1"),
    replace(make_result(TREE, observation=make_observation(producer=make_child("dump"))), environment=HERE.id),
    replace(make_result(LEAF, Outcome.UNDECIDED), environment=HERE.id, registered_in_receiver=("a",)),
    environments=[HERE, make_missing("2.0.3", "no wheel")],
    shard=Shard(1, 2, "plan"),
    sources={"shapes.box": "01"},
)


# As it is published.
SCHEMA = json.loads(resource("report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def run_report(_: Path) -> str:
    return writer.render(REPORT, 1)


def empty_report(_: Path) -> str:
    return writer.render(make_report_of(environments=[]), 4)


def against_report(_: Path) -> str:
    return writer.render(REPORT, 1, AGAINST)


def merged_report(path: Path, against: BaselineCheck | None = None) -> str:
    part = replace(read_report("a", writer.render(make_report_of(make_result_in(HERE, LOST)), 0)), cross=True)
    other = make_report_of(make_result_in(OLD, read_by=HERE), environments=[OLD, HERE], shard=Shard(1, 2, "x"))
    with CellSpool(path / "cells", with_evidence=True) as spool:
        report = merge([part, read_report("b", writer.render(other, 0))], spool, ["merge"])
        return "".join(writer.render_matrix(report, spool, 3, against))


def matrix_report(path: Path) -> str:
    with CellSpool(path / "cells", with_evidence=True) as spool:
        report = merge([read_report("a", writer.render(REPORT, 0))], spool, ["matrix"])
        spool.add(99, REPORT.results[1], reused=True)
        return "".join(writer.render_matrix(replace(report, shard=REPORT.shard), spool, 1))


def against_matrix(path: Path) -> str:
    return merged_report(path, AGAINST)


DOCUMENTS = [run_report, empty_report, against_report, matrix_report, merged_report, against_matrix]


@pytest.mark.parametrize("make", DOCUMENTS)
def test_a_real_document_is_what_the_schema_says(make: Callable[[Path], str], tmp_path: Path) -> None:
    VALIDATOR.validate(json.loads(make(tmp_path)))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$comment"].startswith("schema_version 1:")


def bare(node: Any) -> Any:
    """Leave out the words for people, which differ from one Pydantic to the next; ``properties`` are no keywords."""
    if isinstance(node, list):
        return [bare(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: bare(one) for name, one in value.items()} if key in ("properties", "$defs") else bare(value)
        for key, value in node.items()
        # Whether "anything else may stand there, too" is said or goes without saying differs as well.
        if key not in ("title", "description") and (key, value) != ("additionalProperties", True)
    }


def test_what_is_published_is_what_the_types_say() -> None:
    assert bare(SCHEMA) == bare(json.loads(json_schema.render()))


def places(document: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return where the members of a document stand, of each list those of its first item."""
    if isinstance(document, list):
        return places(document[0], (*path, 0)) if document else []
    if not isinstance(document, dict):
        return []
    return [found for key, value in document.items() for found in [(*path, key), *places(value, (*path, key))]]


# Of these there are as many as there are: packages, facts, outcomes.
FREE = {"packages", "facts", "counts", "summary"}
NOT_ALWAYS = {"receiver_environment", "reused", "cross", "cells_reused", "notes"}
REQUIRED = [
    path
    for path in places(json.loads(writer.render(replace(REPORT, results=REPORT.results[1:]), 1, AGAINST)))
    if not FREE & {*path[:-1]} and not (path[-1] in NOT_ALWAYS and path[0] != "baseline")
]


def test_all_that_a_document_is_made_of_is_looked_at() -> None:
    assert {path[-1] for path in REQUIRED} >= {"id", "observation", "relay", "globals", "plan", "until", "packages"}


@pytest.mark.parametrize("path", REQUIRED, ids=lambda path: ".".join(map(str, path)))
def test_a_document_without_a_name_that_it_has_to_have_is_refused(path: tuple[str | int, ...]) -> None:
    document = json.loads(writer.render(replace(REPORT, results=REPORT.results[1:]), 1, AGAINST))
    node = document
    for one in path[:-1]:
        node = node[one]
    del node[path[-1]]

    with pytest.raises(jsonschema.ValidationError, match=f"'{path[-1]}' is a required property|not valid under any"):
        VALIDATOR.validate(document)


@pytest.mark.parametrize(
    ("name", "value"), [("cells", {}), ("shard", 1), ("schema_version", "1"), ("exit_status", None)]
)
def test_a_value_of_another_type_is_refused(name: str, value: object, tmp_path: Path) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({**json.loads(run_report(tmp_path)), name: value})


def test_a_name_that_is_added_breaks_nothing(tmp_path: Path) -> None:
    VALIDATOR.validate({**json.loads(run_report(tmp_path)), "more": 1})


def test_the_command_prints_what_is_published() -> None:
    ended = CliRunner().invoke(cli, ["schema"])

    assert ended.exit_code == 0
    assert ended.output == resource("report.schema.json").read_text(encoding="utf-8")
