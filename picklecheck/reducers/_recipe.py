"""A specialization as a recipe that pickle writes down."""

from __future__ import annotations

import copyreg
import operator
import weakref
from pickle import PicklingError
from typing import TYPE_CHECKING, Any

from ._arguments import with_references
from ._expression import arguments_within, expression_of
from ._names import is_global, is_nameless, parameter_by_name
from ._per_class import PerClass
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


# What is known of a class that has no surprises: True for a specialization whose recipe is what Pydantic notes of it,
# with nothing to rewrite and nothing to check; False for a class that is none.
_is_plain_specialization: PerClass[bool] = PerClass()


def specialization_recipe(cls: type, *, by_name: bool = False) -> tuple[Any, ...] | None:
    """Return the recipe of a specialization, or None for any other class, and where nothing yields it.

    Specializations among the arguments are left to the pickler, which meets them next. ``by_name`` is for picklers that
    store other classes and type variables by name alone: it raises PicklingError for what would fail here or in the
    receiver, and the message names the place and the way out.
    """
    is_plain = _is_plain_specialization.get(weakref.ref(cls))
    if is_plain is False:
        return None
    if is_plain and propagation.level is None:
        metadata: Any = cls.__pydantic_generic_metadata__  # type: ignore[attr-defined]
        return operator.getitem, (metadata["origin"], metadata["args"])
    ruling = origin_and_arguments(cls)
    if ruling is None:
        _is_plain_specialization.put(cls, False)
        return None
    expression = None if goes_by_its_name(cls) else expression_of(cls)
    recipe = None if expression is None else recipe_of(expression, _itself, _PROTOCOL)
    if by_name:
        recipe = _checked(cls, recipe)
    if recipe is not None and recipe[1] == ruling and not parameters_of(cls) and not is_annotated(ruling):
        _is_plain_specialization.put(cls, True)
    return recipe


def goes_by_its_name(cls: type) -> bool:
    """Tell whether a specialization is a global, and no copy of its arguments would yield it."""
    ruling = origin_and_arguments(cls)
    if not is_global(cls, cls.__qualname__):
        return False
    try:
        hash(ruling)
    except TypeError:
        return True
    return is_annotated(ruling) and _leads_to_the_nameless(ruling)


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
    obstacle = _obstacle(cls, recipe)
    if obstacle is None:
        return recipe
    if is_global(cls, cls.__qualname__):
        return None  # no better than without us, and no worse: a receiver that evaluated the specialization has it
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


def _itself(cls: type) -> type:
    return cls


def _leads_to_the_nameless(value: Any) -> bool:
    return is_nameless(value) or any(_leads_to_the_nameless(one) for one in arguments_within(value))


def is_annotated(value: Any) -> bool:
    """Tell whether a type argument has metadata in it, which may have to go by a name; names come and go."""
    return hasattr(value, "__metadata__") or any(is_annotated(one) for one in arguments_within(value))
