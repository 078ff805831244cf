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
from typing import TYPE_CHECKING, Any

from ._globals import MAIN, NamedGlobal, is_global
from ._namespaces import namespace_of
from ._proof import proof_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# Where an alias was found the last time, by its id: verified before it is believed.
_places: dict[int, tuple[str, str]] = {}

# Metadata that comes back as itself, whatever it holds.
_PLAIN = (str, bytes, int, bool, type(None))


def parameter_by_name(parameter: Any) -> NamedGlobal | None:
    """Return the reference to a type variable whose module has it by another name; None for its own, or for none."""
    if parameter.__module__ in MAIN or is_global(parameter, parameter.__name__):
        return None
    name = _name_in(parameter.__module__, parameter)
    return None if name is None else NamedGlobal(parameter.__module__, name)


def alias_by_name(value: Any, near: Iterable[str] = ()) -> NamedGlobal | None:
    """Return the reference to an alias that has to go by its name; None if it need not, or has none.

    A name in one of the modules ``near`` is preferred to any other.
    """
    if not _needs_a_name(value):
        return None
    for module in near:
        name = _name_in(module, value)
        if name is not None:
            return NamedGlobal(module, name)
    place = _places.get(id(value))
    if place is None or getattr(sys.modules.get(place[0]), place[1], None) is not value:
        place = _find(value)
        if place is None:
            return None
        _places[id(value)] = place
    return NamedGlobal(*place)


def _needs_a_name(value: Any) -> bool:
    metadata = getattr(value, "__metadata__", ())
    return any(type(item) not in _PLAIN and not proof_of(item, item).is_certain for item in metadata)


def _name_in(module: str, value: Any) -> str | None:
    namespace = namespace_of(sys.modules.get(module))
    return next((name for name, found in namespace.copy().items() if found is value), None)


def _find(value: Any) -> tuple[str, str] | None:
    main = sys.modules.get("__main__")
    for module_name, module in sys.modules.copy().items():
        if module is main or module_name in MAIN:
            continue
        name = _name_in(module_name, value)
        if name is not None:
            return module_name, name
    return None
