"""Axes and selection -> cells."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from report_builders import CLOUDPICKLE, PICKLE, make_cell, make_scenario

from picklecheck.cli.options import AxisOptions
from picklecheck.errors import UsageError
from picklecheck.model import FIXES, RECEIVERS, SITES, Serializer, scenario_of
from picklecheck.plan.cells import Axes, is_sensible, make_plan, parse_cell, parse_serializer
from picklecheck.plan.targets import targets_in
from picklecheck.verdicts.promises import is_promised

SCENARIOS = tuple(map(make_scenario, ("shapes.box", "shapes.pair", "values.in_list")))
ONE_EACH = Axes((PICKLE,), ("main",), ("cold",), ("none",), ("none",), ("cold",), ("cold",))


def ids(*selection: str, axes: Axes = ONE_EACH) -> list[str]:
    """Return the ids of the planned cells."""
    return [cell.id for cell in make_plan(SCENARIOS, selection, axes)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pickle", Serializer("pickle")),
        *((f"pickle:{protocol}", Serializer("pickle", protocol)) for protocol in range(6)),
        ("cloudpickle", Serializer("cloudpickle")),
        ("dill", Serializer("dill")),
    ],
)
def test_a_serializer_reads_back_as_it_is_written(text: str, expected: Serializer) -> None:
    assert parse_serializer(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pickle:",
        "pickle:6",
        "pickle:-1",
        "pickle:x",
        "pickle:5:5",
        "pickle:05",
        "pickle:00",
        "pickle:12",
        "pickle: 5",
        "pickle:+5",
        "pickle:\N{ARABIC-INDIC DIGIT FIVE}",
        "pickle:\N{SUPERSCRIPT TWO}",
        "cloudpickle:",
        "dill:4",
        "Pickle",
        "json",
    ],
)
def test_what_is_no_serializer_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_serializer(text)

    assert repr(text) in caught.value.message
    assert "pickle:0 to pickle:5" in caught.value.hint


def test_nothing_that_a_producer_evaluated_in_its_own_program_can_be_imported_by_a_receiver() -> None:
    senseless = {pair for pair in itertools.product(SITES, RECEIVERS) if not is_sensible(*pair)}

    of_targets = {(site, receiver) for site in SITES for receiver in ("warm-built", "mp-main")}
    assert senseless == {("main", "warm-same"), ("function", "warm-same")} | of_targets


def test_without_axes_a_run_crosses_two_serializers_two_sites_two_receivers_and_all_fixes() -> None:
    assert Axes() == Axes(
        serializers=(PICKLE, CLOUDPICKLE),
        sites=("main", "function"),
        receivers=("cold", "warm"),
        fixes=("none", "instance", "class"),
    )
    assert len(make_plan(SCENARIOS[:1], (), Axes())) == 2 * 2 * 2 * 3


def test_the_receiver_changes_fastest_and_the_fix_slowest() -> None:
    axes = Axes((PICKLE, CLOUDPICKLE), ("main", "function"), ("cold", "warm"), ("none", "class"))

    assert ids("shapes.box", axes=axes) == [
        "shapes.box/pickle/main/cold/none",
        "shapes.box/pickle/main/warm/none",
        "shapes.box/pickle/function/cold/none",
        "shapes.box/pickle/function/warm/none",
        "shapes.box/cloudpickle/main/cold/none",
        "shapes.box/cloudpickle/main/warm/none",
        "shapes.box/cloudpickle/function/cold/none",
        "shapes.box/cloudpickle/function/warm/none",
        "shapes.box/pickle/main/cold/class",
        "shapes.box/pickle/main/warm/class",
        "shapes.box/pickle/function/cold/class",
        "shapes.box/pickle/function/warm/class",
        "shapes.box/cloudpickle/main/cold/class",
        "shapes.box/cloudpickle/main/warm/class",
        "shapes.box/cloudpickle/function/cold/class",
        "shapes.box/cloudpickle/function/warm/class",
    ]


def test_a_pair_that_makes_no_sense_is_left_out() -> None:
    axes = Axes((PICKLE,), ("function", "elsewhere"), ("cold", "warm-same"), ("none",))

    assert ids("shapes.box", axes=axes) == [
        "shapes.box/pickle/function/cold/none",
        "shapes.box/pickle/elsewhere/cold/none",
        "shapes.box/pickle/elsewhere/warm-same/none",
    ]


@pytest.mark.parametrize(
    ("selection", "scenarios"),
    [
        ((), ["shapes.box", "shapes.pair", "values.in_list"]),
        (("*",), ["shapes.box", "shapes.pair", "values.in_list"]),
        (("shapes.*",), ["shapes.box", "shapes.pair"]),
        (("*.in_*",), ["values.in_list"]),
        (("shapes.pair",), ["shapes.pair"]),
        (("values.in_list", "shapes.box"), ["shapes.box", "values.in_list"]),
        (("shapes.box", "shapes.b*", "shapes.box"), ["shapes.box"]),
    ],
)
def test_a_selection_gives_each_scenario_once_in_the_order_of_the_catalogue(
    selection: tuple[str, ...], scenarios: list[str]
) -> None:
    assert ids(*selection) == [f"{scenario}/pickle/main/cold/none" for scenario in scenarios]


def test_a_cell_brings_its_own_axes_along() -> None:
    assert ids("shapes.pair/pickle:2/origin/warm-same/class", "shapes.box") == [
        "shapes.box/pickle/main/cold/none",
        "shapes.pair/pickle:2/origin/warm-same/class",
    ]


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("*", ["shapes.box", "shapes.pair", "values.in_list"]),
        ("shapes.*", ["shapes.box", "shapes.pair"]),
        ("*.[ip]*", ["shapes.pair", "values.in_list"]),
        ("values.in?list", ["values.in_list"]),
    ],
)
def test_a_glob_may_stand_for_the_scenario_of_a_cell(scenario: str, expected: list[str]) -> None:
    axes = "pickle:2/origin/warm-same/class"

    assert ids(f"{scenario}/{axes}") == [f"{one}/{axes}" for one in expected]


def test_a_cell_that_several_globs_bring_is_planned_once() -> None:
    axes = "dill/main/cold/none"

    assert ids(f"shapes.*/{axes}", f"*.box/{axes}", f"shapes.pair/{axes}") == [
        f"shapes.box/{axes}",
        f"shapes.pair/{axes}",
    ]


def test_a_cell_that_its_scenario_brings_already_is_planned_once() -> None:
    assert ids("shapes.box/pickle/main/cold/none", "shapes.box") == ["shapes.box/pickle/main/cold/none"]


def test_every_id_of_a_cell_is_accepted_back() -> None:
    serializers = (PICKLE, *(Serializer("pickle", protocol) for protocol in range(6)), CLOUDPICKLE, Serializer("dill"))
    cells = make_plan(SCENARIOS[:1], (), Axes(serializers, SITES, RECEIVERS, FIXES))

    assert len(cells) == 9 * (5 * 8 - 2) * 3
    assert len({cell.id for cell in cells}) == len(cells)
    assert make_plan(SCENARIOS, [cell.id for cell in cells], ONE_EACH) == cells
    assert make_cell(cells[-1].id) == cells[-1]


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("shapes.bx", "No scenario is called 'shapes.bx'.", "Did you mean 'shapes.box'?"),
        ("zzz.*", "No scenario is called 'zzz.*'.", "'picklecheck list' shows them all"),
        ("SHAPES.BOX", "No scenario is called 'SHAPES.BOX'.", "'picklecheck list' shows them all"),
        ("shapes.bx/pickle/main/cold/none", "No scenario is called 'shapes.bx'.", "Did you mean 'shapes.box'?"),
        ("zzz.*/pickle/main/cold/none", "No scenario is called 'zzz.*'.", "'picklecheck list' shows them all"),
        ("shapes.box/*/main/cold/none", "'*' is no serializer.", "Use pickle"),
        ("shapes.box/pickle/*/cold/none", "'*' is none of main, function,", "A cell reads"),
        ("shapes.*/pickle/main/warm-same/none", "(site 'main') cannot be imported", "Use another receiver state."),
        ("shapes.box/pickle", "'shapes.box/pickle' is no cell.", "SCENARIO/SERIALIZER/SITE/RECEIVER/FIX"),
        ("shapes.box/pickle/main/cold/none/", "is no cell.", "SCENARIO/SERIALIZER/SITE/RECEIVER/FIX"),
        ("shapes.box/pickle/nowhere/cold/none", "'nowhere' is none of main, function,", "A cell reads"),
        ("shapes.box/pickle/main/hot/none", "'hot' is none of cold, warm,", "A cell reads"),
        ("shapes.box/pickle/main/cold/both", "'both' is none of none, instance, class", "A cell reads"),
        ("shapes.box/json/main/cold/none", "'json' is no serializer.", "Use pickle"),
        ("shapes.box/pickle/main/warm-same/none", "(site 'main') cannot be imported", "Use another receiver state."),
    ],
)
def test_a_word_that_selects_nothing_is_refused_with_a_next_step(word: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        ids("shapes.box", word)

    assert message in caught.value.message
    assert hint in caught.value.hint


TARGET, SCRIPT = "myapp.jobs:order", "tools/v1.py:x/app.py:Shop.order"
WITH_TARGET = (*SCENARIOS, *targets_in([TARGET, SCRIPT]))


def target_ids(*selection: str, axes: Axes = ONE_EACH) -> list[str]:
    """Return the ids of the planned cells where there is a target too."""
    return [cell.id for cell in make_plan(WITH_TARGET, selection, axes)]


def test_a_target_is_checked_at_its_own_site_and_without_a_fix() -> None:
    assert target_ids(TARGET, axes=Axes()) == [
        f"{TARGET}/{serializer}/own/{receiver}/none"
        for serializer in ("pickle", "cloudpickle")
        for receiver in ("cold", "warm", "warm-function", "warm-same")
    ]


def test_the_receivers_of_a_script_are_those_that_know_it_and_those_that_do_not() -> None:
    assert [one.split("/")[-2] for one in target_ids(SCRIPT, axes=replace(Axes(), serializers=(PICKLE,)))] == [
        "cold",
        "warm",
        "warm-function",
        "mp-main",
    ]


def test_a_target_is_checked_with_the_fixes_that_are_asked_for() -> None:
    axes = replace(ONE_EACH, sites=("main", "origin"), target_fixes=("instance", "class"))

    assert target_ids(TARGET, "shapes.box", axes=axes) == [
        "shapes.box/pickle/main/cold/none",
        "shapes.box/pickle/origin/cold/none",
        f"{TARGET}/pickle/own/cold/instance",
        f"{TARGET}/pickle/own/cold/class",
    ]


def test_a_target_has_each_receiver_that_can_be() -> None:
    axes = replace(ONE_EACH, target_receivers=RECEIVERS, script_receivers=RECEIVERS)

    assert set(RECEIVERS) - {one.split("/")[-2] for one in target_ids(TARGET, axes=axes)} == {"mp-main"}
    assert set(RECEIVERS) - {one.split("/")[-2] for one in target_ids(SCRIPT, axes=axes)} == {"warm-same", "warm-built"}


@pytest.mark.parametrize(("target", "receivers"), [(TARGET, 9), (SCRIPT, 8)])
def test_every_id_of_a_targets_cell_is_accepted_back(target: str, receivers: int) -> None:
    serializers = (PICKLE, Serializer("pickle", 0), CLOUDPICKLE, Serializer("dill"))
    axes = Axes(serializers, SITES, RECEIVERS, FIXES, FIXES, RECEIVERS, RECEIVERS)
    cells = make_plan(WITH_TARGET, [target], axes)

    assert len(cells) == 4 * receivers * 3
    assert make_plan(WITH_TARGET, [cell.id for cell in cells], ONE_EACH) == cells
    assert [parse_cell(cell.id) for cell in cells] == list(cells)
    assert {scenario_of(cell.id) for cell in cells} == {target}


def test_without_a_selection_targets_are_checked_after_the_catalogue() -> None:
    assert target_ids() == [*ids(), f"{TARGET}/pickle/own/cold/none", f"{SCRIPT}/pickle/own/cold/none"]


@pytest.mark.parametrize(
    ("selection", "asked", "message"),
    [
        ((TARGET,), {"sites": ("main",)}, "Targets have no site 'main': their own code evaluates what it needs"),
        ((TARGET, SCRIPT), {"sites": ("elsewhere",)}, "Targets have no site 'elsewhere'"),
        ((TARGET,), {"receivers": ("mp-main",)}, f"{TARGET} has no receiver 'mp-main': it is the child of a script"),
        (
            (SCRIPT,),
            {"receivers": ("warm-same",)},
            f"{SCRIPT} has no receiver 'warm-same': no other process can import",
        ),
        ((TARGET, SCRIPT), {"receivers": ("mp-main",)}, f"{TARGET} has no receiver 'mp-main'"),
        (("shapes.box",), {"receivers": ("warm-built",)}, "shapes.box has no receiver 'warm-built': it calls what"),
        (("shapes.box",), {"receivers": ("warm-same",)}, "(site 'main') cannot be imported"),
        ((TARGET,), {"receivers": ("cold", "mp-main")}, "No cell that is asked for has receiver 'mp-main'. It is the"),
        (("shapes.box/pickle/main/cold/none",), {"fixes": ("class",)}, "No cell that is asked for has fix 'class'."),
        (("shapes.box/pickle/main/cold/none",), {"sites": ("function",)}, "has site 'function'."),
    ],
)
def test_what_is_asked_for_and_means_nothing_is_refused_with_the_reason(
    selection: tuple[str, ...], asked: dict[str, tuple[str, ...]], message: str
) -> None:
    words = AxisOptions(
        **asked, asked=tuple({"sites": "site", "receivers": "receiver", "fixes": "fix"}[one] for one in asked)
    )
    with pytest.raises(UsageError) as caught:
        make_plan(WITH_TARGET, selection, words.axes())

    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ((TARGET, "shapes.box"), AxisOptions(sites=("main",), asked=("site",))),
        ((TARGET, SCRIPT), AxisOptions(receivers=("cold", "mp-main", "warm-same"), asked=("receiver",))),
        ((TARGET,), AxisOptions(sites=("main",))),
        (("shapes.box/pickle/main/cold/none",), AxisOptions(receivers=("cold",), asked=("receiver",))),
    ],
)
def test_what_means_something_to_one_of_them_or_was_asked_for_beforehand_is_not(
    selection: tuple[str, ...], words: AxisOptions
) -> None:
    assert make_plan(WITH_TARGET, selection, words.axes())


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        (f"{TARGET}/pickle/main/cold/none", "site 'own' is that of targets, and the only one", "A cell reads"),
        ("shapes.box/pickle/own/cold/none", "site 'own' is that of targets, and the only one", "A cell reads"),
        ("shapes.*/pickle/own/cold/none", "site 'own' is that of targets, and the only one", "A cell reads"),
        (f"{TARGET}/pickle/own/mp-main/none", "no receiver 'mp-main'", "Use another receiver state."),
        (f"{SCRIPT}/pickle/own/warm-same/none", "no receiver 'warm-same'", "Use another receiver state."),
        ("myapp.jobs:ordre", "No scenario is called 'myapp.jobs:ordre'.", f"Did you mean '{TARGET}'?"),
    ],
)
def test_a_cell_that_a_target_cannot_have_is_refused_with_a_next_step(word: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        target_ids(word)

    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("receiver", ["cold", "bare", "relay"])
@pytest.mark.parametrize("fix", FIXES)
def test_a_target_is_promised_to_pass_whatever_is_asked_of_it(receiver: str, fix: str) -> None:
    (target,) = targets_in([TARGET])

    assert is_promised(target, make_cell(f"{TARGET}/pickle/own/{receiver}/{fix}"))
