"""Which expression yields a specialization."""

from __future__ import annotations

import itertools
import weakref
from contextlib import suppress
from typing import Any, Generic, Iterator, NamedTuple

from pydantic import BaseModel

from ._per_class import PerClass
from ._specialization import METACLASS, origin_and_arguments, parameters_of

_generics: Any = None
with suppress(ImportError):
    from pydantic._internal import _generics


class Expression(NamedTuple):
    """``subject[arguments]``, where an ``overrider`` is given without that class's ``__class_getitem__``."""

    subject: type
    arguments: tuple[Any, ...]
    overrider: type | None = None


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
    exception = _exceptions.get(weakref.ref(cls))
    if exception is None:
        exception = _exceptions.put(cls, _exception_for(cls, Expression(*ruling)))
    if exception is _RULE:
        return Expression(*ruling)
    return None if exception is _NOTHING else exception


_RULE = Expression(object, ("the rule",))
_NOTHING = Expression(object, ("nothing",))

# Pydantic's cache holds the arguments of a class as long as it lives; so these keep nothing alive that would not be.
_exceptions: PerClass[Expression] = PerClass()


def _exception_for(cls: type, rule: Expression) -> Expression:
    try:
        hash(rule.arguments)
    except TypeError:
        return _RULE  # don't create a class to look at it
    nearest = _NOTHING
    for candidate in itertools.chain([rule], _completions(cls), _inherited(rule)):
        name = _RULE if candidate is rule else candidate
        found = evaluated(candidate)
        if found is cls:
            return name
        if nearest is _NOTHING and isinstance(found, type) and origin_and_arguments(found) == rule[:2]:
            nearest = name
    return nearest


def _completions(cls: type) -> Iterator[Expression]:
    """Yield the steps that Pydantic's cache has for a class: what stood left of the brackets, and what within.

    The arguments cannot be found from the outside: ``Optional[T]`` becomes a plain union when ``T`` is replaced by one,
    for instance. The cache is the same from Pydantic 2.0 to 2.14 (``_early_cache_key``: class, arguments, and more).
    """
    cache: Any = getattr(_generics, "_GENERIC_TYPES_CACHE", None)
    # A WeakValueDictionary: threads and the garbage collector may change it at any moment. A copy is made in one step.
    for key, reference in getattr(cache, "data", {}).copy().items():
        if reference() is cls and len(key) > 1 and issubclass(type(key[0]), METACLASS) and isinstance(key[1], tuple):
            yield Expression(key[0], key[1])


def _inherited(rule: Expression) -> Iterator[Expression]:
    """Yield the methods that a model's own ``__class_getitem__`` covers."""
    for base in rule.subject.__mro__:
        if base in (BaseModel, Generic):
            return
        if "__class_getitem__" in vars(base):
            yield rule._replace(overrider=base)


def evaluated(expression: Expression) -> Any:
    """Return the class that an expression yields in this process; None where it fails."""
    subject: Any = expression.subject
    overrider: Any = expression.overrider
    try:
        if overrider is None:
            return subject[expression.arguments]
        return super(overrider, subject).__class_getitem__(expression.arguments)
    except Exception:  # noqa: BLE001 - a model may define __class_getitem__; whatever it does, this yields no class
        return None


def arguments_within(value: Any) -> tuple[Any, ...]:
    """Return the types that a type mentions; of a generic model without arguments, its parameters."""
    if isinstance(value, tuple):
        return value
    if issubclass(type(value), METACLASS):  # Box[T] is Box
        ruling = origin_and_arguments(value)
        return parameters_of(value) if ruling is None else ruling[1]
    inner = getattr(value, "__args__", ())
    return inner if isinstance(inner, tuple) else ()
