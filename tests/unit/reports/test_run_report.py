"""The report for people, whole."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from report_builders import make_report, make_result
from rich.console import Console
from run_report_builders import CLASS, NONE, every_cell, row

from picklecheck.model import Outcome
from picklecheck.reports.terminal import run as grid
from picklecheck.reports.terminal.run import render
from picklecheck.reports.view import View
from picklecheck.verdicts.causes import Cause

if TYPE_CHECKING:
    from picklecheck.model import Report

SERIALIZERS = ("pickle", *(f"pickle:{protocol}" for protocol in range(6)), "cloudpickle", "dill")


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the pages of the causes, whose words are not the grid's."""

    def cause(code: str) -> Cause:
        why = "It was nowhere to be found, although everybody who was asked had looked for it."
        return Cause(code, "a title", f"The class of {code} was lost.", why, "Look again.", "")

    monkeypatch.setattr(grid, "cause", cause)


def usual_report() -> Report:
    """Return a report of three scenarios in two families, without a fix and with one that keeps its promise."""
    return make_report(
        [
            *row("shapes.box", "L.DTT", *NONE),
            *row("shapes.box", ".....", *CLASS, expected=True),
            *row("shapes.pair", "L.D--", *NONE),
            *row("shapes.pair", ".....", *CLASS, expected=True),
            *row("controls.plain", ".....", *NONE),
            *row("controls.plain", ".....", *CLASS, expected=True),
        ],
    )


USUAL = """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2

fix                           none       class
serializer                    pkl   c    pkl   cloudpickle
site                          m  f  m    m  f  m
receiver                      cw c  cw   cw c  cw
shapes
  box                         L✓ D  TT   ✓✓ ✓  ✓✓
  pair                        L✓ D  ––   ✓✓ ✓  ✓✓
controls
  plain                       ✓✓ ✓  ✓✓   ✓✓ ✓  ✓✓

✓ pass  D dump-error  L load-error  T wrong-type  – unsupported
site: m main, f function
receiver: c cold, w warm

PC101 dump-error: a title (2 cells: none 2)
  what The class of PC101 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  e.g. shapes.box/pickle/function/cold/none: reason 2
  in   shapes.box, shapes.pair

PC201 load-error: a title (2 cells: none 2)
  what The class of PC201 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  e.g. shapes.box/pickle/main/cold/none: reason 0
  in   shapes.box, shapes.pair

PC301 wrong-type: a title (2 cells: none 2)
  what The class of PC301 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  e.g. shapes.box/cloudpickle/main/cold/none: reason 3
  in   shapes.box

PC801 unsupported: a title (2 cells: none 2)
  what The class of PC801 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  e.g. shapes.pair/cloudpickle/main/cold/none: reason 3
  in   shapes.pair

2 of 2 reproductions reproduced here; the class fix repairs all of them. 30
cells in 1.2 s.
"""  # noqa: RUF001 - the dash is meant


def test_the_usual_report() -> None:
    assert render(usual_report(), View()).plain == USUAL


def test_the_usual_report_in_ascii() -> None:
    assert render(usual_report(), View(ascii_only=True)).plain == USUAL.replace("✓", ".").replace("–", "-")  # noqa: RUF001


def test_verbose_lists_every_cell_that_failed() -> None:
    report = make_report([*row("shapes.box", "L.DTT", *NONE), *row("shapes.pair", "L.D--", *NONE)])

    assert (
        render(report, View(verbosity=1)).plain
        == """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2

fix                           none
serializer                    pkl   cloudpickle
site                          m  f  m
receiver                      cw c  cw
shapes
  box                         L✓ D  TT
  pair                        L✓ D  ––

✓ pass  D dump-error  L load-error  T wrong-type  – unsupported
site: m main, f function
receiver: c cold, w warm

PC101 dump-error: a title (2 cells: none 2)
  what The class of PC101 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  - shapes.box/pickle/function/cold/none: reason 2
  - shapes.pair/pickle/function/cold/none: reason 2

PC201 load-error: a title (2 cells: none 2)
  what The class of PC201 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  - shapes.box/pickle/main/cold/none: reason 0
  - shapes.pair/pickle/main/cold/none: reason 0

PC301 wrong-type: a title (2 cells: none 2)
  what The class of PC301 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  - shapes.box/cloudpickle/main/cold/none: reason 3
  - shapes.box/cloudpickle/main/warm/none: reason 4

PC801 unsupported: a title (2 cells: none 2)
  what The class of PC801 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  - shapes.pair/cloudpickle/main/cold/none: reason 3
  - shapes.pair/cloudpickle/main/warm/none: reason 4

2 of 2 reproductions reproduced here. 10 cells in 1.2 s.
"""  # noqa: RUF001 - see above
    )


