"""Type arguments that only a name can bring to another process, and not the name that they give themselves.

*Type variables.* ``_T = TypeVar("T")`` says of itself that it is called ``T``, and pickle believes it. The name that
its module has it by is stored instead. To be removed when a TypeVar knows where it stands.

*Annotated aliases.* In ``Bounded = Annotated[int, Field(gt=0)]``, metadata such as the result of ``Field()`` is equal
to itself alone, so a copy of the alias is not equal to ``Bounded``, and ``Box[copy]`` is not ``Box[Bounded]`` (seen on
Pydantic 2.0 to 2.14); the same holds for ``SerializeAsAny``, whose hash is its identity, and for validators without a
name. Where the alias is a module's global, which is how one is shared, it is stored as "module + name". One that was
written within the brackets has no name; it is stored by value, and not even the sender gets the same class twice.
"""

from __future__ import annotations

import sys
from typing import Any

from ._globals import MAIN, Modules, NamedGlobal, is_among, is_global
from ._namespaces import namespace_of
from ._proof import proof_of

NOWHERE = Modules()
# Where an alias was found the last time, by its id: verified before it is believed.
_places: dict[int, tuple[str, str]] = {}

# What comes back as itself, and so does a bound or a length of annotated_types that holds it.
_PLAIN = (str, bytes, int, bool, type(None))


def parameter_by_name(parameter: Any, modules: Modules = NOWHERE) -> NamedGlobal | None:
    """Return the reference to a type variable whose module has it by another name; None for its own, or for none."""
    if is_among(parameter.__module__, (*MAIN, *modules.copied)) or is_global(parameter, parameter.__name__):
        return None
    name = _name_in(parameter.__module__, parameter)
    return None if name is None else NamedGlobal(parameter.__module__, name)


def alias_by_name(value: Any, modules: Modules = NOWHERE) -> NamedGlobal | None:
    """Return the reference to an alias that has to go by its name; None if it need not, or has none.

    A name in a module that is near is preferred to any other.
    """
    if not _needs_a_name(value):
        return None
    excluded = (*MAIN, *modules.copied)
    place = _places.get(id(value))
    if place is None or place[0] not in modules.near or is_among(place[0], excluded) or not _holds(place, value):
        place = _find(value, modules.near, excluded)
        if place is None:
            return None
        _places[id(value)] = place
    return NamedGlobal(*place)


def _holds(place: tuple[str, str], value: Any) -> bool:
    return namespace_of(sys.modules.get(place[0])).get(place[1]) is value


def _needs_a_name(value: Any) -> bool:
    metadata = getattr(value, "__metadata__", ())
    return any(not (_is_plain(item) or proof_of(item, item).is_certain) for item in metadata)


def _is_plain(item: Any) -> bool:
    kind = type(item)
    if kind.__module__ != "annotated_types":
        return kind in _PLAIN
    names = getattr(kind, "__dataclass_fields__", None)
    return names is not None and all(type(getattr(item, name, item)) in _PLAIN for name in names)


def _name_in(module: str, value: Any) -> str | None:
    namespace = namespace_of(sys.modules.get(module))
    return next((name for name, found in namespace.copy().items() if found is value), None)


def _find(value: Any, near: tuple[str, ...], excluded: tuple[str, ...]) -> tuple[str, str] | None:
    main = sys.modules.get("__main__")
    for module in dict.fromkeys([*near, *sys.modules.copy()]):
        if sys.modules.get(module) is not main and not is_among(module, excluded):
            name = _name_in(module, value)
            if name is not None:
                return module, name
    return None
