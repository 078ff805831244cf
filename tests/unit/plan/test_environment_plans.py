"""Versions, rules and cells -> what is to be checked in which environment."""

from __future__ import annotations

import pytest
from report_builders import make_cell

from picklecheck.errors import UsageError
from picklecheck.model import EnvironmentSpec
from picklecheck.plan.environments import (
    EnvironmentPlan,
    Extras,
    Versions,
    make_specs,
    make_wanted,
    tell_cells_left_out,
    tell_left_out,
)
from picklecheck.plan.exclude_rules import parse_rule

OLD_PYTHON, NEW_PYTHON = ("/opt/python3.9", "3.9.18"), ("/opt/python3.12", "3.12.1")
COLD, WARM, CLOUD = map(
    make_cell,
    ("shapes.box/pickle/main/cold/none", "shapes.box/pickle/main/warm/none", "shapes.box/cloudpickle/main/cold/none"),
)
SPECS = tuple(EnvironmentSpec("/opt/python3.12", "3.12.1", pydantic, "3.1.2") for pydantic in ("2.9.2", "2.14.3"))


def make_versions(
    *pydantics: str,
    pythons: tuple[tuple[str, str], ...] = (NEW_PYTHON,),
    cloudpickles: tuple[str, ...] = ("3.1.2",),
) -> Versions:
    return Versions(pythons, pydantics or ("2.14.3",), cloudpickles)


def ids(versions: Versions, *rules: str) -> list[str]:
    """Return the ids of the environments, without words that say nothing here."""
    found = make_specs(versions, Extras(), [parse_rule(rule) for rule in rules])
    return [f"{one.python_version} {one.cloudpickle} {one.pydantic}" for one in found]


def wanted(*rules: str) -> dict[str, list[str]]:
    """Return the ids of the cells that are left in each environment, by the version of Pydantic."""
    found = make_wanted(SPECS, [COLD, WARM, CLOUD], [parse_rule(rule) for rule in rules])
    return {one.spec.pydantic: [cell.id for cell in one.cells] for one in found}


ALL = [COLD.id, WARM.id, CLOUD.id]


def test_an_environment_is_made_of_its_versions_and_of_what_is_installed_besides() -> None:
    extras = Extras(("numpy>=1", "attrs"), ("/home/me/project",), ("/home/me/requirements.txt",))

    assert make_specs(make_versions("2.14.3"), extras, ()) == (
        EnvironmentSpec(
            python="/opt/python3.12",
            python_version="3.12.1",
            pydantic="2.14.3",
            cloudpickle="3.1.2",
            requirements=("numpy>=1", "attrs"),
            editables=("/home/me/project",),
            requirement_files=("/home/me/requirements.txt",),
        ),
    )


def test_pydantic_changes_fastest_then_cloudpickle_then_python_each_from_the_oldest() -> None:
    versions = make_versions("2.9.2", "2.14.3", pythons=(OLD_PYTHON, NEW_PYTHON), cloudpickles=("2.2.1", "3.1.2"))

    assert ids(versions) == [
        "3.9.18 2.2.1 2.9.2",
        "3.9.18 2.2.1 2.14.3",
        "3.9.18 3.1.2 2.9.2",
        "3.9.18 3.1.2 2.14.3",
        "3.12.1 2.2.1 2.9.2",
        "3.12.1 2.2.1 2.14.3",
        "3.12.1 3.1.2 2.9.2",
        "3.12.1 3.1.2 2.14.3",
    ]


def test_the_order_is_that_of_versions_and_not_of_words_nor_of_the_command_line() -> None:
    versions = make_versions(
        "2.14.3",
        "2.10.0",
        "2.9.2",
        "2.10.0b1",
        pythons=(NEW_PYTHON, OLD_PYTHON),
        cloudpickles=("10.0", "3.1.2"),
    )

    assert ids(versions) == [
        f"{python} {cloudpickle} {pydantic}"
        for python in ("3.9.18", "3.12.1")
        for cloudpickle in ("3.1.2", "10.0")
        for pydantic in ("2.9.2", "2.10.0b1", "2.10.0", "2.14.3")
    ]


