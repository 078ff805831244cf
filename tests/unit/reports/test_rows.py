"""What a command found as a document: a head and rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from baseline_builders import HERE, ID, make_report_of, make_result_in
from document_builders import BOX, COPIED, LOST, PASS, make_comparison, make_standing
from matrix_builders import make_environment, make_matrix
from report_builders import make_cell

from picklecheck.gate.compare import Comparison, Status
from picklecheck.gate.judgement import BaselineCheck, Judgement
from picklecheck.reports.document import Document, Row
from picklecheck.reports.json_format.spool import CellSpool
from picklecheck.reports.rows import document_of, row_of

if TYPE_CHECKING:
    from pathlib import Path

OLD = make_environment("2.13.4")
PAIR = BOX.replace("box", "pair")
RESULTS = (make_result_in(HERE, LOST, expected=False), make_result_in(HERE, PASS, PAIR))
REPORT = make_report_of(*RESULTS, planned=3, interrupted=True)


def row_here(finding: str, *, allow_fixed: bool = False, status: Status | None = None) -> Row:
    """Return the row of a result that stands like this."""
    result = make_result_in(HERE, {"lost": LOST, "pass": PASS}[finding], expected=finding == "pass")
    standings = [] if status is None else [make_standing(status, environment=ID)]
    return row_of(result, BaselineCheck("b.json", make_comparison(*standings), allow_fixed))


def test_a_row_is_what_its_result_says() -> None:
    result = replace(make_result_in(HERE, LOST, expected=False), location="models.py:12")

    assert row_of(result, None) == Row(
        cell=make_cell(BOX),
        environment=ID,
        receiver_environment=None,
        outcome=LOST.outcome,
        code="PC201",
        reason="a reason",
        exception="AttributeError",
        expected=False,
        duration_s=0.5,
        location="models.py:12",
        standing=None,
        judgement=Judgement.FINDING,
    )


@pytest.mark.parametrize(
    ("finding", "status", "allow_fixed", "judgement"),
    [
        ("lost", None, False, Judgement.FINDING),
        ("lost", Status.NEW, False, Judgement.FINDING),
        ("lost", Status.AS_RECORDED, False, Judgement.TOLERATED),
        ("lost", Status.REGRESSED, True, Judgement.FINDING),
        ("pass", Status.FIXED, False, Judgement.FINDING),
        ("pass", Status.FIXED, True, Judgement.PASSED),
        ("pass", None, False, Judgement.PASSED),
    ],
)
def test_a_row_is_judged_by_how_its_cell_stands(
    finding: str, status: Status | None, judgement: Judgement, *, allow_fixed: bool
) -> None:
    row = row_here(finding, allow_fixed=allow_fixed, status=status)

    assert row.judgement is judgement
    assert (row.standing.status if row.standing else None) is status


@pytest.mark.parametrize(("writer", "reader"), [(OLD, HERE), (HERE, OLD), (HERE, None)])
def test_a_row_stands_where_both_of_its_environments_are(writer: object, reader: object) -> None:
    standing = make_standing(environment=OLD.id, receiver_environment=ID)
    result = make_result_in(writer, LOST, read_by=reader)  # type: ignore[arg-type]

    row = row_of(result, BaselineCheck("b.json", make_comparison(standing)))

    assert row.standing is (standing if writer is OLD else None)


def test_a_document_is_a_head_and_rows() -> None:
    document = document_of(REPORT, None, 130)

    assert document == Document(
        command=("run", "-v"),
        tool_version="0.1.0",
        started_at="2030-01-02T03:04:05+00:00",
        duration_s=1.25,
        environments=(HERE,),
        planned=3,
        interrupted=True,
        answer=(
            "Interrupted: 2 of 3 cells were checked.",
            f"1 cell broke what the fix promises, {BOX} among them.",
            "1 of 2 reproductions reproduced here. 2 cells in 1.2 s.",
        ),
        exit_status=130,
        comparison=None,
        allow_fixed=False,
        rows=document.rows,
    )


def test_rows_come_as_often_as_they_are_asked_for() -> None:
    document = document_of(REPORT, None, 130)

    expected = [row_of(one, None) for one in RESULTS]
    assert [list(document.rows()), list(document.rows())] == [expected, expected]


def test_a_document_knows_what_it_is_held_against() -> None:
    comparison = Comparison({}, (), {})

    document = document_of(REPORT, None, 1, BaselineCheck("b.json", comparison, allow_fixed=True))

    assert document.comparison is comparison
    assert document.allow_fixed


def test_the_rows_of_a_matrix_are_those_of_its_spool(tmp_path: Path) -> None:
    report = make_matrix([OLD, HERE], {BOX: "TL"})
    results = [make_result_in(OLD, COPIED), make_result_in(HERE, LOST, read_by=OLD)]
    with CellSpool(tmp_path / "cells", with_evidence=False) as spool:
        for place, result in ((1, results[1]), (0, results[0])):
            spool.add(place, result)

        document = document_of(report, spool, 0)

        assert list(document.rows()) == list(document.rows()) == [row_of(one, None) for one in results]
    assert (document.environments, document.planned) == ((OLD, HERE), 2)
    assert document.answer[-1].startswith("2 of 2 environments checked.")


def test_a_matrix_without_a_spool_has_no_rows() -> None:
    assert list(document_of(make_matrix([HERE], {BOX: "L"}), None, 0).rows()) == []
