"""What bisect says, for people and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from matrix_builders import make_environment, make_matrix, make_missing

from picklecheck.plan.bisection import Bisection, State
from picklecheck.reports.terminal.bisect import describe, render_changes, render_json, render_text
from picklecheck.reports.view import View

COLD, WARM = "shapes.box/pickle/main/cold/none", "shapes.box/pickle/main/warm/none"
PASS, FAIL = {COLD: "pass"}, {COLD: "load-error PC201"}

ONE_CELL = Bisection(
    last_unchanged="2.9.2",
    first_changed="2.10.0",
    between=(),
    seen={"2.0.3": PASS, "2.9.2": PASS, "2.10.0": FAIL, "2.14.3": FAIL},
    skipped={},
    length=71,
)
SKIPPED = replace(ONE_CELL, skipped={"2.5.0b1": "no wheel for this Python"})
BETWEEN = Bisection(
    last_unchanged="2.9.2",
    first_changed="2.10.2",
    between=("2.10.0", "2.10.1"),
    seen={"2.9.2": PASS, "2.10.2": FAIL},
    skipped={
        "2.10.0": "2.10.0 is unavailable: no wheel",
        "2.10.1": f"{COLD} could not be judged on 2.10.1",
    },
    length=4,
)
REVERSED = Bisection(
    last_unchanged="2.14.3",
    first_changed="2.13.4",
    between=(),
    seen={"2.14.3": PASS, "2.13.4": FAIL, "2.0.3": FAIL},
    skipped={},
    length=30,
)


def many(number: int, changed: int) -> Bisection:
    """Return a search over so many cells, of which some changed."""
    before: State = {f"shapes.s{each}/pickle/main/cold/none": "pass" for each in range(number)}
    after = {cell: "dump-error PC101" if each < changed else "pass" for each, cell in enumerate(before)}
    return Bisection("2.9.2", "2.10.0", (), {"2.9.2": before, "2.10.0": after}, {}, 2)


def test_of_one_cell_each_release_is_shown() -> None:
    assert (
        render_text(ONE_CELL)
        == """\
2.0.3   pass
2.9.2   pass
2.10.0  load-error PC201  <- changed
2.14.3  load-error PC201

shapes.box/pickle/main/cold/none: changed in 2.10.0; 2.9.2 is as before. 4 of 71
  releases were looked at.
"""
    )


def test_of_several_cells_what_changed_is_shown() -> None:
    assert (
        render_text(many(5, 2))
        == """\
shapes.s0/pickle/main/cold/none: pass -> dump-error PC101
shapes.s1/pickle/main/cold/none: pass -> dump-error PC101

2 cells: changed in 2.10.0; 2.9.2 is as before. 2 of 2 releases were looked at.
"""
    )


def test_of_several_cells_one_may_have_changed() -> None:
    assert (
        render_text(many(5, 1))
        == """\
2.9.2   pass
2.10.0  dump-error PC101  <- changed

shapes.s0/pickle/main/cold/none: changed in 2.10.0; 2.9.2 is as before. 2 of 2
  releases were looked at.
"""
    )


@pytest.mark.parametrize(
    ("changed", "shown", "rest"),
    [
        (12, 12, []),
        (13, 12, ["and 1 more cell (--format json has them all)"]),
        (40, 12, ["and 28 more cells (--format json has them all)"]),
    ],
)
def test_of_many_cells_the_first_are_shown(changed: int, shown: int, rest: list[str]) -> None:
    lines = render_text(many(50, changed)).splitlines()

    assert lines[:shown] == [f"shapes.s{each}/pickle/main/cold/none: pass -> dump-error PC101" for each in range(shown)]
    assert lines[shown:] == [
        *rest,
        "",
        f"{changed} cells: changed in 2.10.0; 2.9.2 is as before. 2 of 2 releases were looked at.",
    ]


def test_why_a_release_could_not_be_judged_is_said() -> None:
    assert (
        render_text(SKIPPED)
        == """\
2.0.3    pass
2.9.2    pass
2.10.0   load-error PC201  <- changed
2.14.3   load-error PC201
2.5.0b1 could not be judged: no wheel for this Python

shapes.box/pickle/main/cold/none: changed in 2.10.0; 2.9.2 is as before. 4 of 71
  releases were looked at.
"""
    )


def test_what_could_not_be_judged_next_to_the_change_is_no_answer() -> None:
    assert (
        render_text(BETWEEN)
        == """\
2.9.2   pass
2.10.2  load-error PC201  <- changed
2.10.0 could not be judged: 2.10.0 is unavailable: no wheel
2.10.1 could not be judged: shapes.box/pickle/main/cold/none could not be judged
  on 2.10.1

shapes.box/pickle/main/cold/none: changed after 2.9.2 and not later than 2.10.2.
What lies in between could not be judged (2.10.0, 2.10.1). 2 of 4 releases were
  looked at.
