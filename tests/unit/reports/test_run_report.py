"""The report for people, whole."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

import pytest
from report_builders import make_report, make_result
from rich.console import Console

from picklecheck.model import ALL_SITES, FIXES, RECEIVERS, SITES, Outcome
from picklecheck.plan.cells import is_sensible
from picklecheck.reports.rows import row_of
from picklecheck.reports.terminal import run as grid
from picklecheck.reports.terminal.glyphs import RECEIVER_LETTERS, SITE_LETTERS, glyph, shortened, style
from picklecheck.reports.terminal.run import render
from picklecheck.reports.view import Look
from picklecheck.verdicts.causes import Cause

if TYPE_CHECKING:
    from picklecheck.model import Report, Result

SERIALIZERS = ("pickle", *(f"pickle:{protocol}" for protocol in range(6)), "cloudpickle", "dill")
OUTCOMES = {
    ".": Outcome.PASS,
    "D": Outcome.DUMP_ERROR,
    "L": Outcome.LOAD_ERROR,
    "T": Outcome.WRONG_TYPE,
    "V": Outcome.WRONG_VALUE,
    "-": Outcome.UNSUPPORTED,
    "?": Outcome.UNDECIDED,
}


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the pages of the causes, whose words are not the grid's."""

    def cause(code: str) -> Cause:
        why = "It was nowhere to be found, although everybody who was asked had looked for it."
        return Cause(code, "a title", f"The class of {code} was lost.", why, "Look again.", "")

    monkeypatch.setattr(grid, "cause", cause)


def row(scenario: str, outcomes: str, *cells: str, expected: bool | None = None) -> list[Result]:
    """Return the results of a scenario: one letter an outcome, one ``cells`` entry for what stands behind its id."""
    return [
        make_result(f"{scenario}/{cell}", OUTCOMES[letter], expected=expected, reason=f"reason {number}")
        for number, (letter, cell) in enumerate(zip(outcomes, cells, strict=True))
    ]


NONE = (
    "pickle/main/cold/none",
    "pickle/main/warm/none",
    "pickle/function/cold/none",
    "cloudpickle/main/cold/none",
    "cloudpickle/main/warm/none",
)
CLASS = tuple(cell.replace("none", "class") for cell in NONE)


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
    assert render(usual_report(), Look()).plain == USUAL


def test_the_usual_report_in_ascii() -> None:
    assert render(usual_report(), Look(ascii_only=True)).plain == USUAL.replace("✓", ".").replace("–", "-")  # noqa: RUF001


def test_verbose_lists_every_cell_that_failed() -> None:
    report = make_report([*row("shapes.box", "L.DTT", *NONE), *row("shapes.pair", "L.D--", *NONE)])

    assert (
        render(report, Look(verbosity=1)).plain
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
        render(usual_report(), Look(verbosity=verbosity)).plain
        == """\
python 3.11.7  pydantic 2.14.3  cloudpickle 3.1.2
2 of 2 reproductions reproduced here; the class fix repairs all of them. 30
cells in 1.2 s.
"""
    )


def test_an_interrupted_run_says_how_far_it_came() -> None:
    report = make_report(row("shapes.box", "L.", *NONE[:2]), planned=30, interrupted=True)

    assert (
        render(report, Look()).plain
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
        render(make_report([], planned=30, interrupted=True), Look()).plain
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
        render(report, Look()).plain
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


def answer_to(*results: Result) -> str:
    """Return the answer to a report of ``results``, its lines put together."""
    _, _, lines = render(make_report(results), Look(width=100, verbosity=-1)).plain.partition("\n")
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


MARKUP = "no Box[int], [bold]no[/bold] [/x] :smile: \\[x] [link=http://x]here[/link]"


def test_what_comes_from_users_is_printed_as_it_is() -> None:
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason=MARKUP)])
    text = render(report, Look(width=200))
    file = io.StringIO()
    Console(file=file, width=200, force_terminal=False).print(text, end="", soft_wrap=True)

    assert MARKUP in " ".join(text.plain.split())
    assert file.getvalue() == text.plain


def test_newlines_of_users_do_not_break_the_layout() -> None:
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason="first\n\nsecond\tthird")])

    (line,) = [line for line in render(report, Look()).plain.splitlines() if line.startswith("  e.g. ")]
    assert line.split() == ["e.g.", "shapes.box/pickle/main/cold/none:", "first", "second", "third"]


def test_a_name_that_is_too_long_is_cut() -> None:
    plain = render(make_report(row("shapes." + "x" * 40, "L", NONE[0])), Look()).plain

    assert "\n  " + "x" * 25 + ".. L\n" in plain


def test_a_name_that_just_fits_is_whole() -> None:
    plain = render(make_report(row("shapes." + "x" * 27, "L", NONE[0])), Look()).plain

    assert "\n  " + "x" * 27 + " L\n" in plain


def test_lines_of_words_end_at_100_columns_however_wide_the_terminal() -> None:
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason="word " * 100)])

    lines = render(report, Look(width=200)).plain.splitlines()

    assert 95 < max(map(len, lines)) <= 100


