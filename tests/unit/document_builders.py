"""Builders for what the reports for machines and pull requests are made of; each argument has a default."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from report_builders import make_cell, make_environment

from picklecheck.gate.baseline import Entry, Finding, Place
from picklecheck.gate.compare import Comparison, Standing, Status
from picklecheck.gate.judgement import judge
from picklecheck.model import Outcome
from picklecheck.reports import phrases
from picklecheck.reports.document import Document, Row
from picklecheck.verdicts.causes import Cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from picklecheck.model import Environment

BOX = "shapes.box/pickle/main/cold/none"
PASS = Finding(Outcome.PASS)
LOST = Finding(Outcome.LOAD_ERROR, "PC201", "AttributeError")
COPIED = Finding(Outcome.WRONG_TYPE, "PC301")
UPSTREAM = "pydantic 2.14.3 -> 2.14.4"
SOURCE = "its source changed"

# Whatever a report is made for, somebody calls a model or writes an error message like this.
NASTY = "Box[int] [/bold] | `a` ``b`` <b> & \"c\" 'd' ]]> % @you *e* _f_ $g$ \\| \x1b[31m \udcff \ufffe\r\nend: a, b::c"


def shorten_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each cause have a short page, whose words are not the reports'."""
    monkeypatch.setattr(
        phrases, "cause", lambda code: Cause(code, f"title of {code}", "This.", "That.", "`Do` it.", "")
    )


def make_standing(
    status: Status = Status.REGRESSED,
    cell: str = BOX,
    *,
    then: Finding = PASS,
    now: Finding | None = LOST,
    why: str = "",
    reason: str | None = None,
    until: str | None = None,
    environment: str = "here",
    receiver_environment: str | None = None,
) -> Standing:
    """Return how ``cell`` stands; ``now`` is left out where it was not run, and ``then`` where it is new."""
    place = Place(cell, environment, receiver_environment or environment)
    return Standing(
        status,
        place,
        found=None if status in (Status.MISSING, Status.NOT_CHECKED) else now,
        entry=None if status is Status.NEW else Entry(place, then, reason, until),
        why=why,
    )


def make_comparison(*standings: Standing, references: dict[str, str] | None = None) -> Comparison:
    """Return a comparison; those that were not run stand apart, as in a real one."""
    return Comparison(
        standings={one.place: one for one in standings if one.found is not None},
        left=tuple(one for one in standings if one.found is None),
        references=references or {},
    )


def make_row(
    finding: Finding = PASS,
    cell: str = BOX,
    *,
    expected: bool | None = None,
    standing: Standing | None = None,
    reason: str = "a reason",
    location: str | None = None,
    environment: str = "here",
    receiver_environment: str | None = None,
    allow_fixed: bool = False,
) -> Row:
    """Return a judged cell."""
    return Row(
        cell=make_cell(cell),
        environment=environment,
        receiver_environment=receiver_environment,
        outcome=finding.outcome,
        code=finding.code,
        reason=reason,
        exception=finding.exception,
        expected=expected,
        duration_s=0.5,
        location=location,
        standing=standing,
        judgement=judge(finding.outcome, expected, standing, allow_fixed=allow_fixed),
    )


def make_document(
    rows: Sequence[Row] = (),
    *,
    exit_status: int = 0,
    environments: Sequence[Environment] | None = None,
    comparison: Comparison | None = None,
    answer: Sequence[str] = ("The answer.",),
    planned: int | None = None,
    interrupted: bool = False,
) -> Document:
    """Return a document of ``rows``."""
    return Document(
        command=("run", "-v"),
        tool_version="0.1.0",
        started_at="2030-01-02T03:04:05+00:00",
        duration_s=1.25,
        environments=(make_environment(),) if environments is None else tuple(environments),
        planned=len(rows) if planned is None else planned,
        interrupted=interrupted,
        answer=tuple(answer),
        exit_status=exit_status,
        comparison=comparison,
        allow_fixed=False,
        rows=lambda: iter(rows),
    )


def make_usual_document() -> Document:
    """Return a document with one of each: each judgement, each status, and an environment that cannot be had."""
    cells = [
        BOX.replace("box", name) for name in ("box", "pair", "tree", "list", "leaf", "twin", "root", "old", "gone")
    ]
    box, pair, tree, linked, leaf, twin, root, old, gone = cells
    regressed = make_standing(Status.REGRESSED, box, why=UPSTREAM)
    recorded = make_standing(Status.AS_RECORDED, pair, then=LOST)
    excused = make_standing(Status.AS_RECORDED, tree, then=COPIED, reason="until we move to [v2]", until="2.15")
    fixed = make_standing(Status.FIXED, linked, then=LOST, now=PASS, why=f"{UPSTREAM}, {SOURCE}")
    rows = [
        make_row(LOST, box, standing=regressed, location="models.py:12"),
        make_row(LOST, pair, standing=recorded),
        make_row(COPIED, tree, standing=excused),
        make_row(PASS, linked, standing=fixed),
        make_row(PASS, leaf),
        make_row(Finding(Outcome.UNSUPPORTED, "PC801"), twin, reason="needs Pydantic 2.1"),
        make_row(Finding(Outcome.UNDECIDED, "PC901"), root, reason="no report came"),
    ]
    comparison = make_comparison(
        regressed,
        recorded,
        excused,
        fixed,
        make_standing(Status.NOT_CHECKED, old),
        make_standing(Status.MISSING, gone, then=COPIED),
    )
    return make_document(
        rows,
        exit_status=1,
        environments=[make_environment(), make_lost_environment()],
        comparison=comparison,
        answer=("1 cell could not be judged.", "1 of 7 cells pass, Box[int] among them."),
    )


def make_lost_environment(reason: str = "no wheel for Python 3.15") -> Environment:
    """Return an environment that could not be had."""
    return replace(make_environment(status="unavailable", reason=reason), id="there")