"""
    )


def test_a_line_from_new_to_old_is_shown_in_that_order() -> None:
    assert (
        render_text(REVERSED)
        == """\
2.14.3  pass  <- changed
2.13.4  load-error PC201
2.0.3   load-error PC201

shapes.box/pickle/main/cold/none: changed in 2.14.3; 2.13.4 is still otherwise.
  3 of 30 releases were looked at.
"""
    )


@pytest.mark.parametrize("found", [ONE_CELL, SKIPPED, BETWEEN, REVERSED, many(50, 40)])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_lines_are_as_wide_as_asked_for_and_say_the_same(found: Bisection, width: int) -> None:
    text = render_text(found, width)

    assert max(map(len, text.splitlines())) <= width
    assert text.split() == render_text(found, 100).split()


def test_a_whole_document() -> None:
    assert json.loads(render_json(SKIPPED)) == {
        "schema_version": 1,
        "changed_in": "2.10.0",
        "last_unchanged": "2.9.2",
        "first_changed": "2.10.0",
        "between": [],
        "before": {"shapes.box/pickle/main/cold/none": "pass"},
        "after": {"shapes.box/pickle/main/cold/none": "load-error PC201"},
        "seen": {
            "2.0.3": {"shapes.box/pickle/main/cold/none": "pass"},
            "2.9.2": {"shapes.box/pickle/main/cold/none": "pass"},
            "2.10.0": {"shapes.box/pickle/main/cold/none": "load-error PC201"},
            "2.14.3": {"shapes.box/pickle/main/cold/none": "load-error PC201"},
        },
        "skipped": {"2.5.0b1": "no wheel for this Python"},
        "releases": 71,
    }


def test_the_document_names_what_could_not_be_judged_next_to_the_change() -> None:
    document = json.loads(render_json(BETWEEN))

    assert document["changed_in"] is None
    assert document["between"] == ["2.10.0", "2.10.1"]
    assert list(document["skipped"]) == ["2.10.0", "2.10.1"]


def test_the_document_has_all_cells_and_what_was_seen_in_the_order_of_the_line() -> None:
    assert len(json.loads(render_json(many(50, 40)))["after"]) == 50
    assert list(json.loads(render_json(REVERSED))["seen"]) == ["2.14.3", "2.13.4", "2.0.3"]


def test_the_document_says_in_which_release_it_changed_whichever_way_the_line_runs() -> None:
    assert json.loads(render_json(ONE_CELL))["changed_in"] == "2.10.0"
    assert json.loads(render_json(REVERSED))["changed_in"] == "2.14.3"


def test_the_document_is_ascii_and_ends_in_a_newline() -> None:
    text = render_json(replace(SKIPPED, skipped={"2.5.0": "no wheel ☃"}))

    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["skipped"] == {"2.5.0": "no wheel ☃"}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PASS, "pass"),
        (FAIL, "load-error PC201"),
        ({COLD: "pass", WARM: "pass"}, "pass"),
        ({COLD: "pass", WARM: "load-error PC201"}, "1 load-error PC201, 1 pass"),
        ({"a": "pass", "b": "dump-error PC101", "c": "pass"}, "1 dump-error PC101, 2 pass"),
    ],
)
def test_a_state_in_a_few_words(state: State, words: str) -> None:
    assert describe(state) == words


def test_every_change_along_a_line() -> None:
    versions = ("2.9.2", "2.10.6", "2.11.1", "2.12.0")
    environments = [make_environment(version) for version in versions]
    environments[2] = make_missing("2.11.1", "no wheel")
    report = make_matrix(environments, {COLD: "LL.", WARM: "..L"})

    assert (
        render_changes(report, View()).plain
        == """\
What changes from one version to the next
2.10.6 -> 2.12.0: 2 cells change
  none pickle/main/cold: load-error PC201 -> pass in shapes.box
  none pickle/main/warm: pass -> load-error PC201 in shapes.box
No change in the other step.

unavailable: 2.11.1: no wheel

1 environment could not be had: 2.11.1.
6 cells in 1.2 s.
"""
    )


def test_a_line_on_which_nothing_changes() -> None:
    report = make_matrix([make_environment("2.9.2"), make_environment("2.10.6")], {COLD: "LL"})

    assert (
        render_changes(report, View()).plain
        == """\
What changes from one version to the next
No cell changes.

2 cells in 1.2 s.
"""
    )


def test_a_line_of_which_one_release_is_left() -> None:
    report = make_matrix([make_environment("2.9.2"), make_missing("2.10.6", "no wheel")], {COLD: "L"})

    assert (
        render_changes(report, View()).plain
        == """\
There are no two neighbours to compare.

unavailable: 2.10.6: no wheel

1 environment could not be had: 2.10.6.
1 cell in 1.2 s.
"""
    )
