"""The lines that answer a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from report_builders import make_report
from run_report_builders import CLASS, NONE, row

from picklecheck.reports.terminal.run import render
from picklecheck.reports.view import View

if TYPE_CHECKING:
    from picklecheck.model import Result


def answer_to(*results: Result) -> str:
    """Return the answer to a report of ``results``, its lines put together."""
    _, _, lines = render(make_report(results), View(width=100, verbosity=-1)).plain.partition("\n")
    return " ".join(lines.split())


def test_the_answer_without_the_reproductions() -> None:
    results = [*row("shapes.box", "..", *CLASS[:2], expected=True), *row("shapes.box", "L", CLASS[2], expected=False)]

    assert answer_to(*results) == (
        "1 cell broke what the fix promises, shapes.box/pickle/function/cold/class among them. "
        "2 of 3 promised cells pass; 3 cells in 1.2 s."
    )


def test_the_answer_counts_scenarios_and_leaves_the_controls_out() -> None:
    results = [*row("shapes.box", "L.", *NONE[:2]), *row("shapes.pair", "..", *NONE[:2])]
    results += row("controls.plain", "..", *NONE[:2])

    assert answer_to(*results) == "1 of 2 reproductions reproduced here. 6 cells in 1.2 s."


def test_the_answer_to_controls_alone() -> None:
    assert answer_to(*row("controls.plain", ".", NONE[0])) == "1 of 1 cells pass; 1 cell in 1.2 s."


def test_controls_that_failed_are_told_and_reproduce_nothing() -> None:
    results = [*row("controls.plain", "LL", *NONE[:2]), *row("controls.plain", ".", CLASS[0])]
    results += [*row("shapes.box", "L.", *NONE[:2]), *row("shapes.box", "..", *CLASS[:2])]

    assert answer_to(*results) == (
        "2 cells of the controls failed, which nothing should affect: controls.plain/pickle/main/cold/none. "
        "1 of 1 reproductions reproduced here; the class fix repairs all of them. 7 cells in 1.2 s."
    )


def test_a_family_that_is_only_called_like_the_controls_is_none() -> None:
    assert answer_to(*row("controls_not.plain", "L", NONE[0])) == (
        "1 of 1 reproductions reproduced here. 1 cell in 1.2 s."
    )


@pytest.mark.parametrize(
    ("outcomes", "repaired"),
    [
        ("..", "all of them"),
        (".-", "all of them"),
        ("--", "0 of them"),
        (".L", "0 of them"),
        (".?", "0 of them"),
        ("??", "0 of them"),
    ],
)
def test_a_scenario_is_repaired_if_all_of_its_cells_pass(outcomes: str, repaired: str) -> None:
    # Another scenario, which did not fail, keeps the fix in the answer.
    results = [*row("shapes.box", "LL", *NONE[:2]), *row("shapes.pair", ".", NONE[0])]
    results += [*row("shapes.box", outcomes, *CLASS[:2]), *row("shapes.pair", ".", CLASS[0])]

    assert f"1 of 2 reproductions reproduced here; the class fix repairs {repaired}. 6 cells" in answer_to(*results)


def test_a_scenario_that_was_not_run_with_the_fix_counts_neither_way() -> None:
    results = [*row("shapes.box", "L", NONE[0]), *row("shapes.pair", "L", NONE[0]), *row("shapes.pair", ".", CLASS[0])]

    assert answer_to(*results) == (
        "2 of 2 reproductions reproduced here; the class fix repairs 1 of the 1 that was run with it. 3 cells in 1.2 s."
    )


def test_an_interrupted_run_counts_what_was_run() -> None:
    names = ("shapes.a", "shapes.b", "shapes.c", "shapes.d", "shapes.e")
    results = [result for name in names for result in row(name, "LL", *NONE[:2])]
    results += [result for name in names[:3] for result in row(name, "..", *CLASS[:2])]
    # Of the fourth one cell was run with the fix, of the fifth none.
    results += row("shapes.d", ".", CLASS[0])

    assert "5 of 5 reproductions reproduced here; the class fix repairs 3 of the 3 that were run with it." in answer_to(
        *results
    )


def test_a_second_hop_does_not_stand_in_for_a_cell_under_the_fix() -> None:
    results = [*row("shapes.box", "L", NONE[0]), *row("shapes.pair", ".", CLASS[0])]
    results += row("shapes.box", ".", "pickle/main/relay/class")

    assert "the class fix" not in answer_to(*results)


def test_the_answer_tells_what_each_fix_repairs() -> None:
    instance = tuple(cell.replace("none", "instance") for cell in NONE)
    results = [*row("shapes.box", "LD", *NONE[:2]), *row("shapes.pair", "LD", *NONE[:2])]
    results += [*row("shapes.box", "..", *instance[:2]), *row("shapes.pair", ".T", *instance[:2])]
    results += [*row("shapes.box", "..", *CLASS[:2]), *row("shapes.pair", "..", *CLASS[:2])]

    assert answer_to(*results) == (
        "2 of 2 reproductions reproduced here; the instance fix repairs 1 of them; "
        "the class fix repairs all of them. 12 cells in 1.2 s."
    )


def test_the_answer_counts_second_hops_by_themselves() -> None:
    results = [*row("shapes.box", "..", *NONE[:2]), *row("shapes.box", "T", "cloudpickle/main/relay/none")]

    assert answer_to(*results) == (
        "0 of 1 cell with a second hop (relay) pass; nothing is promised there. "
        "0 of 1 reproductions reproduced here. 3 cells in 1.2 s."
    )


def test_the_answer_admits_what_could_not_be_judged() -> None:
    assert answer_to(*row("shapes.box", "??", *NONE[:2])) == (
        "2 cells could not be judged, shapes.box/pickle/main/cold/none among them: reason 0. "
        "0 of 1 reproductions reproduced here. 2 cells in 1.2 s."
    )
