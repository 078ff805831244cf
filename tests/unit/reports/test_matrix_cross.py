"""Payloads between versions, whole."""

from __future__ import annotations

import itertools

import pytest
from matrix_builders import make_environment, make_matrix, make_missing

from picklecheck.matrix_report import Mark, MatrixReport
from picklecheck.model import FIXES, Outcome
from picklecheck.reports.terminal.matrix import promises as matrix_promises
from picklecheck.reports.terminal.matrix.cross import render
from picklecheck.reports.view import View
from picklecheck.verdicts.causes import Cause


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the pages of the causes, whose words are not the report's."""

    def cause(code: str) -> Cause:
        return Cause(code, "a title", f"The class of {code} was lost.", "It was.", "Look again.", "")

    monkeypatch.setattr(matrix_promises, "cause", cause)


ENVIRONMENTS = [
    make_environment("2.0.3"),
    make_missing("2.9.0", "no wheel for Box[int] [/x]"),
    make_environment("2.13.5"),
    make_environment("2.14.0"),
]


def usual_report() -> MatrixReport:
    """Return a report of what three versions read: a row of nine letters is three writers of three readers each."""
    marks = {}
    for name in ("shapes.box", "shapes.pair"):
        marks[f"{name}/pickle/main/cold/none"] = "LLL LL. DDD".replace(" ", "")
        marks[f"{name}/pickle/main/warm/none"] = "..L..L DDD".replace(" ", "")
        marks[f"{name}/pickle/main/cold/class"] = "/" * 9
    marks["shapes.pair/pickle/main/warm/none"] = ".?L..LDD-"
    marks["shapes.box/cloudpickle/main/cold/none"] = "TT-TT?  D"
    marks["shapes.box/cloudpickle/main/cold/class"] = "////!////"
    return make_matrix(ENVIRONMENTS, marks, cross=True, notes=("A note.",))


USUAL = """\
python 3.11.7  pydantic 2.0.3, 2.13.5, 2.14.0  cloudpickle 3.1.2
A note.

a row is the version that writes, a column the one that reads
✓ pass  D dump-error  T wrong-type  – unsupported  ? undecided
✓ every judged cell passes, else passed/judged cells, over 2 scenarios
?n: n cells more could not be judged (undecided), 1 altogether
left out: cells that the environment cannot express (unsupported)

unavailable: 2.9.0: no wheel for Box[int] [/x]

fix none, serializer pickle
         2.0.3  2.13.5  2.14.0
2.0.3      2/4   1/3?1     0/4
2.13.5     2/4     2/4     2/4
2.14.0     0/4     0/4     0/3

fix none, serializer cloudpickle
         2.0.3  2.13.5  2.14.0
2.0.3        T       T       –
2.13.5       T       T       ?
2.14.0                       D

fix class, serializer pickle
         2.0.3  2.13.5  2.14.0
2.0.3        ✓       ✓       ✓
2.13.5       ✓       ✓       ✓
2.14.0       ✓       ✓       ✓

fix class, serializer cloudpickle
         2.0.3  2.13.5  2.14.0
2.0.3        ✓       ✓       ✓
2.13.5       ✓       T       ✓
2.14.0       ✓       ✓       ✓

Where the version of the reader matters
  none pickle: 4 cells pass within the version that wrote them and fail in
    another
    load-error PC201: 4, e.g. shapes.box/pickle/main/warm/none, written by
      2.0.3, read by 2.14.0
  none pickle: 2 cells fail within the version that wrote them and pass in
    another
    load-error PC201: 2, e.g. shapes.box/pickle/main/cold/none, written by
      2.13.5, read by 2.14.0
  class cloudpickle: 2 cells fail within the version that wrote them and pass in
    another
    wrong-type PC301: 2, e.g. shapes.box/cloudpickle/main/cold/class, written by
      2.13.5, read by 2.0.3

PC301 wrong-type: a title (1 broken promise)
  what The class of PC301 was lost.
  do   Look again.
  e.g. shapes.box/cloudpickle/main/cold/class with 2.13.5
  in   2.13.5 (1)

1 environment could not be had: 2.9.0.
2 cells could not be judged, shapes.pair/pickle/main/warm/none written by 2.0.3
and read by 2.13.5 among them.
1 cell broke what the fix promises: shapes.box/cloudpickle/main/cold/class with
2.13.5.
3 x 3 versions: without a fix 9 of 9 pairs have a payload that does not arrive;
with the class fix 1 of 9 pairs have a payload that does not arrive. 70 cells in
1.2 s.
"""  # noqa: RUF001 - the dash is meant


def test_the_usual_report() -> None:
    assert render(usual_report(), View()).plain == USUAL


def test_the_usual_report_in_ascii() -> None:
    assert render(usual_report(), View(ascii_only=True)).plain == USUAL.replace("✓", ".").replace("–", "-")  # noqa: RUF001