def test_every_environment_has_an_id_of_its_own() -> None:
    pythons = (OLD_PYTHON, NEW_PYTHON, ("/usr/bin/python3", NEW_PYTHON[1]))
    versions = make_versions("2.14.3", "2.9.2", "2.14.3", pythons=pythons, cloudpickles=("3.1.2", "3.1.2"))
    found = [one.id for one in make_specs(versions, Extras(), ())]

    assert found == [
        "py3.9.18-pydantic2.9.2-cloudpickle3.1.2",
        "py3.9.18-pydantic2.14.3-cloudpickle3.1.2",
        "py3.12.1-pydantic2.9.2-cloudpickle3.1.2",
        "py3.12.1-pydantic2.14.3-cloudpickle3.1.2",
    ]


def test_a_python_that_was_built_from_a_checkout_has_its_place() -> None:
    pythons = (("/src/python", "3.13.0+"), OLD_PYTHON, ("/opt/python3.14", "3.14.0rc2"))

    assert ids(make_versions(pythons=pythons)) == [
        "3.9.18 3.1.2 2.14.3",
        "3.13.0+ 3.1.2 2.14.3",
        "3.14.0rc2 3.1.2 2.14.3",
    ]


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ((), ["3.9.18 3.1.2 2.9.2", "3.9.18 3.1.2 2.14.3", "3.12.1 3.1.2 2.9.2", "3.12.1 3.1.2 2.14.3"]),
        (("python=3.9",), ["3.12.1 3.1.2 2.9.2", "3.12.1 3.1.2 2.14.3"]),
        (("python>=3.12 pydantic<2.10",), ["3.9.18 3.1.2 2.9.2", "3.9.18 3.1.2 2.14.3", "3.12.1 3.1.2 2.14.3"]),
        (("python=3.9 pydantic>=2.10", "pydantic<2.10 python>3.9.99"), ["3.9.18 3.1.2 2.9.2", "3.12.1 3.1.2 2.14.3"]),
        (
            ("cloudpickle<3",),
            ["3.9.18 3.1.2 2.9.2", "3.9.18 3.1.2 2.14.3", "3.12.1 3.1.2 2.9.2", "3.12.1 3.1.2 2.14.3"],
        ),
        (("python=3.9", "pydantic=2.9 site=main"), ["3.12.1 3.1.2 2.9.2", "3.12.1 3.1.2 2.14.3"]),
    ],
)
def test_a_rule_leaves_out_what_meets_all_of_its_conditions(rules: tuple[str, ...], left: list[str]) -> None:
    assert ids(make_versions("2.9.2", "2.14.3", pythons=(OLD_PYTHON, NEW_PYTHON)), *rules) == left


def test_rules_that_leave_no_environment_are_refused_with_a_next_step() -> None:
    with pytest.raises(UsageError) as caught:
        ids(make_versions("2.9.2", "2.14.3"), "pydantic<2.10", "pydantic>=2.10")

    assert caught.value.message == "The rules exclude every environment."
    assert caught.value.hint == "Take back an --exclude, or widen an axis."


def test_without_rules_each_environment_has_all_cells() -> None:
    assert make_wanted(SPECS, [COLD, WARM], ()) == tuple(EnvironmentPlan(spec, (COLD, WARM)) for spec in SPECS)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (("receiver=warm",), {"2.9.2": [COLD.id, CLOUD.id], "2.14.3": [COLD.id, CLOUD.id]}),
        (("serializer=cloudpickle pydantic<2.10",), {"2.9.2": [COLD.id, WARM.id], "2.14.3": ALL}),
        (("serializer=pickle receiver=cold",), {"2.9.2": [WARM.id, CLOUD.id], "2.14.3": [WARM.id, CLOUD.id]}),
        (("receiver=warm", "serializer=cloudpickle"), {"2.9.2": [COLD.id], "2.14.3": [COLD.id]}),
        (("pydantic=2.9",), {"2.14.3": ALL}),
        (("scenario=shapes.* pydantic>=2.10",), {"2.9.2": ALL}),
        (("site=function",), {"2.9.2": ALL, "2.14.3": ALL}),
    ],
)
def test_the_cells_that_no_rule_excludes_are_left(rules: tuple[str, ...], expected: dict[str, list[str]]) -> None:
    assert wanted(*rules) == expected


