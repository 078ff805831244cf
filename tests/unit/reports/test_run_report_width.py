"""How wide the report for people is, and what is cut, wrapped or put on a page of its own."""

from __future__ import annotations

import itertools

import pytest
from report_builders import make_report, make_result
from run_report_builders import NONE, every_cell, row

from picklecheck.model import FIXES, Outcome
from picklecheck.reports.terminal import run as grid
from picklecheck.reports.terminal.run import render
from picklecheck.reports.view import View
from picklecheck.verdicts.causes import Cause

SERIALIZERS = ("pickle", *(f"pickle:{protocol}" for protocol in range(6)), "cloudpickle", "dill")


def test_a_name_that_is_too_long_is_cut() -> None:
    plain = render(make_report(row("shapes." + "x" * 40, "L", NONE[0])), View()).plain

    assert "\n  " + "x" * 25 + ".. L\n" in plain


def test_a_name_that_just_fits_is_whole() -> None:
    plain = render(make_report(row("shapes." + "x" * 27, "L", NONE[0])), View()).plain

    assert "\n  " + "x" * 27 + " L\n" in plain


def test_lines_of_words_end_at_100_columns_however_wide_the_terminal() -> None:
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason="word " * 100)])

    lines = render(report, View(width=200)).plain.splitlines()

    assert 95 < max(map(len, lines)) <= 100


@pytest.mark.parametrize("verbosity", [-1, 0, 1])
@pytest.mark.parametrize(
    ("serializers", "fixes"),
    [(SERIALIZERS, FIXES), (("pickle", "cloudpickle"), FIXES), (("dill",), ("none",))],
)
def test_no_line_is_longer_than_80_for_all_values_of_all_axes(
    serializers: tuple[str, ...], fixes: tuple[str, ...], verbosity: int
) -> None:
    cells = every_cell(serializers, fixes)
    outcomes = itertools.cycle(Outcome)
    name = "a_family_with_a_name.a_scenario_with_a_name_that_goes_on_and_on"
    results = [make_result(f"{name}/{cell}", next(outcomes), reason="many words " * 20) for cell in cells]

    lines = render(make_report(results), View(verbosity=verbosity)).plain.splitlines()

    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("fixes", [("none",), FIXES])
@pytest.mark.parametrize(
    ("serializers", "receivers"),
    [
        (SERIALIZERS[3:7], ("cold",)),
        (SERIALIZERS[3:7], ("cold", "warm")),
        (SERIALIZERS[2:7], ("cold",)),
        (SERIALIZERS[:7], ("cold",)),
        ((*SERIALIZERS[3:7], "cloudpickle"), ("cold",)),
    ],
)
def test_no_header_is_longer_than_80(
    serializers: tuple[str, ...], receivers: tuple[str, ...], fixes: tuple[str, ...]
) -> None:
    cells = [f"{one}/main/{receiver}/{fix}" for fix in fixes for one in serializers for receiver in receivers]

    lines = render(make_report([make_result(f"shapes.box/{cell}") for cell in cells]), View()).plain.splitlines()

    assert max(map(len, lines)) <= 80


def test_the_last_label_is_cut_to_the_width_of_the_page() -> None:
    def header(width: int) -> str:
        report = make_report([make_result(f"shapes.box/{one}/main/cold/instance") for one in ("dill", "cloudpickle")])
        lines = render(report, View(width=width)).plain.splitlines()
        return "|".join(line[30:] for line in lines if line.startswith(("fix ", "serializer ")))

    assert header(44) == "instance|d  cloudpickle"
    assert header(43) == "instance|d  cloud"
    assert header(38) == "instance|d  cloud"
    assert header(37) == "instanc|d  c"


def test_protocols_in_narrow_columns_are_told_apart() -> None:
    report = make_report([make_result(f"shapes.box/{one}/main/cold/none") for one in SERIALIZERS[3:7]])

    assert "\nserializer                    p2 p3 p4 pickle:5\n" in render(report, View()).plain


def test_a_heading_that_is_too_long_is_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "cause", lambda code: Cause(code, "many words " * 8 + "[x]", "What.", "Why.", "Do.", ""))
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR)])

    assert (
        """
PC201 load-error: many words many words many words many words many words many
       words many words many words [x] (1 cell: none 1)
  what What.
"""
        in render(report, View()).plain
    )


def test_a_grid_on_several_pages_shows_each_cell_once() -> None:
    cells = every_cell(("pickle", "cloudpickle"), FIXES)
    report = make_report([make_result(f"shapes.box/{cell}") for cell in cells])

    plain = render(report, View()).plain

    rows = [line[30:] for line in plain.splitlines() if line.startswith("  box ")]
    assert len(rows) == 6
    assert sum(line.count("✓") for line in rows) == len(cells)
    assert [line.split()[1:] for line in plain.splitlines() if line.startswith("fix ")] == [
        ["none"],
        ["none"],
        ["instance"],
        ["instance"],
        ["class"],
        ["class"],
    ]
