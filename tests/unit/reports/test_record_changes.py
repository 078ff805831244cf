"""Where outcomes change from one environment to the next."""

from __future__ import annotations

import pytest
from matrix_builders import make_environment

from picklecheck.model import Outcome
from picklecheck.reports.record.changes import Change, Finding, Row, neighbours, steps

PASS = Finding(Outcome.PASS, None)
LOAD = Finding(Outcome.LOAD_ERROR, "PC201")
OTHER_LOAD = Finding(Outcome.LOAD_ERROR, "PC202")
UNSUPPORTED = Finding(Outcome.UNSUPPORTED, "PC801")

OLD, MIDDLE, NEW = make_environment("2.9.0"), make_environment("2.10.0"), make_environment("2.11.0")


def row(version: str, *, python: str = "3.11.7", **findings: Finding) -> Row[str]:
    """Return a row in which each cell is called by a word."""
    return Row(make_environment(version, python=python), tuple(findings.items()))


def told(*rows: Row[str]) -> list[tuple[str, str, list[str]]]:
    """Return the steps in words."""
    return [
        (
            f"{one.older.pydantic} {one.older.python}",
            f"{one.newer.pydantic} {one.newer.python}",
            [f"{change.cell}: {change.before} -> {change.after}" for change in one.changes],
        )
        for one in steps(rows)
    ]


def test_a_change_of_outcome_or_of_cause() -> None:
    found = steps(
        [
            row("2.9.0", a=LOAD, b=LOAD, c=PASS),
            row("2.10.0", a=PASS, b=OTHER_LOAD, c=PASS),
            row("2.11.0", a=PASS, b=OTHER_LOAD, c=UNSUPPORTED),
        ]
    )

    assert [(one.older, one.newer) for one in found] == [(OLD, MIDDLE), (MIDDLE, NEW)]
    assert found[0].changes == (Change("a", LOAD, PASS), Change("b", LOAD, OTHER_LOAD))
    assert found[1].changes == (Change("c", PASS, UNSUPPORTED),)


def test_no_change_is_no_step() -> None:
    assert steps([row("2.9.0", a=PASS), row("2.10.0", a=PASS)]) == []


def test_nothing_to_compare() -> None:
    assert steps([]) == []
    assert neighbours([row("2.9.0", a=PASS)]) == []


def test_environments_are_compared_that_differ_in_pydantic_alone() -> None:
    assert told(
        row("2.9.0", a=PASS),
        row("2.9.0", python="3.12.1", a=LOAD),
        row("2.10.0", a=PASS),
        row("2.10.0", python="3.12.1", a=PASS),
    ) == [("2.9.0 3.12.1", "2.10.0 3.12.1", ["a: load-error PC201 -> pass"])]


def test_a_cell_that_was_not_run_is_compared_across_the_environment() -> None:
    assert told(row("2.9.0", a=PASS, b=PASS), row("2.10.0", b=LOAD), row("2.11.0", a=LOAD, b=PASS)) == [
        ("2.9.0 3.11.7", "2.10.0 3.11.7", ["b: pass -> load-error PC201"]),
        ("2.9.0 3.11.7", "2.11.0 3.11.7", ["a: pass -> load-error PC201"]),
        ("2.10.0 3.11.7", "2.11.0 3.11.7", ["b: load-error PC201 -> pass"]),
    ]


def test_neighbours_are_consecutive() -> None:
    rows = [row("2.9.0"), row("2.10.0", python="3.12.1"), row("2.10.0"), row("2.11.0")]

    assert neighbours(rows) == [(OLD, MIDDLE), (MIDDLE, NEW)]


@pytest.mark.parametrize("finding", [PASS, LOAD, Finding(Outcome.WRONG_TYPE, None)])
def test_a_finding_is_read_as_it_is_written(finding: Finding) -> None:
    assert Finding.parse(str(finding)) == finding


def test_the_words_of_findings() -> None:
    assert [str(PASS), str(LOAD)] == ["pass", "load-error PC201"]


@pytest.mark.parametrize("text", ["", "passed", "load-error ", " PC201", "PC201", "-"])
def test_what_is_no_finding(text: str) -> None:
    with pytest.raises(ValueError, match=r"no code|not a valid"):
        Finding.parse(text)
