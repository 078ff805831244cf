"""Which expression yields a specialization."""

from __future__ import annotations

import weakref
from typing import Any, Generic, Iterator, NamedTuple

from pydantic import BaseModel

from ._per_class import PerClass
from ._specialization import METACLASS, origin_and_arguments, parameters_of


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
    rule = Expression(*ruling)
    way = _ways.get(weakref.ref(cls))
    if way is None or way.is_lost:
        _ways.pop(weakref.ref(cls), None)
        way = _ways.put(cls, _find_way(cls, rule))
    return way.expression(rule)


class _Way:
    """How the expression for a class comes from its origin and arguments: the rule, if nothing else is said.

    It refers weakly to classes, and to no arguments: those may lead back to the class, and would keep it alive.
    """

    __slots__ = ("_leads_nowhere", "_overrider", "_partial")

    def __init__(
        self, *, partial: type | None = None, overrider: type | None = None, leads_nowhere: bool = False
    ) -> None:
        self._partial = None if partial is None else weakref.ref(partial)
        self._overrider = None if overrider is None else weakref.ref(overrider)
        self._leads_nowhere = leads_nowhere

    @property
    def is_lost(self) -> bool:
        """Whether the partial specialization is no more."""
        return self._partial is not None and self._partial() is None

    def expression(self, rule: Expression) -> Expression | None:
        if self._leads_nowhere:
            return None
        partial = None if self._partial is None else self._partial()
        if partial is not None:
            return _completion(partial, rule)
        return rule if self._overrider is None else rule._replace(overrider=self._overrider())


_ways: PerClass[_Way] = PerClass()


def _find_way(cls: type, rule: Expression) -> _Way:
    try:
        hash(rule.arguments)
    except TypeError:
        return _Way()  # don't create a class to look at it
    nearest = None
    for way in (_Way(), *_completing(rule.subject), *_inheriting(rule.subject)):
        candidate = way.expression(rule)
        found = None if candidate is None else _evaluated(candidate)
        if found is cls:
            return way
        if nearest is None and isinstance(found, type) and origin_and_arguments(found) == rule[:2]:
            nearest = way
    return nearest or _Way(leads_nowhere=True)


def _evaluated(expression: Expression) -> Any:
    subject: Any = expression.subject
    overrider: Any = expression.overrider
    try:
        if overrider is None:
            return subject[expression.arguments]
        return super(overrider, subject).__class_getitem__(expression.arguments)
    except Exception:  # noqa: BLE001 - a model may define __class_getitem__; whatever it does, this yields no class
        return None


def _completing(origin: type) -> Iterator[_Way]:
    """Yield the ways over the partial specializations of an origin. While its completion lives, each is alive."""
    subclasses: list[type] = type.__subclasses__(origin)
    for subclass in subclasses:
        ruling = origin_and_arguments(subclass)
        if ruling is not None and ruling[0] is origin and parameters_of(subclass):
            yield _Way(partial=subclass)


def _inheriting(origin: type) -> Iterator[_Way]:
    """Yield the ways over the methods that a model's own ``__class_getitem__`` covers."""
    for base in origin.__mro__:
        if base in (BaseModel, Generic):
            return
        if "__class_getitem__" in vars(base):
            yield _Way(overrider=base)


def _completion(partial: type, rule: Expression) -> Expression | None:
    """Return the completion of a partial specialization that may come to the same; a guess, to be verified."""
    _, pattern = origin_and_arguments(partial) or (None, ())
    parameters = parameters_of(partial)
    found: dict[Any, Any] = {}
    _match(pattern, rule.arguments, parameters, found)
    if len(found) != len(parameters):
        return None
    return Expression(partial, tuple(found[parameter] for parameter in parameters))


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
