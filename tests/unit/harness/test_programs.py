"""The generated programs, whole, as a user reads them in a bug report."""

from __future__ import annotations

import pytest
from report_builders import make_scenario

from picklecheck.harness.staging import programs as sources
from picklecheck.model import RECEIVERS, SITES
from picklecheck.plan.cells import is_sensible
from picklecheck.plan.targets import targets_in

BOX = make_scenario("shapes.box")

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
    assert sources.stem(make_scenario("order.mixed")) == "order_mixed"
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
