"""What pickle stores as "module + name", and finds again by that."""

from __future__ import annotations

import importlib
import sys
from typing import Any, NamedTuple, Tuple

# The receiver has another one; multiprocessing calls the sender's by the second name, too.
MAIN = ("__main__", "__mp_main__")


class Modules(NamedTuple):
    """Which modules a payload may lean on.

    Whoever loads it imports those that are ``near`` in any case; of those that are ``copied`` the pickler brings the
    classes along, by value, and the receiver need not have them.
    """

    near: Tuple[str, ...] = ()  # noqa: UP006 - Python 3.8 evaluates it
    copied: Tuple[str, ...] = ()  # noqa: UP006


def is_among(module: str, modules: tuple[str, ...]) -> bool:
    """Tell whether a module, or a package that it is in, is one of those."""
    return any(module == name or module.startswith(name + ".") for name in modules)


class NamedGlobal:
    """Stands in a pickle stream for a global that cannot pickle itself by reference."""

    __slots__ = ("_name", "module")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self._name = name

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return getattr, (_Module(self.module), self._name)


class _Module:
    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return importlib.import_module, (self._name,)


def is_global(value: Any, path: str) -> bool:
    """Tell whether pickle finds a value as "module + name"; without a module, pickle searches for itself."""
    if value.__module__ is None:
        return True
    found: Any = sys.modules.get(value.__module__)
    for name in path.split("."):
        found = getattr(found, name, None)
    return found is value