@pytest.mark.parametrize("rules", [("scenario=*",), ("fix=none",), ("serializer=pickle", "serializer=cloudpickle")])
def test_rules_that_leave_no_cell_are_refused_with_a_next_step(rules: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        wanted(*rules)

    assert caught.value.message == "The rules exclude every cell."
    assert caught.value.hint == "Take back an --exclude, or widen an axis."


def left_out(versions: Versions, *rules: str) -> tuple[str, ...]:
    return tell_left_out(versions, [parse_rule(rule) for rule in rules])


def test_what_each_rule_leaves_out_is_told_in_the_order_of_the_rules() -> None:
    versions = make_versions("2.8.2", "2.9.2", "2.14.3", pythons=(OLD_PYTHON, NEW_PYTHON))

    assert left_out(versions, "python>=3.12 pydantic<2.10", "python=3.9 pydantic=2.14") == (
        "Left out by the rule 'python>=3.12 pydantic<2.10': 2.8.2, 2.9.2 on Python 3.12.1.",
        "Left out by the rule 'python=3.9 pydantic=2.14': 2.14.3 on Python 3.9.18.",
    )


def test_a_rule_may_leave_out_releases_on_several_pythons() -> None:
    versions = make_versions("2.9.2", "2.14.3", pythons=(OLD_PYTHON, NEW_PYTHON))

    assert left_out(versions, "pydantic<2.10") == (
        "Left out by the rule 'pydantic<2.10': 2.9.2 on Python 3.9.18; 2.9.2 on Python 3.12.1.",
    )


@pytest.mark.parametrize("rule", ["pydantic<2", "receiver=warm", "pydantic=2.14 receiver=warm", "cloudpickle<2"])
def test_a_rule_that_leaves_out_no_environment_is_not_told_of(rule: str) -> None:
    assert left_out(make_versions("2.14.3", cloudpickles=("2.2.1", "3.1.2")), rule) == ()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("cloudpickle<3", "2.9.2 with cloudpickle 2.2.1, 2.14.3 with cloudpickle 2.2.1"),
        ("cloudpickle<3 pydantic<2.10", "2.9.2 with cloudpickle 2.2.1"),
        ("pydantic<2.10", "2.9.2"),
    ],
)
def test_a_rule_may_leave_out_a_release_with_some_cloudpickles_only(rule: str, told: str) -> None:
    versions = make_versions("2.9.2", "2.14.3", cloudpickles=("2.2.1", "3.1.2"))

    assert left_out(versions, rule) == (f"Left out by the rule {rule!r}: {told} on Python 3.12.1.",)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ((), ()),
        (("site=function",), ()),
        (("receiver=warm",), ("The rules leave out 2 of 6 cells.",)),
        (("receiver=warm pydantic<2.10", "serializer=cloudpickle"), ("The rules leave out 3 of 6 cells.",)),
        (
            ("scenario=shapes.* pydantic<2.10",),
            ("The rules leave out 3 of 6 cells, all of them in py3.12.1-pydantic2.9.2-cloudpickle3.1.2.",),
        ),
        (
            ("scenario=shapes.* pydantic<2.10", "receiver=warm"),
            ("The rules leave out 4 of 6 cells, all of them in py3.12.1-pydantic2.9.2-cloudpickle3.1.2.",),
        ),
    ],
)
def test_how_many_cells_the_rules_leave_out_is_told(rules: tuple[str, ...], told: tuple[str, ...]) -> None:
    cells = [COLD, WARM, CLOUD]

    assert tell_cells_left_out(SPECS, cells, make_wanted(SPECS, cells, [parse_rule(rule) for rule in rules])) == told
