"""The parts of a matrix's report in the cases that the usual report has not."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

import pytest
from matrix_builders import MARKS, make_environment, make_matrix, make_missing
from rich.console import Console

from picklecheck.matrix_report import Mark
from picklecheck.model import FIXES, RECEIVERS, SITES, Outcome
from picklecheck.plan.cells import is_sensible
from picklecheck.reports.environment_labels import row_labels
from picklecheck.reports.terminal.matrix import changes as matrix_neighbours
from picklecheck.reports.terminal.matrix import promises, registrations, table
from picklecheck.reports.terminal.matrix.summary import render
from picklecheck.reports.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

COLD = "shapes.box/pickle/main/cold/none"
WARM = "shapes.box/pickle/main/warm/none"
VERSIONS = [make_environment(f"2.{minor}.0") for minor in range(9, 12)]


def seen(
    outcome: Outcome, code: str | None, producer: tuple[str, ...] | None, receiver: tuple[str, ...] | None
) -> Mark:
    return Mark(outcome, code, None, producer, receiver)


def test_the_table_of_a_single_scenario() -> None:
    marks: dict[str, Sequence[str | Mark]] = {
        COLD: [
            seen(Outcome.LOAD_ERROR, "PC202", ("__main__",), ()),
            seen(Outcome.PASS, None, ("shapes",), ("shapes",)),
            seen(Outcome.DUMP_ERROR, "PC101", (), None),
        ],
        WARM: "..D",
        "shapes.box/cloudpickle/function/warm/none": "T  ",
        "shapes.box/pickle/main/cold/class": "///",
    }

    assert (
        registrations.render(make_matrix(VERSIONS, marks), View()).plain
        == """\
shapes.box: pickle, site main, fix none
         registered in                 outcome
version  producer       cold receiver  cold              warm
2.9.0    yes: __main__  no             load-error PC202  pass
2.10.0   yes: shapes    yes: shapes    pass              pass
2.11.0   no             -              dump-error PC101  dump-error PC101

shapes.box: cloudpickle, site function, fix none
         registered in            outcome
version  producer  cold receiver  warm
2.9.0    -         -              wrong-type PC301

-: no cold receiver was asked for, or no process came far enough to say so

"""
    )


def test_names_of_modules_give_way_to_outcomes() -> None:
    modules = ("__main__", "a_package.with_a_long_name")
    marks: dict[str, Sequence[str | Mark]] = {
        COLD: [seen(Outcome.LOAD_ERROR, "PC202", modules, modules)] * 3,
        WARM: "DDD",
    }

    plain = registrations.render(make_matrix(VERSIONS, marks), View()).plain

    assert "\n2.9.0    __main__, a_packag..  __main__, a..  load-error PC202  dump-error PC101\n" in plain


def test_a_single_scenario_with_all_receivers_fits() -> None:
    cells = [
        f"shapes.box/pickle/{site}/{receiver}/class"
        for site, receiver in itertools.product(SITES, RECEIVERS)
        if is_sensible(site, receiver)
    ]

    plain = registrations.render(make_matrix(VERSIONS, dict.fromkeys(cells, "LDT")), View()).plain

    assert max(map(len, plain.splitlines())) <= 80
    assert plain.count("wrong-type PC301") == len(cells)


def test_several_scenarios_have_no_such_table() -> None:
    report = make_matrix(VERSIONS, {COLD: "LLL", "shapes.pair/pickle/main/cold/none": "LLL"})

    assert registrations.render(report, View()).plain == ""


@pytest.mark.parametrize(
    ("marks", "last"),
    [
        ({COLD: "LLL"}, "No cell changes in any of the 2 steps."),
        ({COLD: "LLD"}, "No change in the other step."),
        ({COLD: "LLL", WARM: "L  "}, "No cell changes in any of the 2 steps."),
        ({COLD: "LL "}, "No cell changes."),
    ],
)
def test_steps_without_a_change_are_counted(marks: dict[str, str], last: str) -> None:
    assert matrix_neighbours.render(make_matrix(VERSIONS, marks), View()).plain.splitlines()[-2] == last


def test_what_changed_alike_is_told_once() -> None:
    marks = {}
    for fix, serializer, site, receiver in itertools.product(
        ("none", "class"), ("pickle", "dill"), SITES[:2], ("cold", "bare")
    ):
        for name in "abcd":
            marks[f"shapes.{name}/{serializer}/{site}/{receiver}/{fix}"] = "LD"
    marks["shapes.a/pickle/main/cold/none"] = ".L"
    report = make_matrix(VERSIONS[:2], marks)

    assert (
        matrix_neighbours.render(report, View()).plain
        == """\
