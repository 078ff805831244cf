"""What modules hold, seen without touching them."""

from __future__ import annotations

import types
from typing import Any, cast


def namespace_of(module: object) -> dict[str, Any]:
    """Return what a module holds, without waking one that waits to be loaded by importlib.util.LazyLoader.

    sys.modules holds whatever programs put there; attribute access, getattr and vars included, could do anything.
    """
    if not issubclass(type(module), types.ModuleType):
        return {}
    return cast("dict[str, Any]", object.__getattribute__(module, "__dict__"))
