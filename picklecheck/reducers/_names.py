"""Type arguments that only a name can bring to another process, and not the name that they give themselves.

*Type variables.* ``_T = TypeVar("T")`` says of itself that it is called ``T``, and pickle believes it. The name that
its module has it by is stored instead. To be removed when a TypeVar knows where it stands.

*Annotated aliases.* In ``Bounded = Annotated[int, Field(gt=0)]``, metadata such as the result of ``Field()`` is equal
to itself alone, so a copy of the alias is not equal to ``Bounded``, and ``Box[copy]`` is not ``Box[Bounded]`` (seen on
Pydantic 2.0 to 2.14). Where the alias is a module's global, which is how one is shared, it is stored as "module +
name". One that was written within the brackets has no name; it is stored by value, and not even the sender gets the
same class for it twice. If the class itself is a global, it goes by its own name then, as it does without us. To be
removed when FieldInfo has an ``__eq__`` and a ``__hash__``.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

from ._namespaces import namespace_of

# The receiver has another one; multiprocessing calls the sender's by the second name, too.
_MAIN = ("__main__", "__mp_main__")

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


def is_global(value: Any, path: str) -> bool:
    """Tell whether pickle finds a value as "module + name"; without a module, pickle searches for itself."""
    if value.__module__ is None:
        return True
    found: Any = sys.modules.get(value.__module__)
    for name in path.split("."):
        found = getattr(found, name, None)
    return found is value


def parameter_by_name(parameter: Any) -> NamedGlobal | None:
    """Return the reference to a type variable whose module has it by another name; None for its own, or for none."""
    if parameter.__module__ in _MAIN or is_global(parameter, parameter.__name__):
        return None
    module = sys.modules.get(parameter.__module__)
    names = [name for name, found in namespace_of(module).copy().items() if found is parameter]
    return NamedGlobal(parameter.__module__, names[0]) if names else None


def alias_by_name(value: Any) -> NamedGlobal | None:
    """Return the reference to an alias that has to go by its name; None if it need not, or has none."""
    if not _needs_a_name(value):
        return None
    place = _places.get(id(value))
    if place is None or getattr(sys.modules.get(place[0]), place[1], None) is not value:
        place = _find(value)
        if place is None:
            return None
        _places[id(value)] = place
    return NamedGlobal(*place)


def is_nameless(value: Any) -> bool:
    """Tell whether an alias has to go by its name, and has none: no copy of it is equal to it."""
    return _needs_a_name(value) and alias_by_name(value) is None


def _needs_a_name(value: Any) -> bool:
    return any(_equals_itself_alone(item) for item in getattr(value, "__metadata__", ()))


def _equals_itself_alone(item: Any) -> bool:
    if isinstance(item, (type, types.FunctionType, types.BuiltinFunctionType)):
        return False  # these go by name themselves
    equality: object = type(item).__eq__
    return equality is object.__eq__


def _find(value: Any) -> tuple[str, str] | None:
    main = sys.modules.get("__main__")
    for module_name, module in sys.modules.copy().items():
        if module is main or module_name in _MAIN:
            continue
        for name, found in namespace_of(module).copy().items():
            if found is value:
                return module_name, name
    return None