def test_quiet_prints_the_versions_and_the_answer_alone() -> None:
    versions, _, _ = USUAL.partition("\n")
    answer = USUAL[USUAL.index("1 environment could") :]
    assert render(usual_report(), View(verbosity=-1)).plain == f"{versions}\n{answer}"


def test_every_version_reads_every_payload() -> None:
    report = make_matrix(ENVIRONMENTS, {"shapes.box/pickle/main/cold/class": "/" * 9}, cross=True)

    assert (
        render(report, View()).plain
        == """\
python 3.11.7  pydantic 2.0.3, 2.13.5, 2.14.0  cloudpickle 3.1.2

a row is the version that writes, a column the one that reads
✓ pass

unavailable: 2.9.0: no wheel for Box[int] [/x]

fix class, serializer pickle
         2.0.3  2.13.5  2.14.0
2.0.3        ✓       ✓       ✓
2.13.5       ✓       ✓       ✓
2.14.0       ✓       ✓       ✓

Where the version of the reader matters
  Nowhere, as far as was judged: what passes in the version that wrote it passes
  in every other, and what fails fails.

1 environment could not be had: 2.9.0.
3 x 3 versions: with the class fix every payload is read by every version. 9
cells in 1.2 s.
"""
    )


def test_what_was_interrupted_claims_no_more_than_it_saw() -> None:
    marks = {"shapes.box/pickle/main/cold/none": "L   ", "shapes.box/pickle/main/cold/class": "/  /"}
    report = make_matrix([ENVIRONMENTS[0], ENVIRONMENTS[2]], marks, cross=True, interrupted=True)

    assert (
        render(report, View()).plain
        == """\
python 3.11.7  pydantic 2.0.3, 2.13.5  cloudpickle 3.1.2

a row is the version that writes, a column the one that reads
✓ pass  L load-error

fix none, serializer pickle
         2.0.3  2.13.5
2.0.3        L
2.13.5

fix class, serializer pickle
         2.0.3  2.13.5
2.0.3        ✓
2.13.5               ✓

Where the version of the reader matters
  No version has read what another one wrote.

Interrupted: 3 of 8 cells were checked.
2 x 2 versions: without a fix 1 of 1 pairs have a payload that does not arrive;
with the class fix nothing fails in 2 pairs that were checked. 3 cells in 1.2 s.
"""
    )


def test_no_environment_could_be_had() -> None:
    report = make_matrix(ENVIRONMENTS[1:2], {"shapes.box/pickle/main/cold/class": ""}, cross=True)

    assert (
        render(report, View()).plain
        == """\
python 3.11.7  pydantic 2.9.0  cloudpickle 3.1.2

unavailable: 2.9.0: no wheel for Box[int] [/x]

1 environment could not be had: 2.9.0.
0 x 0 versions: nothing was checked. 0 cells in 1.2 s.
"""
    )


def test_what_could_not_be_judged_is_not_read() -> None:
    report = make_matrix(ENVIRONMENTS[2:], {"shapes.box/pickle/main/cold/class": "/?//"}, cross=True)

    answer = " ".join(render(report, View()).plain.split())
    assert "with the class fix nothing fails, but 1 of 4 pairs could not be judged throughout." in answer


@pytest.mark.parametrize(("verbosity", "shown"), [(0, 5), (1, 8)])
def test_no_more_than_five_kinds_are_listed(verbosity: int, shown: int) -> None:
    marks = [Mark(Outcome.LOAD_ERROR, f"PC{number}", None) for number in range(201, 209)]
    rows: dict[str, list[str | Mark]] = {
        f"shapes.s{number}/pickle/main/cold/none": [".", mark, ".", "."] for number, mark in enumerate(marks)
    }

    plain = render(make_matrix(ENVIRONMENTS[2:], rows, cross=True), View(verbosity=verbosity)).plain

    assert sum(line.startswith("    load-error PC") for line in plain.splitlines()) == shown
    assert ("    ... and 3 more kinds (-v shows all)\n" in plain) == (shown == 5)


@pytest.mark.parametrize("sites", [("main",), ("main", "function")])
def test_no_line_is_longer_than_80(sites: tuple[str, ...]) -> None:
    environments = [make_environment(f"2.{number // 6}.{number % 6}") for number in range(30)]
    outcomes = itertools.cycle(".LT?-D!")
    marks = {
        f"shapes.s{number}/cloudpickle/{site}/cold/{fix}": [next(outcomes) for _ in range(900)]
        for number, site, fix in itertools.product(range(len(sites)), sites, FIXES)
    }

    lines = render(make_matrix(environments, marks, cross=True), View()).plain.splitlines()

    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("2.4.5 ") for line in lines) == 3 * 3  # pages
