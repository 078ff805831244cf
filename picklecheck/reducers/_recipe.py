"""A specialization as a recipe that pickle writes down."""

from __future__ import annotations

import collections
import copyreg
import operator
import weakref
from pickle import PicklingError
from typing import TYPE_CHECKING, Any

from ._arguments import RewrittenAlias, with_references
from ._expression import expression_of
from ._globals import MAIN, Modules, is_among, is_global
from ._names import parameter_by_name
from ._per_class import PerClass
from ._propagation import propagation
from ._specialization import Recipe, origin_and_arguments, parameters_of
from ._way import PROTOCOL, Way, is_annotated, near, way_of

if TYPE_CHECKING:
    from ._arguments import Refer
    from ._expression import Expression


# What is known of a class that has no surprises: True for a specialization whose recipe is, for each pickler, what
# Pydantic notes of it, with nothing to rewrite and nothing to check; False for a class that is none.
_is_plain_specialization: PerClass[bool] = PerClass()


def is_known_as_none(cls: type) -> bool:
    """Has this class been found to be no specialization? What is not known may be one, or none."""
    return _is_plain_specialization.get(weakref.ref(cls)) is False


def specialization_recipe(
    cls: type, *, by_name: bool = False, by_value: tuple[str, ...] = ()
) -> tuple[Any, ...] | None:
    """Return the recipe of a specialization, or None for any other class, and where it goes by its name.

    Specializations among the arguments are left to the pickler, which meets them next. ``by_name`` is for picklers that
    store other classes and type variables by name alone: it raises PicklingError for what would fail here or in the
    receiver, and the message names the place and the way out. ``by_value`` names the modules whose classes the pickler
    copies.
    """
    is_plain = _is_plain_specialization.get(weakref.ref(cls))
    if is_plain is False:
        return None
    if is_plain and propagation.level is None and len(by_value) <= len(MAIN):
        metadata: Any = cls.__pydantic_generic_metadata__  # type: ignore[attr-defined]
        return operator.getitem, (metadata["origin"], metadata["args"])
    ruling = origin_and_arguments(cls)
    if ruling is None:
        _is_plain_specialization.put(cls, False)
        return None
    recipe = reference_recipe(cls, _itself, PROTOCOL, by_value)
    if by_name:
        recipe = _checked(cls, recipe)
    if recipe is not None and recipe[1] == ruling and not parameters_of(cls) and not is_annotated(ruling):
        is_plain = way_of(cls, MAIN) is Way.EXPRESSION and not _is_copied(ruling[0], MAIN)
        if is_plain:
            _is_plain_specialization.put(cls, True)
    return recipe


def reference_recipe(cls: type, refer: Refer, protocol: int, by_value: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Write a specialization down, with ``refer(cls)`` for each one in it; None where it goes by its name."""
    way = way_of(cls, by_value)
    expression = None if way is Way.NAME else expression_of(cls)
    if expression is None:
        return None
    recipe = _recipe_of(expression, refer, protocol, Modules(near(cls), by_value))
    if way is Way.MODULE_FIRST:
        return operator.getitem, ((_Located(cls.__module__), RewrittenAlias(recipe)), 1)
    if way is Way.NAME_OR_EXPRESSION:
        return getattr, (_Located(cls.__module__), cls.__qualname__, RewrittenAlias(recipe))
    return recipe


def _recipe_of(expression: Expression, refer: Refer, protocol: int, modules: Modules) -> tuple[Any, ...]:
    """Write an expression down in terms of the standard library."""
    original = (expression.subject, expression.arguments)
    subject, arguments = with_references(original, refer, protocol, modules)
    subject = propagation.wrap(subject)
    if expression.overrider is not None:
        return operator.methodcaller("__class_getitem__", arguments), (_Super(expression.overrider, subject),)
    if _is_copied(expression.subject, modules.copied):
        subject = _InAFunction(subject)
    return operator.getitem, (subject, arguments)


def _is_copied(subject: type, by_value: tuple[str, ...]) -> bool:
    """Tell whether a pickler copies the class left of the brackets, so that nothing imports its module."""
    if not by_value:
        return False
    ruling = origin_and_arguments(subject)
    origin = subject if ruling is None else ruling[0]
    return is_among(origin.__module__, by_value) or not is_global(origin, origin.__qualname__)


def reduce_specialization(cls: type) -> Recipe:
    """Reduce a class, for a pickler or ``dispatch_table`` of your own.

    A specialization becomes ``operator.getitem(origin, arguments)``, any other class its qualified name (that is: a
    reference, what pickle does by default). Register it for ``type(BaseModel)`` and each metaclass derived from it;
    classes among the arguments come back to the same pickler::

        pickler.dispatch_table = {**copyreg.dispatch_table, type(BaseModel): reduce_specialization}

    Raises PicklingError for a partial specialization with a type variable that is not at module scope.
    """
    return specialization_recipe(cls, by_name=True) or cls.__qualname__


def _checked(cls: type, recipe: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    """Return the recipe if it can be pickled by name, and None if the class itself is to go by its name."""
    if is_global(cls, cls.__qualname__):
        return recipe  # what cannot be pickled by name has none
    obstacle = _obstacle(cls, recipe)
    if obstacle is None:
        return recipe
    message = f"Can't pickle {cls!r}: {obstacle}"
    raise PicklingError(message)


def _obstacle(cls: type, recipe: tuple[Any, ...] | None) -> str | None:
    if recipe is None:
        return (
            "no expression yields it again, since a __class_getitem__ of its own made other arguments of those that it "
            "was given; define a subclass of it at module scope, and use that"
        )
    for parameter in parameters_of(cls):
        is_reducible = type(parameter) in copyreg.dispatch_table or parameter_by_name(parameter) is not None
        if not is_reducible and not is_global(parameter, parameter.__name__):
            return (
                f"its type variable {parameter!r} is not found as {parameter.__module__}.{parameter.__name__}; define "
                "it at module scope there, or give the model its remaining arguments before you pickle it"
            )
    return None


class _Super:
    """Stands in a pickle stream for ``super(overrider, subject)``."""

    __slots__ = ("_overrider", "_subject")

    def __init__(self, overrider: type, subject: Any) -> None:
        self._overrider = overrider
        self._subject = subject

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return super, (self._overrider, self._subject)


class _InAFunction:
    """Stands in a pickle stream for a copied class, so that ``[...]`` of it is evaluated in a function.

    Where a payload is loaded at module scope, Pydantic takes the evaluation for one that stands there, and up to 2.13
    looks up the module of the class, which the receiver need not have: KeyError. ``ChainMap.__getitem__`` is a function
    of Python's own that evaluates ``mapping[key]``. To be removed when Pydantic older than 2.14 is no longer supported.
    """

    __slots__ = ("_subject",)

    def __init__(self, subject: Any) -> None:
        self._subject = subject

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return collections.ChainMap, (self._subject,)


class _Located:
    """Stands in a pickle stream for a module that is imported where it is found; None arrives where it is not."""

    __slots__ = ("_module",)

    def __init__(self, module: str) -> None:
        self._module = module

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        import pydoc  # noqa: PLC0415 - some 5 ms, for the few classes that need it

        return pydoc.locate, (self._module,)


def _itself(cls: type) -> type:
    return cls