What changes from one version to the next
2.9.0 -> 2.10.0: 64 cells change
  class pickle,dill/main,function/cold,bare: load-error PC201 -> dump-error
    PC101 in 4 scenarios (shapes.a, shapes.b, shapes.c, ...)
  none dill/main,function/cold,bare: load-error PC201 -> dump-error PC101 in 4
    scenarios (shapes.a, shapes.b, shapes.c, ...)
  none pickle/function/cold,bare: load-error PC201 -> dump-error PC101 in 4
    scenarios (shapes.a, shapes.b, shapes.c, ...)
  none pickle/main/bare: load-error PC201 -> dump-error PC101 in 4 scenarios
    (shapes.a, shapes.b, shapes.c, ...)
  none pickle/main/cold: load-error PC201 -> dump-error PC101 in 3 scenarios
    (shapes.b, shapes.c, shapes.d)
  none pickle/main/cold: pass -> load-error PC201 in shapes.a

"""
    )


@pytest.mark.parametrize(("verbosity", "shown"), [(0, 8), (1, 11)])
def test_no_more_than_eight_kinds_are_listed(verbosity: int, shown: int) -> None:
    marks = [Mark(Outcome.LOAD_ERROR, f"PC{number}", None) for number in range(201, 212)]
    rows = {f"shapes.s{number}/pickle/main/cold/none": [MARKS["."], mark] for number, mark in enumerate(marks)}

    plain = matrix_neighbours.render(make_matrix(VERSIONS[:2], rows), View(verbosity=verbosity)).plain

    assert sum(line.startswith("  none pickle/main/cold: ") for line in plain.splitlines()) == shown
    assert ("  ... and 3 more kinds (-v shows all)\n" in plain) == (shown == 8)


def test_verbose_names_every_scenario_that_changed() -> None:
    report = make_matrix(VERSIONS[:2], {f"shapes.{name}/pickle/main/cold/none": "L." for name in "abcde"})

    brief, verbose = (matrix_neighbours.render(report, View(verbosity=number)).plain for number in (0, 1))

    assert "(shapes.a, shapes.b, shapes.c, ...)" in " ".join(brief.split())
    assert "(shapes.a, shapes.b, shapes.c, shapes.d, shapes.e)" in " ".join(verbose.split())


def test_many_environments_with_a_broken_promise() -> None:
    versions = [make_environment(f"2.{minor}.0") for minor in range(8)]
    report = make_matrix(versions, {"shapes.box/pickle/main/cold/class": "!" * 8})

    brief, verbose = (promises.render(report, View(verbosity=number)).plain for number in (0, 1))

    assert "2.0.0 (1), 2.1.0 (1), 2.2.0 (1), 2.3.0 (1), 2.4.0 (1), 2.5.0 (1) and 2 more (-v shows all)" in " ".join(
        brief.split()
    )
    assert verbose.count("  - shapes.box/pickle/main/cold/class with 2.") == 8


def test_a_table_that_is_too_wide_is_split_by_fix_and_then_by_receiver() -> None:
    marks = {
        f"shapes.box/pickle/elsewhere/{receiver}/{fix}": "LLL" for fix, receiver in itertools.product(FIXES, RECEIVERS)
    }

    plain = table.render(make_matrix(VERSIONS, marks), View(width=60)).plain

    heads = [line for line in plain.splitlines() if line.startswith(("fix", "receiver"))]
    assert heads == [
        "fix       none",
        "receiver  cold  warm  warm-function  warm-same  warm-other",
        "fix       none",
        "receiver  warm-built  bare  bare-module  mp-main  relay",
        "fix       instance",
        "receiver  cold  warm  warm-function  warm-same  warm-other",
        "fix       instance",
        "receiver  warm-built  bare  bare-module  mp-main  relay",
        "fix       class",
        "receiver  cold  warm  warm-function  warm-same  warm-other",
        "fix       class",
        "receiver  warm-built  bare  bare-module  mp-main  relay",
    ]
    assert plain.count("0/1") == 3 * len(marks)


def test_what_a_version_cannot_express_is_a_dash() -> None:
    plain = table.render(make_matrix(VERSIONS, {COLD: "-L?", WARM: " L?"}), View()).plain

    assert (
        plain
        == """\
