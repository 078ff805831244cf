"""The grids of every cell, whole."""

from __future__ import annotations

import itertools

import pytest
from matrix_builders import make_environment, make_matrix, make_missing

from picklecheck.model import FIXES, RECEIVERS, SITES
from picklecheck.plan.cells import is_sensible
from picklecheck.reports.terminal.matrix.every_cell import render
from picklecheck.reports.terminal.matrix.summary import render as render_summary
from picklecheck.reports.view import View

VERSIONS = [make_environment(f"2.{minor}.0") for minor in range(12)]

USUAL = """\
✓ pass  D dump-error  L load-error  T wrong-type  – unsupported
each entry, from left to right: main cold, warm; function cold

fix none, serializer pickle
         2.0.0  2.1.0
shapes
  box    L✓D    D
  pair   –DD    DDD
controls
  plain  ✓      ✓

fix none, serializer pickle:2
       2.0.0  2.1.0
shapes
  box   T      T

fix class, serializer pickle
       2.0.0  2.1.0
shapes
  box  ✓      T

"""  # noqa: RUF001 - the dash is meant


def usual_marks() -> dict[str, str]:
    return {
        "shapes.box/pickle/main/cold/none": "LD",
        "shapes.box/pickle/main/warm/none": ". ",
        "shapes.box/pickle/function/cold/none": "D ",
        "shapes.box/pickle/main/cold/class": "/!",
        "shapes.box/pickle:2/main/warm/none": "TT",
        "shapes.pair/pickle/main/cold/none": "-D",
        "shapes.pair/pickle/main/warm/none": "DD",
        "shapes.pair/pickle/function/cold/none": "DD",
        "controls.plain/pickle/main/cold/none": "..",
    }


def test_the_usual_detail() -> None:
    report = make_matrix([*VERSIONS[:1], make_missing("2.0.9", "no"), *VERSIONS[1:2]], usual_marks())

    assert render(report, View()).plain == USUAL
    assert render(report, View(ascii_only=True)).plain == USUAL.replace("✓", ".").replace("–", "-")  # noqa: RUF001


def test_a_broken_promise_stands_out() -> None:
    text = render(make_matrix(VERSIONS[:2], usual_marks()), View())

    assert "bold white on red" in [str(span.style) for span in text.spans]


def test_it_stands_behind_the_table_of_the_summary() -> None:
    report = make_matrix(VERSIONS[:2], usual_marks())

    whole = render_summary(report, View(), detail=True).plain

    assert whole.replace(render(report, View()).plain, "") == render_summary(report, View()).plain


def test_versions_that_do_not_fit_on_a_page_go_on_the_next() -> None:
    marks = {
        f"shapes.{name * 6}/pickle/main/cold/none": "L" * 11 + ("." if name == "four" else "L")
        for name in ("one", "two", "three", "four")
    }

    assert (
        render(make_matrix(VERSIONS, marks), View(width=60)).plain
        == """\
✓ pass  L load-error
each entry, from left to right: main cold

fix none, serializer pickle
                                2.0.0   2.1.0   2.2.0
shapes
  oneoneoneoneoneone            L       L       L
  twotwotwotwotwotwo            L       L       L
  threethreethreethreethreet..  L       L       L
  fourfourfourfourfourfour      L       L       L

                                2.3.0   2.4.0   2.5.0
shapes
  oneoneoneoneoneone            L       L       L
  twotwotwotwotwotwo            L       L       L
  threethreethreethreethreet..  L       L       L
  fourfourfourfourfourfour      L       L       L

                                2.6.0   2.7.0   2.8.0
shapes
  oneoneoneoneoneone            L       L       L
  twotwotwotwotwotwo            L       L       L
  threethreethreethreethreet..  L       L       L
  fourfourfourfourfourfour      L       L       L

                                2.9.0   2.10.0  2.11.0
shapes
  oneoneoneoneoneone            L       L       L
  twotwotwotwotwotwo            L       L       L
  threethreethreethreethreet..  L       L       L
  fourfourfourfourfourfour      L       L       ✓

"""
    )


def test_few_scenarios_and_many_versions_change_places() -> None:
    marks = {
        "shapes.box/pickle/main/cold/none": "LLLLLL      ",
        "shapes.box/pickle/main/warm/none": "......DDDDDD",
        "shapes.pair/pickle/main/warm/none": "-" * 12,
    }

    assert (
        render(make_matrix(VERSIONS, marks), View()).plain
        == """\
✓ pass  D dump-error  L load-error  – unsupported
each entry, from left to right: main cold, warm

fix none, serializer pickle
        shapes.box  shapes.pair
2.0.0   L✓           –
2.1.0   L✓           –
2.2.0   L✓           –
2.3.0   L✓           –
2.4.0   L✓           –
2.5.0   L✓           –
2.6.0    D           –
2.7.0    D           –
2.8.0    D           –
2.9.0    D           –
2.10.0   D           –
2.11.0   D           –

"""  # noqa: RUF001 - the dash is meant
    )


def test_in_a_long_entry_the_sites_stand_apart() -> None:
    places = [
        (site, receiver) for site, receiver in itertools.product(SITES[:2], RECEIVERS) if is_sensible(site, receiver)
    ]
    marks = {f"shapes.box/pickle/{site}/{receiver}/none": "L" for site, receiver in places}

    assert "\n  box  LLLLLLL LLLLLLL\n" in render(make_matrix(VERSIONS[:1], marks), View()).plain


def test_nothing_was_checked() -> None:
    report = make_matrix([make_missing("2.0.0", "no")], {"shapes.box/pickle/main/cold/none": ""})

    assert render(report, View()).plain == ("no cell was checked\neach entry, from left to right: main cold\n\n")


@pytest.mark.thorough
@pytest.mark.parametrize("count", [1, 3, 66])
@pytest.mark.parametrize("receivers", [RECEIVERS[:2], RECEIVERS])
def test_no_line_is_longer_than_80(count: int, receivers: tuple[str, ...]) -> None:
    environments = [make_environment(f"2.{number // 6}.{number % 6}") for number in range(72)]
    marks = {
        f"a_family.a_scenario_{number}_{'x' * number}/pickle/{site}/{receiver}/{fix}": "L" * 72
        for number, site, receiver, fix in itertools.product(range(count), SITES[:2], receivers, FIXES[:2])
        if is_sensible(site, receiver)
    }

    plain = render(make_matrix(environments, marks), View()).plain

    assert max(map(len, plain.splitlines())) <= 80
    assert sum(line.count("L") for line in plain.splitlines()[3:]) == len(marks) * 72
