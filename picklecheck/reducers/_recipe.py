"""A specialization as a recipe that pickle writes down."""

from __future__ import annotations

import copyreg
import operator
import sys
from pickle import PicklingError
from typing import TYPE_CHECKING, Any

from ._arguments import with_references
from ._expression import expression_of
from ._propagation import propagation
from ._specialization import Recipe, origin_and_arguments, parameters_of

if TYPE_CHECKING:
    from ._arguments import Refer
    from ._expression import Expression

# Aliases have one recipe for all protocols from 2 on.
_PROTOCOL = 2


def recipe_of(expression: Expression, refer: Refer, protocol: int) -> tuple[Any, ...]:
    """Write an expression down in terms of the standard library, with ``refer(cls)`` for each specialization in it."""
    subject, arguments = with_references((expression.subject, expression.arguments), refer, protocol)
    subject = propagation.wrap(subject)
    if expression.overrider is None:
        return operator.getitem, (subject, arguments)
    return operator.methodcaller("__class_getitem__", arguments), (_Super(expression.overrider, subject),)


def specialization_recipe(cls: type) -> tuple[Any, ...] | None:
    """Return the recipe of a specialization, or None for any other class, and where nothing yields it.

    Specializations among the arguments are left to the pickler, which meets them next.
    """
    expression = expression_of(cls)
    return None if expression is None else recipe_of(expression, _itself, _PROTOCOL)


def checked_recipe(cls: type) -> tuple[Any, ...] | None:
    """Return the recipe of a specialization for a pickler that stores classes and type variables by name alone.

    Raises PicklingError for what would fail here or in the receiver: its message names the place and the way out.
    """
    recipe = specialization_recipe(cls)
    if recipe is not None:
        for parameter in parameters_of(cls):
            _check_parameter(parameter, cls)
    elif origin_and_arguments(cls) is not None and not _is_found(cls, cls.__qualname__):
        message = (
            f"Can't pickle {cls!r}: no expression yields it again, since a __class_getitem__ of its own made other "
            "arguments of those that it was given; define a subclass of it at module scope, and use that"
        )
        raise PicklingError(message)
    return recipe


def reduce_specialization(cls: type) -> Recipe:
    """Reduce a class, for a pickler or ``dispatch_table`` of your own.

    A specialization becomes ``operator.getitem(origin, arguments)``, any other class its qualified name (that is: a
    reference, what pickle does by default). Register it for ``type(BaseModel)`` and each metaclass derived from it;
    classes among the arguments come back to the same pickler::

        pickler.dispatch_table = {**copyreg.dispatch_table, type(BaseModel): reduce_specialization}

    Raises PicklingError for a partial specialization with a type variable that is not at module scope.
    """
    return checked_recipe(cls) or cls.__qualname__


def _check_parameter(parameter: Any, cls: type) -> None:
    if type(parameter) not in copyreg.dispatch_table and not _is_found(parameter, parameter.__name__):
        message = (
            f"Can't pickle {cls!r}: its type variable {parameter!r} is not found as "
            f"{parameter.__module__}.{parameter.__name__}; define it at module scope there, under that name, or "
            "give the model its remaining arguments before you pickle it"
        )
        raise PicklingError(message)


def _is_found(value: Any, path: str) -> bool:
    """Tell whether a global can be stored as "module + name"; None for a module leaves that to pickle's own search."""
    if value.__module__ is None:
        return True
    found: Any = sys.modules.get(value.__module__)
    for name in path.split("."):
        found = getattr(found, name, None)
    return found is value


class _Super:
    """Stands in a pickle stream for ``super(overrider, subject)``."""

    __slots__ = ("_overrider", "_subject")

    def __init__(self, overrider: type, subject: Any) -> None:
        self._overrider = overrider
        self._subject = subject

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return super, (self._overrider, self._subject)


def _itself(cls: type) -> type:
    return cls
