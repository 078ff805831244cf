"""The generated programs of scenarios that are not plain: with statements in front, or without specializations."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from report_builders import make_scenario

from picklecheck.harness.staging import programs as sources
from picklecheck.model import RECEIVERS, SITES
from picklecheck.plan.cells import is_sensible

if TYPE_CHECKING:
    from picklecheck.model import Scenario

BOX = make_scenario("shapes.box")


# The receiver's evaluation is not the producer's, both need statements in front, and the names live elsewhere.
MIXED = make_scenario(
    "order.mixed",
    ("Box[int]", "typing.List[Pair[str, Box[int]]]"),
    module="repros.models",
    before="import repros.first as one\nheld = evaluate_in_a_function(one)",
    warm=("Box[bytes]",),
    warm_before="import repros.second",
)


NOTHING = make_scenario("values.nothing", ())


def test_a_producer_with_statements_in_front_and_names_of_another_module() -> None:
    assert (
        sources.producer(MIXED, "function")
        == '''\
"""Producer of order.mixed, site function."""

from picklecheck_probe.produce import Producer

producer = Producer()

from repros.models import evaluate_in_a_function, Box, typing, Pair

import repros.first as one
held = evaluate_in_a_function(one)

def evaluate_here():
    return (Box[int], typing.List[Pair[str, Box[int]]],)

SPECIALIZATIONS = evaluate_here()

producer.produce("repros.order", "mixed", SPECIALIZATIONS)
'''
    )


def test_a_receiver_that_warms_up_otherwise_than_the_producer() -> None:
    assert (
        sources.receiver(MIXED, "main", "warm")
        == '''\
"""Receiver of order.mixed, warm."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

from repros.models import Box

import repros.second

WARM = (Box[bytes],)

def evaluate():
    from repros.models import Box, typing, Pair
    return (Box[int], typing.List[Pair[str, Box[int]]],)

receiver.receive("repros.order", "mixed", evaluate)
'''
    )


def test_the_modules_of_a_scenario_with_statements_in_front() -> None:
    assert (
        sources.holder_module(MIXED)
        == '''\
"""Imported by a producer of order.mixed: site annotation."""

from pydantic import BaseModel
from repros.models import evaluate_in_a_function, Box, typing, Pair

import repros.first as one
held = evaluate_in_a_function(one)

class Holder(BaseModel):
    field_0: Box[int]
    field_1: typing.List[Pair[str, Box[int]]]
'''
    )
    assert (
        sources.other_module(MIXED)
        == '''\
"""Imported by a receiver of order.mixed: another module that evaluates the specialization."""

from repros.models import Box

import repros.second

SPECIALIZATIONS = (Box[bytes],)
'''
    )
    assert (
        sources.origin_appendix(MIXED)
        == """\


import repros.first as one
held = evaluate_in_a_function(one)

PICKLECHECK_SPECIALIZATIONS = (Box[int], typing.List[Pair[str, Box[int]]],)
"""
    )


def test_a_scenario_without_specializations() -> None:
    assert (
        sources.producer(NOTHING, "main")
        == '''\
"""Producer of values.nothing, site main."""

from picklecheck_probe.produce import Producer

producer = Producer()

import repros.values

SPECIALIZATIONS = ()

producer.produce("repros.values", "nothing", SPECIALIZATIONS)
'''
    )
    assert "class Holder(BaseModel):\n    pass\n" in sources.holder_module(NOTHING)


@pytest.mark.parametrize(
    ("expression", "imported"),
    [
        ("Box", "from repros.shapes import Box"),
        ("Box[list[int]]", "from repros.shapes import Box"),
        ("Box[typing.Literal['a', None]]", "from repros.shapes import Box, typing"),
        ("Box[Box[Leaf] | None]", "from repros.shapes import Box, Leaf"),
        ("Box[models.Inner.Leaf]", "from repros.shapes import Box, models"),
        ("Box[tuple([item for item in (int,)])]", "from repros.shapes import Box"),
        ("list[int]", "import repros.shapes"),
        ("Box[Annotated[int, lambda value: value]]", "from repros.shapes import Box, Annotated"),
        ("Box[tag(lambda a, /, b, *c, d, **e: (a, b, c, d, e, Leaf))]", "from repros.shapes import Box, tag, Leaf"),
    ],
)
def test_names_that_are_neither_bound_nor_built_in_are_imported(expression: str, imported: str) -> None:
    assert f"\n{imported}\n" in sources.elsewhere_module(make_scenario("shapes.box", (expression,)))


@pytest.mark.parametrize(
    ("before", "expression", "imported"),
    [
        ("held = make()", "Box[held]", "from repros.shapes import make, Box"),
        ("def build(one):\n    return Leaf[one]", "Box[build(int)]", "from repros.shapes import Box, Leaf"),
        ("class Inner(Base):\n    pass", "Box[Inner]", "from repros.shapes import Base, Box"),
        ("import repros.first as one", "Box[one.Leaf]", "from repros.shapes import Box"),
        ("import repros.first", "Box[repros.first.Leaf]", "from repros.shapes import Box"),
        ("from repros.first import Leaf", "Box[Leaf]", "from repros.shapes import Box"),
    ],
)
def test_names_that_the_statements_in_front_define_are_not_imported(
    before: str, expression: str, imported: str
) -> None:
    scenario = make_scenario("shapes.box", (expression,), before=before, warm_before=before)

    programs = [sources.elsewhere_module(scenario), sources.other_module(scenario), sources.holder_module(scenario)]
    programs += [sources.producer(scenario, "main"), sources.producer(scenario, "function")]
    for program in programs:
        assert f"\n{imported}\n" in program


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("Box[int]", ["Box"]),
        ("Pair[Leaf, Box[Leaf]]", ["Pair", "Leaf", "Box"]),
        ("lambda one, *rest, two=Leaf, **more: (one, rest, two, more)", ["Leaf"]),
        ("def build(one):\n    return Box[one]\nbuild(int)", ["Box"]),
        ("class Inner(Base):\n    pass\nInner", ["Base"]),
        ("list[int]", []),
        ("", []),
    ],
)
def test_free_names(code: str, names: list[str]) -> None:
    assert sorted(sources.free_names(code)) == sorted(names)


@pytest.mark.parametrize("scenario", [BOX, MIXED, NOTHING], ids=lambda one: one.id)
def test_every_program_compiles(scenario: Scenario) -> None:
    texts = [sources.elsewhere_module(scenario), sources.other_module(scenario), sources.holder_module(scenario)]
    texts += [sources.origin_appendix(scenario), sources.relay(scenario)]
    for site, state in itertools.product(SITES, RECEIVERS):
        if is_sensible(site, state):
            texts += [sources.producer(scenario, site), sources.receiver(scenario, site, state)]

    assert len(texts) == 5 + 2 * (5 * 8 - 2)
    for text in texts:
        compile(text, "program.py", "exec", dont_inherit=True)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
