"""Putting a function in a place that others use, too, and taking it out again in any order.

Each function calls the one that it found in its place. If somebody else has covered ours when we leave, removing it
would take theirs away, too; so it stays, switched off, and only passes on.
"""

from __future__ import annotations

import weakref
from abc import ABC, abstractmethod
from typing import Any, Callable


class Switch:
    """Says to all layers of one level whether they shall act or only pass on."""

    __slots__ = ("is_on",)

    def __init__(self) -> None:
        self.is_on = False


class Place(ABC):
    """Where a function can be put: hashable, so that a set holds each place once."""

    @abstractmethod
    def read(self) -> Any:
        """Return what is there, exactly as it is stored, or None."""

    @abstractmethod
    def write(self, value: Any) -> None:
        """Store a value."""

    @abstractmethod
    def erase(self) -> None:
        """Leave nothing there."""


class TableEntry(Place):
    """The function for one type in a table such as ``copyreg.dispatch_table``."""

    def __init__(self, table: dict[type, Any], type_: type) -> None:
        self._table = table
        self._type = type_

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TableEntry) and other._table is self._table and other._type is self._type

    def __hash__(self) -> int:
        return hash((id(self._table), id(self._type)))

    def read(self) -> Any:
        """Return the entry."""
        return dict.get(self._table, self._type)

    def write(self, value: Any) -> None:
        """Make an entry."""
        self._table[self._type] = value

    def erase(self) -> None:
        """Remove the entry."""
        self._table.pop(self._type, None)


class ClassAttribute(Place):
    """An attribute in a class's own dictionary."""

    def __init__(self, owner: type, name: str) -> None:
        self._owner = owner
        self._name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClassAttribute) and other._owner is self._owner and other._name == self._name

    def __hash__(self) -> int:
        return hash((id(self._owner), self._name))

    def read(self) -> Any:
        """Return the attribute, unbound: a classmethod object stays one."""
        return vars(self._owner).get(self._name)

    def write(self, value: Any) -> None:
        """Set the attribute."""
        setattr(self._owner, self._name, value)

    def erase(self) -> None:
        """Delete the attribute, so that the inherited one shows again."""
        delattr(self._owner, self._name)


# The layers that we made, with what each covers. (A mark on the function itself would not do: functools.wraps copies
# it to the foreign function that wraps ours.)
_covered_by: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def _identity(value: Any) -> Any:
    """Return the function in a classmethod: only that can be referenced weakly on every Python."""
    return getattr(value, "__func__", value)


def _is_ours(value: Any) -> bool:
    try:
        return _identity(value) in _covered_by
    except TypeError:  # A foreign callable that cannot be hashed or referenced weakly.
        return False


def put(place: Place, make: Callable[[Any], Any]) -> None:
    """Put ``make(what is there)`` on top of what is there, unless that is a layer of ours already."""
    found = place.read()
    if _is_ours(found):
        return
    layer = make(found)
    _covered_by[_identity(layer)] = found
    place.write(layer)


def take_back(place: Place) -> None:
    """Restore what our layer covers, if ours is on top; otherwise leave everything as it is."""
    found = place.read()
    while _is_ours(found):
        found = _covered_by[_identity(found)]
        if found is None:
            place.erase()
        else:
            place.write(found)
