"""What the catalogue promises, and how it is read."""

from __future__ import annotations

import json

import pytest
from report_builders import make_cell, make_scenario

from picklecheck.model import Scenario
from picklecheck.plan.scenarios import read_scenarios
from picklecheck.verdicts.promises import is_promised


@pytest.mark.parametrize(
    ("cell", "beyond", "promised"),
    [
        ("shapes.box/pickle/main/cold/none", (), False),
        ("shapes.box/cloudpickle/function/warm/none", (), False),
        ("shapes.box/pickle/main/cold/instance", (), True),
        ("shapes.box/pickle/main/cold/class", (), True),
        ("shapes.box/pickle:0/main/cold/class", (), True),
        ("shapes.box/cloudpickle/main/cold/instance", (), True),
        ("shapes.box/cloudpickle/function/bare/class", (), True),
        ("shapes.box/pickle/origin/warm-same/class", (), True),
        ("shapes.box/dill/main/cold/instance", (), True),
        ("shapes.box/dill/main/cold/class", (), True),
        ("shapes.box/pickle/main/cold/instance", ("instance",), False),
        ("shapes.box/pickle/main/cold/class", ("instance",), True),
        ("shapes.box/pickle/main/cold/class", ("instance", "class"), False),
        ("shapes.box/pickle/main/relay/instance", (), False),
        ("shapes.box/cloudpickle/main/relay/class", (), False),
    ],
)
def test_what_is_promised(cell: str, beyond: tuple[str, ...], *, promised: bool) -> None:
    assert is_promised(make_scenario(beyond=beyond), make_cell(cell)) is promised


def test_scenarios_are_read_as_the_probe_lists_them() -> None:
    listed = """[{"id": "order.first", "defined_in": "repros.order", "name": "first", "summary": "Comes first.",
      "expressions": ["Box[int]", "Pair[int, str]"], "module": "repros.models", "before": "import this",
      "warm": ["Box[int]"], "warm_before": "import that", "beyond": ["instance"]}]"""

    assert read_scenarios(json.loads(listed)) == (
        Scenario(
            id="order.first",
            defined_in="repros.order",
            name="first",
            summary="Comes first.",
            expressions=("Box[int]", "Pair[int, str]"),
            module="repros.models",
            before="import this",
            warm=("Box[int]",),
            warm_before="import that",
            beyond=("instance",),
        ),
    )
    assert read_scenarios([]) == ()


def test_the_family_is_the_part_before_the_dot() -> None:
    assert make_scenario("order.first").family == "order"
