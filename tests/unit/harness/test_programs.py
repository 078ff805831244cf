"""The generated programs, whole, as a user reads them in a bug report."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from report_builders import make_scenario

from picklecheck.harness.staging import programs as sources
from picklecheck.model import RECEIVERS, SITES
from picklecheck.plan.cells import is_sensible
from picklecheck.plan.targets import targets_in

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

PRODUCERS = {
    "main": '''\
"""Producer of shapes.box, site main."""

from picklecheck_probe.produce import Producer

producer = Producer()

from repros.shapes import Box

SPECIALIZATIONS = (Box[int],)

producer.produce("repros.shapes", "box", SPECIALIZATIONS)
''',
    "function": '''\
"""Producer of shapes.box, site function."""

from picklecheck_probe.produce import Producer

producer = Producer()

from repros.shapes import Box

def evaluate_here():
    return (Box[int],)

SPECIALIZATIONS = evaluate_here()

producer.produce("repros.shapes", "box", SPECIALIZATIONS)
''',
    "elsewhere": '''\
"""Producer of shapes.box, site elsewhere."""

from picklecheck_probe.produce import Producer

producer = Producer()

from shapes_box_elsewhere import SPECIALIZATIONS

producer.produce("repros.shapes", "box", SPECIALIZATIONS)
''',
    "annotation": '''\
"""Producer of shapes.box, site annotation."""

from picklecheck_probe.produce import Producer

producer = Producer()

import shapes_box_holder

from repros.shapes import Box

SPECIALIZATIONS = (Box[int],)

producer.produce("repros.shapes", "box", SPECIALIZATIONS)
''',
    "origin": '''\
"""Producer of shapes.box, site origin."""

from picklecheck_probe.produce import Producer

producer = Producer()

from repros.shapes import PICKLECHECK_SPECIALIZATIONS as SPECIALIZATIONS

producer.produce("repros.shapes", "box", SPECIALIZATIONS)
''',
}

RECEIVERS_AT_ELSEWHERE = {
    "cold": '''\
"""Receiver of shapes.box, cold."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

import repros.shapes

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

receiver.receive("repros.shapes", "box", evaluate)
''',
    "warm": '''\
"""Receiver of shapes.box, warm."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

from repros.shapes import Box

WARM = (Box[int],)

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

receiver.receive("repros.shapes", "box", evaluate)
''',
    "warm-function": '''\
"""Receiver of shapes.box, warm-function."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

from repros.shapes import Box

def evaluate_here():
    return (Box[int],)

WARM = evaluate_here()

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

receiver.receive("repros.shapes", "box", evaluate)
''',
    "warm-same": '''\
"""Receiver of shapes.box, warm-same."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

import shapes_box_elsewhere

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

receiver.receive("repros.shapes", "box", evaluate)
''',
    "warm-other": '''\
"""Receiver of shapes.box, warm-other."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

import shapes_box_other

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

receiver.receive("repros.shapes", "box", evaluate)
''',
    "bare": '''\
"""Receiver of shapes.box, bare."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

receiver.receive("repros.shapes", "box", evaluate)
''',
    "bare-module": '''\
"""Receiver of shapes.box, bare-module."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

loads, payload, options = receiver.fetch()
try:
    value = loads(payload, **options)
except Exception as error:
    receiver.not_loaded(error)
receiver.loaded(value)

receiver.receive("repros.shapes", "box", evaluate)
''',
    "relay": '''\
"""Receiver of shapes.box, relay."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

import repros.shapes

def evaluate():
    from repros.shapes import Box
    return (Box[int],)

receiver.receive("repros.shapes", "box", evaluate)
''',
}


@pytest.mark.parametrize("site", SITES)
def test_the_producer_evaluates_at_its_site(site: str) -> None:
    assert sources.producer(BOX, site) == PRODUCERS[site]


@pytest.mark.parametrize("state", [one for one in RECEIVERS if is_sensible("elsewhere", one)])
def test_the_receiver_prepares_as_its_state_says(state: str) -> None:
    assert sources.receiver(BOX, "elsewhere", state) == RECEIVERS_AT_ELSEWHERE[state]


@pytest.mark.parametrize(
    ("site", "imported"),
    [("elsewhere", "shapes_box_elsewhere"), ("annotation", "shapes_box_holder"), ("origin", "repros.shapes")],
)
def test_a_receiver_that_is_warm_by_the_same_module_imports_the_producers(site: str, imported: str) -> None:
    expected = RECEIVERS_AT_ELSEWHERE["warm-same"].replace("shapes_box_elsewhere", imported)

    assert sources.receiver(BOX, site, "warm-same") == expected


def test_the_relay() -> None:
    assert (
        sources.relay(BOX)
        == '''\
"""Relay of shapes.box: loads, and dumps again for a third process."""

from picklecheck_probe.receive import Receiver

receiver = Receiver()

import repros.shapes

receiver.relay()
'''
    )


def test_the_modules_that_programs_import() -> None:
    assert (
        sources.elsewhere_module(BOX)
        == '''\
"""Imported by a producer of shapes.box: site elsewhere."""

from repros.shapes import Box

SPECIALIZATIONS = (Box[int],)
'''
    )
    assert (
        sources.other_module(BOX)
        == '''\
"""Imported by a receiver of shapes.box: another module that evaluates the specialization."""

from repros.shapes import Box

SPECIALIZATIONS = (Box[int],)
'''
    )
    assert (
        sources.holder_module(BOX)
        == '''\
"""Imported by a producer of shapes.box: site annotation."""

from pydantic import BaseModel
from repros.shapes import Box

class Holder(BaseModel):
    field_0: Box[int]
'''
    )
    assert (
        sources.origin_appendix(BOX)
        == """\


PICKLECHECK_SPECIALIZATIONS = (Box[int],)
"""
    )


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


def test_the_programs_of_the_harness_itself() -> None:
    assert (
        sources.catalog("repros")
        == '''\
"""Lists the scenarios."""

from picklecheck_probe.catalog import list_scenarios

list_scenarios("repros")
'''
    )
    assert (
        sources.server()
        == '''\
"""Starts the other programs, one for each request."""

from picklecheck_probe.server import main

main()
'''
    )


def test_a_stem_is_a_module_name() -> None:
    assert sources.stem(MIXED) == "order_mixed"
    assert sources.stem(targets_in(["my.jobs:order"])[0]).startswith("target_my_jobs_order_")


def test_no_two_targets_share_a_stem_on_whatever_file_system() -> None:
    names = ["my.jobs:order", "my_jobs:order", "my:jobs.order", "my:jobs_order", "My.jobs:order", "my__jobs:order"]
    names += [f"m:{'x' * 300}", f"m:{'x' * 300}y", "größe:maß", "gro_e:ma_", "grösse:mass"]
    stems = [sources.stem(one) for one in targets_in(names)]

    assert len({one.lower() for one in stems}) == len(names)
    for one in stems:
        assert one.isidentifier()
        assert one.isascii()
        assert len(one) < 100
