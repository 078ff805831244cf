"""The lines that answer a matrix."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matrix_builders import make_environment, make_matrix, make_missing

from picklecheck.reports.answers.matrix import answer

OLD, MIDDLE, NEW = make_environment("2.9.0"), make_environment("2.10.0"), make_environment("2.11.0")


def cell(name: str, fix: str, receiver: str = "cold") -> str:
    return f"{name}/pickle/main/{receiver}/{fix}"


def verdict(*rows: str, fix: str = "class") -> str:
    """Return the answer to scenarios; a row is what each version showed without a fix, a blank, and with it."""
    marks = {}
    for number, row in enumerate(rows):
        without, _, fixed = row.partition(" ")
        marks[cell(f"shapes.s{number}", "none")] = without
        if fixed:
            marks[cell(f"shapes.s{number}", fix)] = fixed.replace("_", " ")
    versions = [OLD, MIDDLE, NEW][: len(rows[0].partition(" ")[0])]
    return answer(make_matrix(versions, marks))[-1].partition("checked. ")[2].partition(". ")[0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["L", "."], "1 of 2 reproductions reproduce"),
        (["LLL", "..."], "1 of 2 reproductions reproduce everywhere"),
        (["LLL", ".LL", "..L"], "1 (2.9.0) to 3 (2.11.0) of 3 reproductions reproduce"),
        (["LLL", "-.."], "1 of 1 to 2 reproductions reproduce"),
        (["LLL", "-.L"], "1 of 1 (2.9.0) to 2 of 2 (2.11.0) reproductions reproduce"),
        (["L??", "..."], "0 (2.10.0) to 1 (2.9.0) of 2 reproductions reproduce"),
    ],
)
def test_what_reproduces(rows: list[str], expected: str) -> None:
    assert verdict(*rows) == f"Without a fix {expected}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["LLL ///"], "all of them everywhere"),
        (["L /"], "all of them"),
        (["L !"], "none of them"),
        (["LLL !!!", "LLL ///"], "all but 1 of them everywhere"),
        (["L !", "L /"], "all but 1 of them"),
        (["LLL //!", "LLL ///"], "all of them in 2 of 3 environments and all but 1 in the others"),
        (
            ["LLL /!!", "LLL //!"],
            "all of them in 1 of 3 environments and all but 1 to 2 (2.11.0) in the others",
        ),
        (["LLL !!!", "LLL !//", "LLL ///"], "all but 1 (2.10.0) to 2 (2.9.0) of them"),
        (["LLL //?", "LLL ///"], "all of them everywhere (1 not judged)"),
        (["LLL //_", "LLL ///"], "all of them everywhere (1 not judged)"),
    ],
)
def test_what_the_fix_repairs(rows: list[str], expected: str) -> None:
    assert verdict(*rows).partition("; ")[2] == f"the class fix repairs {expected}"
    assert verdict(*rows, fix="instance").partition("; ")[2] == f"the instance fix repairs {expected}"


def test_controls_second_hops_and_what_is_unsupported_are_no_reproductions() -> None:
    report = make_matrix(
        [OLD, NEW],
        {
            cell("controls.plain", "none"): ".L",
            cell("shapes.box", "none"): "L-",
            cell("shapes.box", "none", "relay"): "L.",
            cell("shapes.pair", "none"): "..",
            cell("shapes.pair", "class", "relay"): "T-",
        },
    )

    assert answer(report) == [
        "1 cell of the controls failed, which nothing should affect: controls.plain/pickle/main/cold/none with 2.11.0.",
        "1 of 3 cells with a second hop (relay) pass; nothing is promised there.",
        (
            "2 of 2 environments checked. Without a fix 0 of 1 (2.11.0) to 1 of 2 (2.9.0) reproductions reproduce. "
            "10 cells in 1.2 s."
        ),
    ]


def test_everything_that_has_to_be_said_first() -> None:
    report = make_matrix(
        [OLD, make_missing("2.9.1", "no"), make_missing("2.9.2", "no"), NEW],
        {cell("shapes.box", "none"): "??", cell("shapes.box", "class"): "!!"},
        interrupted=True,
        planned=47520,
    )

    assert answer(report) == [
        "Interrupted: 4 of 47,520 cells were checked.",
        "2 environments could not be had, 2.9.1 among them.",
        "2 cells could not be judged, shapes.box/pickle/main/cold/none with 2.9.0 among them.",
        "2 cells broke what the fix promises, shapes.box/pickle/main/cold/class with 2.9.0 among them.",
        "2 of 4 environments checked. Without a fix 0 of 1 reproductions reproduce everywhere. 4 cells in 1.2 s.",
    ]


def test_without_the_reproductions_the_promises_are_counted() -> None:
    report = make_matrix([OLD, NEW], {cell("shapes.box", "class"): "/!"})

    assert answer(report)[-1] == "2 of 2 environments checked. 1 of 2 promised cells pass; 2 cells in 1.2 s."


def test_what_was_reused_is_told() -> None:
    report = replace(make_matrix([OLD], {cell("shapes.box", "none"): "L"}), reused=12000, duration_s=421.26)

    assert answer(report)[-1].endswith(" 1 cell in 421.3 s (12,000 taken from an earlier run).")


def test_what_was_not_wholly_run_with_the_fix_is_not_repaired_by_it() -> None:
    marks = {cell(name, "none", receiver): "L" for name in ("shapes.a", "shapes.b") for receiver in ("cold", "warm")}
    marks |= {cell("shapes.a", "class", receiver): "." for receiver in ("cold", "warm")}
    marks[cell("shapes.b", "class")] = "."

    assert "the class fix repairs all of them (1 not judged)" in answer(make_matrix([OLD], marks))[-1]
