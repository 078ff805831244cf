"""What a specialization is, and which expression yields it."""

from __future__ import annotations

import operator
import weakref
from typing import Any, Iterator, Tuple, Union, cast

from pydantic import BaseModel

METACLASS: type = type(BaseModel)

# What a reducer may return (pickle's __reduce__ protocol): a global's name, or a callable with its arguments.
Recipe = Union[str, Tuple[Any, ...]]

# The class left of the brackets and the tuple within.
Expression = Tuple[type, Tuple[Any, ...]]


def origin_and_arguments(cls: type) -> Expression | None:
    """Return ``(Box, (int,))`` for ``Box[int]``, and None for every class that somebody wrote in a source file.

    Only the class's own dictionary counts: whatever else it inherits, a named subclass is not a specialization.
    """
    metadata = cls.__dict__.get("__pydantic_generic_metadata__")
    if not metadata or metadata["origin"] is None:
        return None
    return metadata["origin"], metadata["args"]


def is_specialization(value: object) -> bool:
    """Tell whether a value is a class that Pydantic created for a generic model and its arguments.

    The type is asked, not ``isinstance``: a proxy's ``__class__`` is a property that may do anything.
    """
    return issubclass(type(value), METACLASS) and origin_and_arguments(cast("type", value)) is not None


# Only the exceptions to "origin[arguments]", and None for the rule.
_completed: weakref.WeakKeyDictionary[type, Expression | None] = weakref.WeakKeyDictionary()


def expression_of(cls: type) -> Expression | None:
    """Return what yields a specialization when the first is indexed with the second; None for any other class.

    That is the origin and the arguments, unless a partial specialization was completed: ``Pair[int, T][str]`` is not
    ``Pair[int, str]``, in any Pydantic from 2.0 to 2.14, although origin, arguments and name are the same (the number
    of arguments of the last step is part of Pydantic's cache key, see _late_cache_key in its _internal/_generics.py).
    There it is ``(Pair[int, T], (str,))``. To be removed when Pydantic makes one class of the two.
    """
    origin_expression = origin_and_arguments(cls)
    if origin_expression is None:
        return None
    try:
        exception = _completed[cls]
    except KeyError:
        exception = _completed.setdefault(cls, _completed_expression(cls, origin_expression))
    return exception or origin_expression


def _completed_expression(cls: type, origin_expression: Expression) -> Expression | None:
    """Find the partial specialization that was completed; None for the rule, and where nothing yields this class.

    (Nothing yields a copy of a class that cloudpickle shipped by value, nor one with unhashable arguments.)
    """
    origin, arguments = origin_expression
    try:
        hash(arguments)
    except TypeError:  # Pydantic 2.14 accepts these, and creates a new class each time.
        return None
    if _yields(origin_expression, cls):
        return None
    for partial, parameters, pattern in _partial_specializations(origin):
        found: dict[Any, Any] = {}
        _match(pattern, arguments, parameters, found)
        if len(found) == len(parameters):
            expression = (partial, tuple(found[parameter] for parameter in parameters))
            if _yields(expression, cls):
                return expression
    return None


def _yields(expression: Expression, cls: type) -> bool:
    try:
        return operator.getitem(*expression) is cls  # type: ignore[call-overload]
    except Exception:  # noqa: BLE001 - a model may define __class_getitem__; whatever it does, this is no way to cls
        return False


def _partial_specializations(origin: type) -> Iterator[tuple[type, tuple[Any, ...], tuple[Any, ...]]]:
    """Yield those of an origin, with their parameters and arguments. While its completion lives, each is alive."""
    subclasses: list[type] = type.__subclasses__(origin)
    for subclass in subclasses:
        expression = origin_and_arguments(subclass)
        parameters = subclass.__dict__.get("__pydantic_generic_metadata__", {}).get("parameters")
        if expression is not None and expression[0] is origin and parameters:
            yield subclass, parameters, expression[1]


def _match(pattern: Any, value: Any, parameters: tuple[Any, ...], found: dict[Any, Any]) -> None:
    """Collect what stands in ``value`` at the parameters' places in ``pattern``; a guess, which has to be verified."""
    if any(pattern is parameter for parameter in parameters):
        found.setdefault(pattern, value)
        return
    for inner_pattern, inner_value in zip(_arguments_within(pattern), _arguments_within(value)):
        _match(inner_pattern, inner_value, parameters, found)


def _arguments_within(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    if issubclass(type(value), METACLASS):  # Box[T] is Box
        metadata = value.__dict__.get("__pydantic_generic_metadata__", {})
        return metadata.get("args") or metadata.get("parameters") or ()
    inner = getattr(value, "__args__", ())
    return inner if isinstance(inner, tuple) else ()
