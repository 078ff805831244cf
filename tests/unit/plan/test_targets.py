"""Targets: values of the user's own, by their names."""

from __future__ import annotations

import pytest

from picklecheck.errors import UsageError
from picklecheck.model import Scenario
from picklecheck.plan.targets import targets_in

ORDER = "myapp.jobs:example_order"


def test_a_target_is_known_by_its_name_alone() -> None:
    assert targets_in([ORDER]) == (
        Scenario(
            id=ORDER,
            defined_in="myapp.jobs",
            name="example_order",
            summary="",
            expressions=(),
            module="myapp.jobs",
            before="",
            warm=(),
            warm_before="",
            beyond=(),
        ),
    )
    assert targets_in([ORDER])[0].is_target
    assert targets_in([ORDER])[0].family == "myapp.jobs"


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        ([], []),
        (["shapes.box", "shapes.*", "shapes.box/pickle/main/cold/none"], []),
        ([ORDER, "shapes.box"], [ORDER]),
        (["b:y", "a:x", "b:y"], ["b:y", "a:x"]),
        ([f"{ORDER}/pickle/own/cold/none"], [ORDER]),
        ([f"{ORDER}/pickle:4/own/cold/none", ORDER, f"{ORDER}/dill/own/warm/class"], [ORDER]),
        (["jobs:Factory.make.order"], ["jobs:Factory.make.order"]),
        (["größe:maß_1", "_a._b:__c"], ["größe:maß_1", "_a._b:__c"]),
        (["shapes.box/pickle:4/main/cold/none"], []),
    ],
)
def test_the_targets_among_the_words_of_a_selection_come_once_and_in_order(
    selection: list[str], names: list[str]
) -> None:
    assert [one.id for one in targets_in(selection)] == names


@pytest.mark.parametrize(
    "name",
    [
        ":",
        "jobs:",
        ":order",
        "jobs:order:x",
        "jobs:1order",
        "1jobs:order",
        "my-app:order",
        "jobs:order()",
        "jobs:orders[0]",
        "jobs: order",
        "jobs:order\n",
        ".jobs:order",
        "jobs.:order",
        "a..b:order",
        "jobs:order.",
        "jobs:*",
    ],
)
def test_what_is_no_target_is_refused_by_name(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        targets_in(["jobs:fine", name])

    assert caught.value.message == f"{name!r} is no target."
    assert caught.value.hint.startswith("A target reads MODULE:NAME, as in myapp.jobs:example_order")
