"""Exclude rules: which combinations of a matrix are left out."""

from __future__ import annotations

import pytest
from packaging.version import Version
from report_builders import make_cell

from picklecheck.errors import UsageError
from picklecheck.plan.cells import parse_serializer
from picklecheck.plan.exclude_rules import CELL_VALUES, check_rules, parse_rule, rule_from_table

PYDANTICS = tuple(map(Version, ("2.0", "2.0.3", "2.8.2", "2.12.0", "2.13.5", "2.14.3", "2.15.0b1")))
CLOUDPICKLES = tuple(map(Version, ("2.2.1", "3.0.0", "3.1.2")))
NAMES = "Conditions are on python, pydantic, cloudpickle, scenario, serializer, site, receiver, fix."
EXAMPLE = "A rule reads like 'python>=3.13 pydantic<2.8' or 'serializer=cloudpickle site=main'."
HERE = ("3.11.7", "2.14.3", "3.1.2")


@pytest.mark.parametrize(
    ("rule", "environment", "expected"),
    [
        ("python>=3.13", "3.13.0 2.14.3 3.1.2", True),
        ("python>=3.13", "3.12.9 2.14.3 3.1.2", False),
        ("python>=3.13 pydantic<2.8", "3.13.0 2.7.4 3.1.2", True),
        ("python>=3.13 pydantic<2.8", "3.13.0 2.8.0 3.1.2", False),
        ("  python>=3.13\tpydantic<2.8 ", "3.12.1 2.7.4 3.1.2", False),
        ("pydantic>=2.12,<2.14", "3.11.7 2.13.5 3.1.2", True),
        ("pydantic>=2.12,<2.14", "3.11.7 2.14.0 3.1.2", False),
        ("pydantic>=2.12 pydantic<2.14", "3.11.7 2.13.5 3.1.2", True),
        ("pydantic>=2.12 pydantic<2.14", "3.11.7 2.14.0 3.1.2", False),
        ("pydantic>=2.14", "3.11.7 2.15.0b1 3.1.2", True),
        ("cloudpickle==3.1.*", "3.11.7 2.14.3 3.1.2", True),
        ("cloudpickle==3.1.*", "3.11.7 2.14.3 3.0.0", False),
        ("cloudpickle~=3.0", "3.11.7 2.14.3 2.2.1", False),
        # a single = is a whole line, == is PEP 440's
        ("python=3.13", "3.13.5 2.14.3 3.1.2", True),
        ("python=3.13", "3.1.3 2.14.3 3.1.2", False),
        ("python==3.13", "3.13.5 2.14.3 3.1.2", False),
        ("python==3.13", "3.13.0 2.14.3 3.1.2", True),
        ("python=3", "3.13.5 2.14.3 3.1.2", True),
        ("pydantic=2.8", "3.11.7 2.8.2 3.1.2", True),
        ("pydantic=2.8.2", "3.11.7 2.8.2 3.1.2", True),
        ("pydantic=2.8.2", "3.11.7 2.8.1 3.1.2", False),
        ("pydantic=2.8.*", "3.11.7 2.8.1 3.1.2", True),
        ("pydantic=2.8,!=2.8.1", "3.11.7 2.8.1 3.1.2", False),
        ("pydantic=2.8,!=2.8.1", "3.11.7 2.8.2 3.1.2", True),
        # how a Python calls itself that was built from a checkout
        ("python>=3.13", "3.13.0+ 2.14.3 3.1.2", True),
        # a condition on cells excludes no environment
        ("python>=3.13 site=main", "3.13.0 2.14.3 3.1.2", False),
        ("scenario=*", "3.13.0 2.14.3 3.1.2", False),
    ],
)
def test_a_rule_excludes_environments(rule: str, environment: str, *, expected: bool) -> None:
    python, pydantic, cloudpickle = environment.split()

    assert parse_rule(rule).excludes_environment(python, pydantic, cloudpickle) is expected


