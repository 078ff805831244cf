"""What the catalogue promises."""

from __future__ import annotations

import pytest
from report_builders import make_cell, make_scenario

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
