"""Targets: values of the user's own, named as ``module:name``. Their modules are never imported here. Pure."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError
from picklecheck.model import Scenario, is_target

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_TARGET = re.compile(rf"{_NAMES}:{_NAMES}")
_HINT = "A target reads MODULE:NAME, as in myapp.jobs:example_order: a function that returns the value, or the value."


def targets_in(selection: Iterable[str]) -> tuple[Scenario, ...]:
    """Return the targets among the words of a selection (ids of their cells count), each once; raises UsageError."""
    names = (word.partition("/")[0] for word in selection)
    return tuple(_parse(name) for name in dict.fromkeys(names) if is_target(name))


def _parse(name: str) -> Scenario:
    if not _TARGET.fullmatch(name) or any(map(keyword.iskeyword, re.split(r"[.:]", name))):
        msg = f"{name!r} is no target."
        raise UsageError(msg, _HINT)
    module, _, attribute = name.partition(":")
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