@pytest.mark.parametrize(
    ("rule", "cell", "expected"),
    [
        ("scenario=values.*", "values.in_list/pickle/main/cold/none", True),
        ("scenario=values.*", "shapes.box/pickle/main/cold/none", False),
        ("scenario=shapes.box", "shapes.box/pickle/main/cold/none", True),
        ("scenario=*.in_* scenario=values.*", "values.in_list/pickle/main/cold/none", True),
        ("scenario=*.in_* scenario=shapes.*", "values.in_list/pickle/main/cold/none", False),
        ("serializer=cloudpickle", "shapes.box/cloudpickle/main/cold/none", True),
        ("serializer=cloudpickle", "shapes.box/pickle/main/cold/none", False),
        ("serializer=pickle", "shapes.box/pickle/main/cold/none", True),
        ("serializer=pickle", "shapes.box/pickle:4/main/cold/none", True),
        ("serializer=pickle", "shapes.box/cloudpickle/main/cold/none", False),
        ("serializer=pickle:4", "shapes.box/pickle:4/main/cold/none", True),
        ("serializer=pickle:4", "shapes.box/pickle:5/main/cold/none", False),
        ("serializer=pickle:4", "shapes.box/pickle/main/cold/none", False),
        ("serializer=pickle serializer=pickle:4", "shapes.box/pickle:4/main/cold/none", True),
        ("site=main", "shapes.box/pickle/main/cold/none", True),
        ("site==main", "shapes.box/pickle/main/cold/none", True),
        ("site=main", "shapes.box/pickle/function/cold/none", False),
        ("receiver=relay", "shapes.box/pickle/main/relay/none", True),
        ("receiver=warm", "shapes.box/pickle/main/warm-other/none", False),
        ("fix=instance", "shapes.box/pickle/main/cold/instance", True),
        ("fix=instance", "shapes.box/pickle/main/cold/class", False),
        ("scenario=shapes.* serializer=pickle site=main", "shapes.box/pickle/main/cold/none", True),
        ("scenario=shapes.* serializer=pickle site=main", "shapes.box/pickle/function/cold/none", False),
        ("pydantic>=2.14 site=main", "shapes.box/pickle/main/cold/none", True),
        ("pydantic<2.14 site=main", "shapes.box/pickle/main/cold/none", False),
        ("pydantic>=2.14", "shapes.box/pickle/main/cold/none", True),
    ],
)
def test_a_rule_excludes_cells(rule: str, cell: str, *, expected: bool) -> None:
    assert parse_rule(rule).excludes_cell(make_cell(cell), *HERE) is expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "An exclude rule without conditions would exclude everything.", EXAMPLE),
        (" \t", "An exclude rule without conditions would exclude everything.", EXAMPLE),
        (
            "pydnatic<2.8",
            "The exclude rule 'pydnatic<2.8': 'pydnatic' is nothing to exclude by.",
            f"Did you mean 'pydantic'? {NAMES}",
        ),
        (
            "colour=red",
            "The exclude rule 'colour=red': 'colour' is nothing to exclude by.",
            NAMES,
        ),
        (
            "python >= 3.13",
            "The exclude rule 'python >= 3.13': 'python' is no condition.",
            f"Write NAME, operator and VALUE without blanks. {EXAMPLE}",
        ),
        (
            "pydantic>=2.12, <2.14",
            "The exclude rule 'pydantic>=2.12, <2.14': '<2.14' is no condition.",
            f"Write NAME, operator and VALUE without blanks. {EXAMPLE}",
        ),
        (
            "pydantic=>2.12",
            "The exclude rule 'pydantic=>2.12': '=>2.12' says no versions of pydantic.",
            "Write a PEP 440 range such as pydantic>=2.12,<2.14, or pydantic=2.12 for a line.",
        ),
        (
            "pydantic=2.8,2.9",
            "The exclude rule 'pydantic=2.8,2.9': '=2.8,2.9' says no versions of pydantic.",
            "Write a PEP 440 range such as pydantic>=2.12,<2.14, or pydantic=2.12 for a line.",
        ),
        (
            "python3.13",
            "The exclude rule 'python3.13': '3.13' says no versions of python.",
            "Write a PEP 440 range such as python>=3.9,<3.12, or python=3.13 for a line.",
        ),
        (
            "python,",
            "The exclude rule 'python,': ',' says no versions of python.",
            "Write a PEP 440 range such as python>=3.9,<3.12, or python=3.13 for a line.",
        ),
        (
            "python=",
            "The exclude rule 'python=': '=' says no versions of python.",
            "Write a PEP 440 range such as python>=3.9,<3.12, or python=3.13 for a line.",
        ),
        (
            "site=mian",
            "The exclude rule 'site=mian': 'mian' is none of main, function, elsewhere, annotation, origin, own.",
            "Did you mean 'main'?",
        ),
        (
            "fix=x",
            "The exclude rule 'fix=x': 'x' is none of none, instance, class.",
            "Write fix=VALUE with one of them.",
        ),
        (
            "serializer=json",
            f"The exclude rule 'serializer=json': 'json' is none of {', '.join(CELL_VALUES['serializer'])}.",
            "Write serializer=VALUE with one of them.",
        ),
        ("site!=main", "The exclude rule 'site!=main': 'site!=main' is no condition.", "Write site=VALUE."),
        ("site===main", "The exclude rule 'site===main': 'site===main' is no condition.", "Write site=VALUE."),
        ("scenario=", "The exclude rule 'scenario=': 'scenario=' is no condition.", "Write scenario=VALUE."),
        (
            "site=main site=function",
            "The exclude rule 'site=main site=function': site cannot be 'main' and 'function' at once.",
            "Write a rule for each.",
        ),
    ],
)
def test_what_is_no_rule_is_refused_with_a_next_step(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_rule(text)

    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(("one", "other"), [("pickle", "cloudpickle"), ("dill", "pickle:4"), ("pickle:4", "pickle:5")])
def test_a_rule_that_wants_two_serializers_is_refused(one: str, other: str) -> None:
    text = f"serializer={one} serializer={other}"
    with pytest.raises(UsageError) as caught:
        parse_rule(text)

    assert caught.value.message == f"The exclude rule {text!r}: serializer cannot be {one!r} and {other!r} at once."
    assert caught.value.hint == "Write a rule for each."


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ({"python": ">=3.13", "pydantic": "<2.8"}, "python>=3.13 pydantic<2.8"),
        ({"pydantic": ">=2.12, <2.14"}, "pydantic>=2.12,<2.14"),
        ({"python": "3.13"}, "python=3.13"),
        ({"pydantic": "2.8.*"}, "pydantic=2.8.*"),
        ({"site": "main", "scenario": "values.*"}, "site=main scenario=values.*"),
    ],
)
def test_a_table_is_the_rule_that_its_text_says(table: dict[str, object], text: str) -> None:
    rule = rule_from_table(table)

    assert rule.text == text
    assert rule == parse_rule(text)


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ({}, "An exclude rule without conditions would exclude everything.", EXAMPLE),
        (
            {"pydantic": 2.8},
            "The exclude rule 'pydantic = 2.8': the value of 'pydantic' is no string.",
            'Write pydantic = "...", in quotes.',
        ),
        (
            {"site": "main", "fix": ["none"]},
            "The exclude rule \"site = 'main', fix = ['none']\": the value of 'fix' is no string.",
            'Write fix = "...", in quotes.',
        ),
        (
            {"sites": "main"},
            "The exclude rule 'sites=main': 'sites' is nothing to exclude by.",
            f"Did you mean 'site'? {NAMES}",
        ),
        ({"site": ""}, "The exclude rule 'site=': 'site=' is no condition.", "Write site=VALUE."),
    ],
)
def test_what_is_no_table_of_a_rule_is_refused(table: dict[str, object], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        rule_from_table(table)

    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    "text",
    [
        "pydantic<2.8",
        "pydantic>2.14.3",  # a pre-release matches
        "python>=3.13 pydantic<2.8",
        "python=3.8 cloudpickle<3",
        "scenario=shapes.*",
        "site=main",
    ],
)
def test_a_rule_that_can_apply_is_fine(text: str) -> None:
    rule = parse_rule(text)

    check_rules([rule], pydantic=PYDANTICS, cloudpickle=CLOUDPICKLES, scenarios=["shapes.box", "values.in_list"])


