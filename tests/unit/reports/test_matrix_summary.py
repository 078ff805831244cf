"""The matrix for people, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from matrix_builders import make_environment, make_matrix, make_missing

from picklecheck.reports.terminal.matrix import promises as matrix_promises
from picklecheck.reports.terminal.matrix.summary import render
from picklecheck.reports.view import View
from picklecheck.verdicts.causes import Cause

if TYPE_CHECKING:
    from picklecheck.matrix_report import MatrixReport


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the pages of the causes, whose words are not the report's."""

    def cause(code: str) -> Cause:
        return Cause(code, "a title", f"The class of {code} was lost.", "It was.", "Look again.", "")

    monkeypatch.setattr(matrix_promises, "cause", cause)


REASON = "no wheel for Box[int] [/x] and CPython 3.13 was found,\nand [bold]building[/bold] is not done"
ENVIRONMENTS = [
    make_environment("2.0.3"),
    make_missing("2.9.0", REASON),
    make_environment("2.13.5"),
    make_environment("2.14.0"),
    make_environment("2.14.1"),
]


COLD = "shapes.box/pickle/main/cold/none"


def usual_report() -> MatrixReport:
    """Return a report with changes, a cell that was not judged, one that is unsupported, and broken promises."""
    marks = {}
    for name in ("shapes.box", "shapes.pair"):
        for site in ("main", "function"):
            marks[f"{name}/pickle/{site}/cold/none"] = "LLDD"
            marks[f"{name}/pickle/{site}/warm/none"] = "..DD"
            marks[f"{name}/pickle/{site}/cold/class"] = "////"
            marks[f"{name}/pickle/{site}/warm/class"] = "////"
    marks["shapes.pair/pickle/function/warm/none"] = "-.DD"
    marks["shapes.box/pickle/main/warm/class"] = "//!!"
    marks["shapes.box/pickle/main/cold/class"] = "//?/"
    marks["controls.plain/pickle/main/cold/none"] = "...."
    return make_matrix(ENVIRONMENTS, marks, notes=("2.9.0 was yanked: [x].",), reused=12000)


def plain(report: MatrixReport, verbosity: int = 0) -> str:
    """Return the report as it is printed."""
    return render(report, View(verbosity=verbosity)).plain


USUAL = """\
python 3.11.7  pydantic 2.0.3, 2.13.5, 2.14.0, 2.14.1  cloudpickle 3.1.2
2.9.0 was yanked: [x].

fix       none          class
receiver  cold  warm    cold    warm
2.0.3     1/5   3/3     4/4     4/4
2.9.0     unavailable: no wheel for Box[int] [/x] and CPython 3.13 was found, ..
2.13.5    1/5   4/4     4/4     4/4
2.14.0    1/5   0/4     3/3 ?1  3/4
2.14.1    1/5   0/4     4/4     3/4

passed/judged cells, over 3 scenarios; serializer pickle; site main, function
?n: n cells more could not be judged (undecided), 1 altogether
left out: cells that the environment cannot express (unsupported)

unavailable: 2.9.0: no wheel for Box[int] [/x] and CPython 3.13 was found, and
  [bold]building[/bold] is not done

What changes from one version to the next
2.0.3 -> 2.13.5: 1 cell changes
  none pickle/function/warm: unsupported PC801 -> pass in shapes.pair
2.13.5 -> 2.14.0: 10 cells change
  none pickle/main,function/cold: load-error PC201 -> dump-error PC101 in 2
    scenarios (shapes.box, shapes.pair)
  none pickle/main,function/warm: pass -> dump-error PC101 in 2 scenarios
    (shapes.box, shapes.pair)
  class pickle/main/cold: pass -> undecided PC901 in shapes.box
  class pickle/main/warm: pass -> wrong-type PC301 in shapes.box
2.14.0 -> 2.14.1: 1 cell changes
  class pickle/main/cold: undecided PC901 -> pass in shapes.box

PC301 wrong-type: a title (2 broken promises)
  what The class of PC301 was lost.
  do   Look again.
  e.g. shapes.box/pickle/main/warm/class with 2.14.0
  in   2.14.0 (1), 2.14.1 (1)

1 environment could not be had: 2.9.0.
1 cell could not be judged: shapes.box/pickle/main/cold/class with 2.14.0.
2 cells broke what the fix promises, shapes.box/pickle/main/warm/class with
2.14.0 among them.
4 of 5 environments checked. Without a fix 2 of 2 reproductions reproduce
everywhere; the class fix repairs all of them in 2 of 4 environments and all but
1 in the others. 68 cells in 1.2 s (12,000 taken from an earlier run).
"""


def test_the_usual_report() -> None:
    assert plain(usual_report()) == USUAL


def test_the_usual_report_in_ascii() -> None:
    text = render(usual_report(), View(ascii_only=True)).plain

    assert text == USUAL
    assert text.isascii()


@pytest.mark.parametrize("verbosity", [-1, -2])
def test_quiet_prints_the_versions_and_the_answer_alone(verbosity: int) -> None:
    versions, _, _ = USUAL.partition("\n")
    assert plain(usual_report(), verbosity) == f"{versions}\n{USUAL[USUAL.index('1 environment could not') :]}"


def test_one_environment_has_no_neighbours() -> None:
    report = make_matrix([make_environment("2.0.3")], {COLD: "L", "shapes.pair/pickle/main/cold/none": "."})

    assert (
        plain(report)
        == """\
python 3.11.7  pydantic 2.0.3  cloudpickle 3.1.2

fix       none
receiver  cold
2.0.3     1/2

passed/judged cells, over 2 scenarios; serializer pickle; site main

1 of 1 environments checked. Without a fix 1 of 2 reproductions reproduce. 2
cells in 1.2 s.
"""
    )


def test_no_environment_could_be_had() -> None:
    report = make_matrix([make_missing("2.0.3", "no wheel"), make_missing("2.0.4", "no wheel")], {COLD: ""})

    assert (
        plain(report)
        == """\
python 3.11.7  pydantic 2.0.3, 2.0.4  cloudpickle 3.1.2

2.0.3     unavailable: no wheel
2.0.4     unavailable: no wheel

2 environments could not be had, 2.0.3 among them.
0 of 2 environments checked. 0 cells in 1.2 s.
"""
    )


def test_no_environment_was_asked_for() -> None:
    assert (
        plain(make_matrix([], {}))
        == """\
no environments

0 of 0 environments checked. 0 cells in 1.2 s.
"""
    )


def test_an_interrupted_matrix_says_how_far_it_came() -> None:
    marks = {COLD: "L  ", "shapes.pair/pickle/main/cold/none": ".  "}
    report = make_matrix(ENVIRONMENTS[2:], marks, interrupted=True, planned=6)

    assert (
        plain(report)
        == """\
python 3.11.7  pydantic 2.13.5, 2.14.0, 2.14.1  cloudpickle 3.1.2

fix       none
receiver  cold
2.13.5    1/2
2.14.0    not checked
2.14.1    not checked

passed/judged cells, over 2 scenarios; serializer pickle; site main

Interrupted: 2 of 6 cells were checked.
1 of 3 environments checked. Without a fix 1 of 2 reproductions reproduce. 2
cells in 1.2 s.
"""
    )