@pytest.mark.parametrize("verbosity", [-1, -2])
def test_quiet_prints_the_versions_and_the_answer_alone(verbosity: int) -> None:
    assert (
        render(usual_report(), View(verbosity=verbosity)).plain
        == """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2
2 of 2 reproductions reproduced here; the class fix repairs all of them. 30
cells in 1.2 s.
"""
    )


def test_an_interrupted_run_says_how_far_it_came() -> None:
    report = make_report(row("shapes.box", "L.", *NONE[:2]), planned=30, interrupted=True)

    assert (
        render(report, View()).plain
        == """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2

fix                           none
serializer                    pickle
site                          m
receiver                      cw
shapes
  box                         L✓

✓ pass  L load-error
site: m main
receiver: c cold, w warm

PC201 load-error: a title (1 cell: none 1)
  what The class of PC201 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  e.g. shapes.box/pickle/main/cold/none: reason 0
  in   shapes.box

Interrupted: 2 of 30 cells were checked.
1 of 1 reproductions reproduced here. 2 cells in 1.2 s.
"""
    )


def test_a_run_that_was_interrupted_before_the_first_cell() -> None:
    assert (
        render(make_report([], planned=30, interrupted=True), View()).plain
        == """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2

Interrupted: 0 of 30 cells were checked.
0 of 0 cells pass; 0 cells in 1.2 s.
"""
    )


def test_a_broken_promise_is_the_example_and_stands_in_the_answer() -> None:
    report = make_report(
        [
            *row("shapes.box", "LL", *NONE[:2]),
            *row("shapes.box", ".", CLASS[0], expected=True),
            *row("shapes.box", "L", CLASS[1], expected=False),
        ],
    )

    assert (
        render(report, View()).plain
        == """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2

fix                           none class
serializer                    pkl  pickle
site                          m    m
receiver                      cw   cw
shapes
  box                         LL   ✓L

✓ pass  L load-error
site: m main
receiver: c cold, w warm

PC201 load-error: a title (3 cells: none 2, class 1)
  what The class of PC201 was lost.
  why  It was nowhere to be found, although everybody who was asked had looked
       for it.
  do   Look again.
  e.g. shapes.box/pickle/main/warm/class: reason 0
  in   shapes.box

1 cell broke what the fix promises, shapes.box/pickle/main/warm/class among
them.
1 of 1 reproductions reproduced here; the class fix repairs 0 of them. 4 cells
in 1.2 s.
"""
    )


MARKUP = "no Box[int], [bold]no[/bold] [/x] :smile: \\[x] [link=http://x]here[/link]"


def test_what_comes_from_users_is_printed_as_it_is() -> None:
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason=MARKUP)])
    text = render(report, View(width=200))
    file = io.StringIO()
    Console(file=file, width=200, force_terminal=False).print(text, end="", soft_wrap=True)

    assert MARKUP in " ".join(text.plain.split())
    assert file.getvalue() == text.plain


def test_newlines_of_users_do_not_break_the_layout() -> None:
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason="first\n\nsecond\tthird")])

    (line,) = [line for line in render(report, View()).plain.splitlines() if line.startswith("  e.g. ")]
    assert line.split() == ["e.g.", "shapes.box/pickle/main/cold/none:", "first", "second", "third"]


def test_no_more_than_six_scenarios_are_named() -> None:
    def listed(count: int) -> str:
        report = make_report([result for number in range(count) for result in row(f"a.s{number}", "L", NONE[0])])
        (line,) = [line for line in render(report, View()).plain.splitlines() if line.startswith("  in ")]
        return line

    assert listed(6) == "  in   a.s0, a.s1, a.s2, a.s3, a.s4, a.s5"
    assert listed(7) == "  in   a.s0, a.s1, a.s2, a.s3, a.s4, a.s5 and 1 more (-v shows all)"


def test_a_cell_that_was_not_run_is_blank() -> None:
    results = [*row("a.both", "LL", *NONE[:2]), *row("a.second", "L", NONE[1])]

    assert (
        "  both                        LL\n  second                       L\n"
        in render(make_report(results), View()).plain
    )


def test_all_sites_and_receivers_of_one_serializer() -> None:
    cells = every_cell(("pickle:5",), ("none",))
    report = make_report([make_result(f"shapes.box/{cell}") for cell in cells])

    assert (
        render(report, View(ascii_only=True)).plain
        == """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2

fix                           none
serializer                    pickle:5
site                          m       f       e        a        o
receiver                      cwfobmr cwfobmr cwfsobmr cwfsobmr cwfsobmr
shapes
  box                         ....... ....... ........ ........ ........

. pass
site: m main, f function, e elsewhere, a annotation, o origin
receiver: c cold, w warm, f warm-function, s warm-same, o warm-other, b bare, m
bare-module, r relay

5 of 5 cells with a second hop (relay) pass; nothing is promised there.
0 of 1 reproductions reproduced here. 38 cells in 1.2 s.
"""
    )