@pytest.mark.parametrize("text", ["pydantic>2.15", "pydantic>=2.16", "pydantic=2.17", "cloudpickle>3.1.2"])
def test_a_rule_may_be_about_releases_that_are_to_come(text: str) -> None:
    check_rules([parse_rule(text)], pydantic=PYDANTICS, cloudpickle=CLOUDPICKLES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "pydantic>=2.12,<2.5",
            "The exclude rule 'pydantic>=2.12,<2.5': no release of pydantic matches its condition.",
        ),
        (
            "site=main pydantic>=2.12 pydantic<2.5",
            "The exclude rule 'site=main pydantic>=2.12 pydantic<2.5': no release of pydantic matches its condition.",
        ),
        ("pydantic=2.51", "The exclude rule 'pydantic=2.51': no release of pydantic matches its condition."),
        ("cloudpickle>=4", "The exclude rule 'cloudpickle>=4': no release of cloudpickle matches its condition."),
        (
            "python>=3.13,<3.10",
            "The exclude rule 'python>=3.13,<3.10': no release of python matches its condition.",
        ),
        ("python<3", "The exclude rule 'python<3': no release of python matches its condition."),
    ],
)
def test_a_rule_that_no_release_matches_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_rules([parse_rule("python>=3.13"), parse_rule(text)], pydantic=PYDANTICS, cloudpickle=CLOUDPICKLES)

    assert caught.value.message == message
    assert caught.value.hint == "Conditions of one rule must all hold at once; write two rules where either is enough."


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "scenario=shapes.bx",
            "The exclude rule 'scenario=shapes.bx': no scenario matches 'shapes.bx'.",
            "Did you mean 'shapes.box'? 'picklecheck list' shows them all.",
        ),
        (
            "scenario=zzz.*",
            "The exclude rule 'scenario=zzz.*': no scenario matches 'zzz.*'.",
            "'picklecheck list' shows them all.",
        ),
    ],
)
def test_a_rule_that_no_scenario_matches_is_refused_if_they_are_known(text: str, message: str, hint: str) -> None:
    rules = [parse_rule(text)]
    check_rules(rules, pydantic=PYDANTICS, cloudpickle=CLOUDPICKLES)

    with pytest.raises(UsageError) as caught:
        check_rules(rules, pydantic=PYDANTICS, cloudpickle=CLOUDPICKLES, scenarios=["shapes.box", "values.in_list"])

    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_the_serializers_are_those_of_the_command_line() -> None:
    assert [str(parse_serializer(value)) for value in CELL_VALUES["serializer"]] == list(CELL_VALUES["serializer"])
