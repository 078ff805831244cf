"""Type arguments with the specializations in them replaced by references, whatever alias they hide in.

Aliases are never taken apart with ``get_origin`` and ``get_args``: that loses the spelling (``typing.List[X]`` comes
back as ``list[X]``, which is another specialization). Every alias form knows how to pickle itself; its own recipe is
taken, the specializations in the recipe's arguments are replaced, and the rest is kept.
"""

from __future__ import annotations

import copyreg
import functools
import sys
import types
import typing
from typing import Any, Callable, cast

from ._names import NOWHERE, alias_by_name, parameter_by_name
from ._specialization import Recipe, is_specialization

if typing.TYPE_CHECKING:
    from ._globals import Modules

    # What stands for a specialization.
    Refer = Callable[[type], object]


def _alias_types() -> tuple[type, ...]:
    """Return the types whose subclasses make up all alias forms of this Python, typing_extensions' included."""
    # typing has one base class, without a public name, for typing.List[int], Union, Optional, Callable, Annotated,
    # ClassVar, Final, Required, Literal, Unpack and MyGeneric[int].
    found = [cast("type", type(typing.List[int]))]
    if sys.version_info >= (3, 9):
        found.append(types.GenericAlias)  # list[int], type[int], collections.abc.Callable[[int], int]
    if sys.version_info >= (3, 10):
        found.append(types.UnionType)  # int | str
    if sys.version_info >= (3, 11):
        # The recipe of *tuple[int] is next(iter(tuple[int])), with this iterator in it.
        unpacked: Any = tuple[int]
        found.append(type(iter(unpacked)))
    return tuple(found)


_ALIASES = _alias_types()
_SEQUENCES = (tuple, list, set, frozenset)
# typing's and typing_extensions', which are several classes, or one, depending on the Python.
_PARAMETERS = ("TypeVar", "ParamSpec", "TypeVarTuple")


class RewrittenAlias:
    """Stands in a pickle stream for an alias; never used as a type."""

    __slots__ = ("_recipe",)

    def __init__(self, recipe: tuple[Any, ...]) -> None:
        self._recipe = recipe

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return self._recipe


def with_references(  # noqa: PLR0911 - one a kind of value
    value: Any, refer: Refer, protocol: int, modules: Modules = NOWHERE
) -> Any:
    """Replace each specialization within a type argument by ``refer(specialization)``.

    Built-in containers and aliases are searched, at any depth; an alias or a type variable that has to go by another
    name than its own becomes a :class:`NamedGlobal`, of one of the ``modules``. What holds nothing
    of the kind is returned as the very same object. Everything else is left alone: plain classes, NewTypes; an instance
    of a model is data.
    """
    kind = type(value)
    if is_specialization(value):
        return refer(value)
    if kind in _SEQUENCES:
        return _sequence_with_references(value, refer, protocol, modules)
    if kind is dict:
        keys_and_values = tuple(value.items())
        rewritten = _sequence_with_references(keys_and_values, refer, protocol, modules)
        return value if rewritten is keys_and_values else dict(rewritten)
    if kind is typing.ForwardRef:
        return _forward_reference(value)
    if kind.__name__ in _PARAMETERS:
        return parameter_by_name(value, modules) or value
    if issubclass(kind, _ALIASES):
        named = alias_by_name(value, modules)
        if named is not None:
            return named
        recipe = _own_recipe(value, protocol)
        if isinstance(recipe, str):  # a bare typing.List on Python 3.8: a global
            return value
        arguments = with_references(recipe[1], refer, protocol, modules)
        return value if arguments is recipe[1] else RewrittenAlias((recipe[0], arguments, *recipe[2:]))
    return value


def _forward_reference(value: Any) -> RewrittenAlias:
    """``List["Node"]`` holds one: it cannot pickle itself (it keeps compiled code), and is equal to one made anew."""
    make: Any = typing.ForwardRef
    module = getattr(value, "__forward_module__", None)
    if module is not None:
        make = functools.partial(make, module=module)
    return RewrittenAlias((make, (value.__forward_arg__,)))


def _sequence_with_references(values: Any, refer: Refer, protocol: int, modules: Modules) -> Any:
    rewritten = [with_references(value, refer, protocol, modules) for value in values]
    if all(new is old for new, old in zip(rewritten, values)):
        return values
    return type(values)(rewritten)


def _own_recipe(alias: Any, protocol: int) -> Recipe:
    """How an alias pickles itself, found in the order in which pickle looks for it."""
    reduce = copyreg.dispatch_table.get(type(alias))  # int | str is registered there up to Python 3.13
    if reduce is not None:
        return reduce(alias)
    return cast("Recipe", alias.__reduce_ex__(protocol))
