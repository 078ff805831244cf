"""A baseline as a file: what it looks like, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from baseline_builders import HERE, ID, make_baseline, make_entry
from document_builders import BOX, COPIED, LOST, NASTY, PASS
from hypothesis import given, settings
from hypothesis import strategies as st
from matrix_builders import make_environment

from picklecheck.errors import UsageError
from picklecheck.gate.baseline_file import parse, read_baseline, to_text
from picklecheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from picklecheck.gate.baseline import Baseline, Entry

OLD = make_environment("2.13.4", cloudpickle=None)
PAIR = BOX.replace("box", "pair")
MEND = "Use the picklecheck that wrote it, or record it again with 'picklecheck baseline update'."
ENTRIES = [
    make_entry(PASS, PAIR),
    make_entry(LOST, reason="until we move", until="2.15"),
    make_entry(COPIED, environment=OLD.id),
    make_entry(LOST, environment=OLD.id, receiver_environment=ID, until="2026-12-31"),
]


def usual(*entries: Entry) -> Baseline:
    """Return a baseline with one of each."""
    scenarios = {"shapes.pair": "02", "shapes.box": "01"}
    return make_baseline(*(entries or ENTRIES), environments=[HERE, OLD], scenarios=scenarios)


def test_a_whole_file() -> None:
    assert (
        to_text(usual())
        == """\
{
"schema_version": 1,
"tool_version": "0.1.0",
"environments": {
"py3.11.7-pydantic2.13.4": {"python": "3.11.7", "pydantic": "2.13.4", "cloudpickle": null},
"py3.11.7-pydantic2.14.3-cloudpickle3.1.2": {"python": "3.11.7", "pydantic": "2.14.3", "cloudpickle": "3.1.2"}
},
"scenarios": {
"shapes.box": "01",
"shapes.pair": "02"
},
"cells": [
{"cell": "shapes.box/pickle/main/cold/none", "environment": "py3.11.7-pydantic2.13.4", \
"outcome": "wrong-type", "code": "PC301", "exception": null},
{"cell": "shapes.box/pickle/main/cold/none", "environment": "py3.11.7-pydantic2.13.4", \
"receiver_environment": "py3.11.7-pydantic2.14.3-cloudpickle3.1.2", \
"outcome": "load-error", "code": "PC201", "exception": "AttributeError", "until": "2026-12-31"},
{"cell": "shapes.box/pickle/main/cold/none", "environment": "py3.11.7-pydantic2.14.3-cloudpickle3.1.2", \
"outcome": "load-error", "code": "PC201", "exception": "AttributeError", "reason": "until we move", "until": "2.15"},
{"cell": "shapes.pair/pickle/main/cold/none", "environment": "py3.11.7-pydantic2.14.3-cloudpickle3.1.2", \
"outcome": "pass", "code": null, "exception": null}
]
}
"""
    )


def test_a_file_of_nothing() -> None:
    assert (
        to_text(make_baseline(environments=[]))
        == """\
{
"schema_version": 1,
"tool_version": "0.1.0",
"environments": {},
"scenarios": {},
"cells": []
}
"""
    )


@pytest.mark.parametrize("entries", [ENTRIES[::-1], [*ENTRIES[2:], *ENTRIES[:2]]])
def test_the_order_of_recording_does_not_show(entries: list[Entry]) -> None:
    assert to_text(usual(*entries)) == to_text(usual())


@pytest.mark.parametrize(
    "baseline",
    [
        make_baseline(environments=[]),
        usual(),
        usual(make_entry(LOST, reason=f"{NASTY} \ud83d", until="2.14.3")),
        usual(make_entry(LOST, reason="")),
    ],
)
def test_a_file_reads_back(tmp_path: Path, baseline: Baseline) -> None:
    path = tmp_path / "b.json"
    path.write_text(to_text(baseline), encoding="utf-8")

    assert read_baseline(path) == baseline


CELL: dict[str, Any] = {"cell": BOX, "environment": "here", "outcome": "load-error"}
VERSIONS = {"python": "3.11.7", "pydantic": "2.14.3", "cloudpickle": None}
USUAL: dict[str, Any] = {
    "schema_version": 1,
    "tool_version": "0.1.0",
    "environments": {"here": VERSIONS},
    "scenarios": {"shapes.box": "01"},
    "cells": [CELL],
}


def test_what_is_not_said_of_a_cell_is_nothing() -> None:
    (entry,) = parse(USUAL).entries.values()

    assert (entry.place.environment, entry.place.receiver_environment) == ("here", "here")
    assert str(entry.finding) == "load-error"
    assert (entry.reason, entry.until) == (None, None)


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_is_known(outcome: Outcome) -> None:
    (entry,) = parse({**USUAL, "cells": [{**CELL, "outcome": outcome.value}]}).entries.values()

    assert entry.finding.outcome is outcome


@pytest.mark.parametrize("until", ["2026-12-31", "2.14", "2.14.3", "3"])
def test_a_limit_is_a_date_or_a_version(until: str) -> None:
    (entry,) = parse({**USUAL, "cells": [{**CELL, "until": until}]}).entries.values()

    assert entry.until == until


def with_cell(**members: object) -> dict[str, Any]:
    """Return a document whose one cell says this too."""
    return {**USUAL, "cells": [{**CELL, **members}]}


def without(name: str, members: dict[str, Any]) -> dict[str, Any]:
    """Leave out one member."""
    return {key: value for key, value in members.items() if key != name}


NOT_EVEN_NEARLY: list[object] = [[], 1, "text", None, {}, {"cells": []}]
NOT_A_LIMIT = "and neither a date (2026-12-31) nor a version of Pydantic (2.14)"
# Document -> what is wrong with it.
REFUSED: list[tuple[object, str]] = [
    *((one, "it is no baseline") for one in NOT_EVEN_NEARLY),
    ({"schema_version": 2}, "its schema version is 2, and this picklecheck knows 1"),
    ({**USUAL, "schema_version": "1"}, "its schema version is '1', and this picklecheck knows 1"),
    ({**USUAL, "extra": 1}, "the file has 'extra', which this picklecheck does not know"),
    *((without(one, USUAL), f"the file has no '{one}'") for one in USUAL if one != "schema_version"),
    ({**USUAL, "tool_version": 1}, "'tool_version' is no string"),
    ({**USUAL, "environments": []}, "'environments' is no object"),
    ({**USUAL, "environments": {"here": "3.11"}}, "environment 'here' is no object"),
    ({**USUAL, "environments": {"here": {"python": "3.11.7"}}}, "environment 'here' has no 'cloudpickle'"),
    (
        {**USUAL, "environments": {"here": {**VERSIONS, "dill": "1"}}},
        "environment 'here' has 'dill', which this picklecheck does not know",
    ),
    ({**USUAL, "environments": {"here": {**VERSIONS, "python": 3.11}}}, "'python' of environment 'here' is no string"),
    ({**USUAL, "scenarios": ["shapes.box"]}, "'scenarios' is no object"),
    ({**USUAL, "scenarios": {"shapes.box": 1}}, "the hash of scenario 'shapes.box' is no string"),
    ({**USUAL, "cells": {}}, "'cells' is no list"),
    ({**USUAL, "cells": ["x" * 80]}, f'"{"x" * 59} is no cell'),
    ({**USUAL, "cells": [None]}, "null is no cell"),
    *(({**USUAL, "cells": [without(one, CELL)]}, f"has no '{one}'") for one in CELL),
    (with_cell(note="x"), f"cell '{BOX}' has 'note', which this picklecheck does not know"),
    *((with_cell(**{key: ["x"]}), f"'{key}' of ") for key in (*CELL, "receiver_environment", "code", "exception")),
    *((with_cell(**{key: None}), f"'{key}' of ") for key in CELL),
    (with_cell(reason=1), f"'reason' of {BOX} is no string"),
    (with_cell(until=2.14), f"'until' of {BOX} is no string"),
    (with_cell(outcome="passed"), f"{BOX} has the outcome 'passed', which is none"),
    (with_cell(environment="there"), f"no environment is called 'there', which {BOX} names"),
    (with_cell(receiver_environment="there"), f"no environment is called 'there', which {BOX} names"),
    ({**USUAL, "cells": [CELL, {**CELL, "outcome": "pass"}]}, f"{BOX} is there twice for here"),
    *(
        (with_cell(until=one), f"'until' of {BOX} is {one!r}, {NOT_A_LIMIT}")
        for one in ("", "soon", "2026-12", "2027", "2026-02-30", "v2.14", ">=2.14", "2.14\n", " 2.14")
    ),
]


@pytest.mark.parametrize(("document", "why"), REFUSED)
def test_a_document_that_is_no_baseline_is_refused_by_name(tmp_path: Path, document: object, why: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        read_baseline(path)

    assert caught.value.message.startswith(f"The baseline '{path}' cannot be used: ")
    assert why in caught.value.message
    assert caught.value.hint == MEND


CONFLICT = '{\n<<<<<<< HEAD\n"schema_version": 1\n=======\n"schema_version": 2\n>>>>>>> other\n}\n'
FIRST = "Make a report with --no-baseline and --output json=REPORT.json"
RECORD = "Give the path of a file that 'picklecheck baseline update' wrote."
UNRESOLVED = "Was a merge left unresolved? Mend the line, or record it again."


@pytest.mark.parametrize(
    ("make", "message", "hint"),
    [
        (lambda _: None, "There is no baseline '{0}'.", FIRST),
        (lambda path: path.mkdir(), "The baseline '{0}' cannot be read: Is a directory.", RECORD),
        (lambda path: path.symlink_to(path.name), "The baseline '{0}' cannot be read: Too many levels", RECORD),
        (lambda path: path.write_bytes(b"\xff{}"), "The baseline '{0}' cannot be read: it is not UTF-8.", RECORD),
        (lambda path: path.write_text(""), "The baseline '{0}' is no JSON: Expecting value: line 1", UNRESOLVED),
        (lambda path: path.write_text("{'a': 1}"), "The baseline '{0}' is no JSON: Expecting property", UNRESOLVED),
        (lambda path: path.write_text(CONFLICT), "The baseline '{0}' is no JSON: Expecting property", UNRESOLVED),
        (lambda path: path.write_text("[" * 100_000), "The baseline '{0}' is no JSON: ", UNRESOLVED),
        (lambda path: path.write_text("1" * 5000), "The baseline '{0}' is no JSON: ", UNRESOLVED),
        (lambda path: path.write_text("\ufeff{}"), "The baseline '{0}' is no JSON: Unexpected UTF-8 BOM", UNRESOLVED),
    ],
    ids=["missing", "a folder", "a loop", "not UTF-8", "empty", "Python", "a conflict", "deep", "long", "a mark"],
)
def test_a_file_that_is_no_json_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], object], message: str, hint: str
) -> None:
    path = tmp_path / "b.json"
    make(path)

    with pytest.raises(UsageError) as caught:
        read_baseline(path)

    assert caught.value.message.startswith(message.format(path))
    assert caught.value.hint.startswith(hint.format(path))


# Any JSON, and much of what is nearly a baseline.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {
        "schema_version": st.just(1) | JSON,
        "tool_version": st.text() | JSON,
        "environments": st.dictionaries(st.just("here"), st.just(VERSIONS) | JSON) | JSON,
        "scenarios": st.dictionaries(st.text(max_size=3), st.text(max_size=3) | JSON, max_size=2) | JSON,
        "cells": st.lists(
            st.fixed_dictionaries(
                {
                    "cell": st.just(BOX) | JSON,
                    "environment": st.just("here") | JSON,
                    "outcome": st.sampled_from([one.value for one in Outcome]) | JSON,
                },
                optional=dict.fromkeys(("receiver_environment", "code", "exception", "reason", "until"), JSON),
            )
            | JSON,
            max_size=3,
        ),
    }
)


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(JSON | NEARLY)
def test_whatever_is_read_is_a_baseline_or_told_to_be_none(document: object) -> None:
    try:
        baseline = parse(json.loads(json.dumps(document)))
    except ValueError:
        return
    assert parse(json.loads(to_text(baseline))) == baseline
