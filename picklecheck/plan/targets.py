"""Targets: values of the user's own, as ``module:name`` or ``path.py:name``. Nothing is imported or run here. Pure."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError
from picklecheck.model import Scenario, is_script, is_target, scenario_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_TARGET = re.compile(rf"{_NAMES}:{_NAMES}")
_SCRIPT = re.compile(rf"[^\0-\x1f]*\.py:{_NAMES}")
_HINT = (
    "A target reads MODULE:NAME, as in myapp.jobs:example_order, or SCRIPT.py:NAME: a function that returns the value,"
    " or the value."
)


def targets_in(selection: Iterable[str]) -> tuple[Scenario, ...]:
    """Return the targets among the words of a selection (ids of their cells count), each once; raises UsageError."""
    names = (scenario_of(word) for word in selection)
    return tuple(_parse(name) for name in dict.fromkeys(names) if is_target(name))


def _parse(name: str) -> Scenario:
    module, _, attribute = name.rpartition(":")
    shape, words = (_SCRIPT, attribute) if is_script(name) else (_TARGET, name)
    if not shape.fullmatch(name) or any(map(keyword.iskeyword, re.split(r"[.:]", words))):
        msg = f"{name!r} is no target."
        raise UsageError(msg, _HINT)
    return Scenario(
        id=name,
        defined_in=module,
        name=attribute,
        summary="",
        expressions=(),
        module=module,
        before="",
        warm=(),
        warm_before="",
        beyond=(),
    )