def test_no_more_than_six_scenarios_are_named() -> None:
    def listed(count: int) -> str:
        report = make_report([result for number in range(count) for result in row(f"a.s{number}", "L", NONE[0])])
        (line,) = [line for line in render(report, Look()).plain.splitlines() if line.startswith("  in ")]
        return line

    assert listed(6) == "  in   a.s0, a.s1, a.s2, a.s3, a.s4, a.s5"
    assert listed(7) == "  in   a.s0, a.s1, a.s2, a.s3, a.s4, a.s5 and 1 more (-v shows all)"


def every_cell(serializers: tuple[str, ...], fixes: tuple[str, ...]) -> list[str]:
    """Return what stands behind the scenario in the id of each cell over all sites and receivers."""
    return [
        f"{serializer}/{site}/{receiver}/{fix}"
        for fix, serializer, site, receiver in itertools.product(fixes, serializers, SITES, RECEIVERS)
        if is_sensible(site, receiver)
    ]


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

    lines = render(make_report(results), Look(verbosity=verbosity)).plain.splitlines()

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

    lines = render(make_report([make_result(f"shapes.box/{cell}") for cell in cells]), Look()).plain.splitlines()

    assert max(map(len, lines)) <= 80


def test_the_last_label_is_cut_to_the_width_of_the_page() -> None:
    def header(width: int) -> str:
        report = make_report([make_result(f"shapes.box/{one}/main/cold/instance") for one in ("dill", "cloudpickle")])
        lines = render(report, Look(width=width)).plain.splitlines()
        return "|".join(line[30:] for line in lines if line.startswith(("fix ", "serializer ")))

    assert header(44) == "instance|d  cloudpickle"
    assert header(43) == "instance|d  cloud"
    assert header(38) == "instance|d  cloud"
    assert header(37) == "instanc|d  c"


def test_protocols_in_narrow_columns_are_told_apart() -> None:
    report = make_report([make_result(f"shapes.box/{one}/main/cold/none") for one in SERIALIZERS[3:7]])

    assert "\nserializer                    p2 p3 p4 pickle:5\n" in render(report, Look()).plain


def test_a_heading_that_is_too_long_is_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "cause", lambda code: Cause(code, "many words " * 8 + "[x]", "What.", "Why.", "Do.", ""))
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR)])

    assert (
        """
PC201 load-error: many words many words many words many words many words many
       words many words many words [x] (1 cell: none 1)
  what What.
"""
        in render(report, Look()).plain
    )


def test_a_grid_on_several_pages_shows_each_cell_once() -> None:
    cells = every_cell(("pickle", "cloudpickle"), FIXES)
    report = make_report([make_result(f"shapes.box/{cell}") for cell in cells])

    plain = render(report, Look()).plain

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


def test_a_cell_that_was_not_run_is_blank() -> None:
    results = [*row("a.both", "LL", *NONE[:2]), *row("a.second", "L", NONE[1])]

    assert (
        "  both                        LL\n  second                       L\n"
        in render(make_report(results), Look()).plain
    )


def test_all_sites_and_receivers_of_one_serializer() -> None:
    cells = every_cell(("pickle:5",), ("none",))
    report = make_report([make_result(f"shapes.box/{cell}") for cell in cells])

    assert (
        render(report, Look(ascii_only=True)).plain
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


@pytest.mark.parametrize("ascii_only", [True, False])
def test_each_outcome_has_a_glyph_of_its_own(*, ascii_only: bool) -> None:
    glyphs = [glyph(outcome, ascii_only=ascii_only) for outcome in Outcome]

    assert len(set(glyphs)) == len(Outcome)
    assert {len(one) for one in glyphs} == {1}
    assert not ascii_only or "".join(glyphs).isascii()


def test_each_value_of_an_axis_has_a_letter_of_its_own() -> None:
    assert list(SITE_LETTERS) == list(ALL_SITES)
    assert list(RECEIVER_LETTERS) == list(RECEIVERS)
    assert len(set(SITE_LETTERS.values())) == len(ALL_SITES)
    assert len(set(RECEIVER_LETTERS.values())) == len(RECEIVERS)


def test_a_broken_promise_stands_out() -> None:
    failed = make_result(outcome=Outcome.LOAD_ERROR)
    broken = make_result(outcome=Outcome.LOAD_ERROR, expected=False)

    assert "red" in style(row_of(broken))
    assert len({style(row_of(failed)), style(row_of(broken)), style(row_of(make_result()))}) == 3
    spans = [str(span.style) for span in render(make_report([broken]), Look()).spans]
    assert style(row_of(broken)) in spans


@pytest.mark.parametrize(
    ("serializer", "width", "expected"),
    [
        ("cloudpickle", 11, "cloudpickle"),
        ("cloudpickle", 10, "cloud"),
        ("cloudpickle", 4, "c"),
        ("pickle", 6, "pickle"),
        ("pickle", 5, "pkl"),
        ("pickle", 2, "p"),
        ("pickle:5", 8, "pickle:5"),
        ("pickle:5", 7, "pkl:5"),
        ("pickle:5", 4, "p:5"),
        ("pickle:5", 3, "p:5"),
        ("pickle:5", 2, "p5"),
        ("pickle:5", 1, "p"),
        ("dill", 4, "dill"),
        ("dill", 3, "d"),
    ],
)
def test_a_serializer_is_shortened_and_keeps_its_protocol(serializer: str, width: int, expected: str) -> None:
    assert shortened(serializer, width) == expected
