"""How the catalogue is read."""

from __future__ import annotations

import json

from report_builders import make_scenario

from picklecheck.model import Scenario
from picklecheck.plan.scenarios import read_scenarios


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
