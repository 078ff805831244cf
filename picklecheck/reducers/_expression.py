"""Which expression yields a specialization."""

from __future__ import annotations

import weakref
from typing import Any, Generic, Iterator, NamedTuple

from pydantic import BaseModel

from ._specialization import METACLASS, origin_and_arguments, parameters_of


class Expression(NamedTuple):
    """``subject[arguments]``, where an ``overrider`` is given without that class's ``__class_getitem__``."""

    subject: type
    arguments: tuple[Any, ...]
    overrider: type | None = None


# Only the exceptions to "origin[arguments]", and None for the rule; "nothing" is an exception, too.
_exceptions: weakref.WeakKeyDictionary[type, Expression | None] = weakref.WeakKeyDictionary()
_NOTHING = Expression(object, ())


def expression_of(cls: type) -> Expression | None:
    """Return what yields a specialization; None for any other class, and where nothing yields it.

    That is its origin and arguments, with two exceptions, each verified by its result:

    - A partial specialization was completed: ``Pair[int, T][str]`` is not ``Pair[int, str]``, in any Pydantic from 2.0
      to 2.14, although origin, arguments and name are the same (the number of arguments of the last step is part of
      Pydantic's cache key, see _late_cache_key in its _internal/_generics.py). There it is ``(Pair[int, T], (str,))``.
      To be removed when Pydantic makes one class of the two.
    - A model's own ``__class_getitem__`` made other arguments of those that it was given, and would do so again. There
      it is the inherited method.

    Nothing yields a class with unhashable arguments (Pydantic 2.14 accepts them, and creates a new class each time) nor
    the copy of a class that cloudpickle shipped by value; for these, origin and arguments are what comes nearest.
    """
    ruling = origin_and_arguments(cls)
    if ruling is None:
        return None
    rule = Expression(*ruling)
    try:
        exception = _exceptions[cls]
    except KeyError:
        exception = _exceptions.setdefault(cls, _exception_for(cls, rule))
    if exception is None:
        return rule
    return None if exception is _NOTHING else exception


def _exception_for(cls: type, rule: Expression) -> Expression | None:
    """Return None where the rule holds."""
    try:
        hash(rule.arguments)
    except TypeError:
        return None  # don't create a class to look at it
    nearest = None
    for candidate in (rule, *_completions(rule), *_inherited(rule)):
        found = _evaluated(candidate)
        if found is cls:
            return None if candidate is rule else candidate
        if nearest is None and isinstance(found, type) and origin_and_arguments(found) == rule[:2]:
            nearest = candidate
    return None if nearest is rule else nearest or _NOTHING


def _evaluated(expression: Expression) -> Any:
    subject: Any = expression.subject
    overrider: Any = expression.overrider
    try:
        if overrider is None:
            return subject[expression.arguments]
        return super(overrider, subject).__class_getitem__(expression.arguments)
    except Exception:  # noqa: BLE001 - a model may define __class_getitem__; whatever it does, this yields no class
        return None


def _completions(rule: Expression) -> Iterator[Expression]:
    """Yield the completions of partial specializations that may come to the same; a guess, which has to be verified."""
    for partial, pattern in _partial_specializations(rule.subject):
        found: dict[Any, Any] = {}
        parameters = parameters_of(partial)
        _match(pattern, rule.arguments, parameters, found)
        if len(found) == len(parameters):
            yield Expression(partial, tuple(found[parameter] for parameter in parameters))


def _inherited(rule: Expression) -> Iterator[Expression]:
    """Yield the methods that a model's own ``__class_getitem__`` covers."""
    for base in rule.subject.__mro__:
        if base in (BaseModel, Generic):
            return
        if "__class_getitem__" in vars(base):
            yield rule._replace(overrider=base)


def _partial_specializations(origin: type) -> Iterator[tuple[type, tuple[Any, ...]]]:
    """Yield those of an origin, with their arguments. While its completion lives, each is alive."""
    subclasses: list[type] = type.__subclasses__(origin)
    for subclass in subclasses:
        ruling = origin_and_arguments(subclass)
        if ruling is not None and ruling[0] is origin and parameters_of(subclass):
            yield subclass, ruling[1]


def _match(pattern: Any, value: Any, parameters: tuple[Any, ...], found: dict[Any, Any]) -> None:
    """Collect what stands in ``value`` at the parameters' places in ``pattern``."""
    if any(pattern is parameter for parameter in parameters):
        found.setdefault(pattern, value)
        return
    for inner_pattern, inner_value in zip(arguments_within(pattern), arguments_within(value)):
        _match(inner_pattern, inner_value, parameters, found)


def arguments_within(value: Any) -> tuple[Any, ...]:
    """Return the types that a type mentions; of a generic model without arguments, its parameters."""
    if isinstance(value, tuple):
        return value
    if issubclass(type(value), METACLASS):  # Box[T] is Box
        ruling = origin_and_arguments(value)
        return parameters_of(value) if ruling is None else ruling[1]
    inner = getattr(value, "__args__", ())
    return inner if isinstance(inner, tuple) else ()
