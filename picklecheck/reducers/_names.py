"""Annotated aliases that only their name can bring to another process.

``Bounded = Annotated[int, Field(gt=0)]``: metadata such as the result of ``Field()`` is equal to itself alone, so a
copy of the alias is not equal to ``Bounded``, and ``Box[copy]`` is not ``Box[Bounded]`` (seen on Pydantic 2.0 to 2.14).
Where the alias is a module's global, which is how one is shared, it is stored as "module + name". One that was written
within the brackets has no name; it is stored by value, and not even the sender gets the same class for it twice.
To be removed when FieldInfo has an ``__eq__`` and a ``__hash__``.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

# Where an alias was found the last time, by its id: verified before it is believed.
_places: dict[int, tuple[str, str]] = {}


class NamedGlobal:
    """Stands in a pickle stream for a global that cannot pickle itself by reference."""

    __slots__ = ("_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return getattr, (_Module(self._module), self._name)


class _Module:
    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return importlib.import_module, (self._name,)


def by_name(value: Any) -> NamedGlobal | None:
    """Return the reference to an alias that has to go by its name; None if it need not, or has none."""
    if not any(_equals_itself_alone(item) for item in getattr(value, "__metadata__", ())):
        return None
    place = _places.get(id(value))
    if place is None or getattr(sys.modules.get(place[0]), place[1], None) is not value:
        place = _find(value)
        if place is None:
            return None
        _places[id(value)] = place
    return NamedGlobal(*place)


def _equals_itself_alone(item: Any) -> bool:
    if isinstance(item, (type, types.FunctionType, types.BuiltinFunctionType)):
        return False  # these go by name themselves
    equality: object = type(item).__eq__
    return equality is object.__eq__


def _find(value: Any) -> tuple[str, str] | None:
    main = sys.modules.get("__main__")  # the receiver has another one; multiprocessing calls it __mp_main__, too
    for module_name, module in list(sys.modules.items()):
        if module is main or module_name == "__mp_main__" or not isinstance(module, types.ModuleType):
            continue
        for name, found in list(vars(module).items()):
            if found is value:
                return module_name, name
    return None