fix       none
receiver  cold    warm
2.9.0       –
2.10.0    0/1     0/1
2.11.0    0/0 ?1  0/0 ?1

passed/judged cells, over 1 scenario; serializer pickle; site main
?n: n cells more could not be judged (undecided), 2 altogether
left out: cells that the environment cannot express (unsupported); – all of them

"""  # noqa: RUF001 - the dash is meant
    )


def test_rows_are_called_by_what_varies() -> None:
    def labels(*environments: tuple[str, str, str | None]) -> list[str]:
        made = [make_environment(one, python=python, cloudpickle=cloud) for one, python, cloud in environments]
        return list(row_labels(made).values())

    assert labels(("2.1", "3.11.7", "3.1.2"), ("2.2", "3.11.7", "3.1.2")) == ["2.1", "2.2"]
    assert labels(("2.1", "3.11.7", None), ("2.1", "3.12.1", None)) == ["2.1 py3.11", "2.1 py3.12"]
    assert labels(("2.1", "3.11.7", None), ("2.1", "3.11.9", None)) == ["2.1 py3.11.7", "2.1 py3.11.9"]
    assert labels(("2.1", "3.11.7", "2.2.1"), ("2.1", "3.12.1", None)) == ["2.1 py3.11 cp2.2.1", "2.1 py3.12 cp-none"]


def test_rows_that_would_be_called_the_same_are_called_by_their_ids() -> None:
    first, second = make_environment("2.1"), make_environment("2.1", python="3.11.8")
    nameless = type(first)(**{**vars(second), "python": None})

    assert row_labels([first, nameless]) == {first.id: first.id, second.id: second.id}


MARKUP = "no Box[int], [bold]no[/bold] [/x] :smile: \\[x] [link=http://x]here[/link]"


@pytest.mark.parametrize("width", [80, 200])
def test_what_comes_from_users_is_printed_as_it_is(width: int) -> None:
    report = make_matrix([*VERSIONS, make_missing("2.12.0", MARKUP)], {COLD: "LLL"}, notes=(MARKUP,))
    text = render(report, View(width=width))
    file = io.StringIO()
    Console(file=file, width=200, force_terminal=False).print(text, end="", soft_wrap=True)

    assert " ".join(text.plain.split()).count(MARKUP) == 2
    assert file.getvalue() == text.plain


@pytest.mark.thorough
@pytest.mark.parametrize(("verbosity", "ascii_only"), [(0, False), (1, True)])
@pytest.mark.parametrize(("scenarios", "receivers"), [(66, RECEIVERS[:2]), (6, RECEIVERS)])
def test_no_line_is_longer_than_80(
    scenarios: int, receivers: tuple[str, ...], verbosity: int, *, ascii_only: bool
) -> None:
    environments = [make_environment(f"2.{number // 6}.{number % 6}") for number in range(72)]
    environments[5] = make_missing("2.0.5", "a reason " * 30)
    letters = itertools.cycle("LLLL.......-DDDDD???TTTT!!")
    marks = {
        f"family.scenario_{number}/cloudpickle/main/{receiver}/{fix}": [next(letters) for _ in range(71)]
        for number, receiver, fix in itertools.product(range(scenarios), receivers, FIXES)
        if is_sensible("main", receiver)
    }
    view = View(verbosity=verbosity, ascii_only=ascii_only)

    plain = render(make_matrix(environments, marks), view, detail=True).plain

    assert max(map(len, plain.splitlines())) <= 80
    assert plain.isascii() or not ascii_only


def test_ids_as_labels_leave_room_for_the_numbers() -> None:
    pythons = ["3.11.7", "3.12.1"]
    environments = [
        make_environment("2.14.3", python=one, cloudpickle="3.1.2.dev1+a.long.local.version") for one in pythons
    ]
    environments.append(make_environment("2.14.3", cloudpickle="2.2.1.dev1+a.long.local.version"))

    plain = render(make_matrix(environments, {COLD: "LDT"}), View(), detail=True).plain

    assert max(map(len, plain.splitlines())) <= 80
