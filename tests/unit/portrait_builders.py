"""Values of every kind, each with another one that differs from it at one place."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import enum
import functools
import json
import pickle
import re
import uuid
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, RootModel

if TYPE_CHECKING:
    import types

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


class Open(BaseModel):
    """Takes any field, and keeps a secret."""

    model_config = ConfigDict(extra="allow")

    value: int = 5
    _secret: int = PrivateAttr(default=1)


class Closed(BaseModel):
    """Leaves something out of its state."""

    value: int = 5
    left_out: int = 0

    def __getstate__(self) -> dict[Any, Any]:
        return {"only": self.value}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        self.__init__(value=state["only"])  # type: ignore[misc]


class Reduced(BaseModel):
    """Tells pickle how it is made, without one of its fields."""

    value: int = 5
    left_out: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return Reduced, (self.value,)

    def __init__(self, value: int = 5, left_out: int = 0) -> None:
        super().__init__(value=value, left_out=left_out)


class Stubborn(BaseModel):
    """Cannot be pickled."""

    def __getstate__(self) -> dict[Any, Any]:
        raise RuntimeError


class Numbers(RootModel[list[int]]):
    """Is a list."""


class Plain:
    """Has attributes."""

    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)

    def method(self) -> None:
        """Do nothing."""


class Slotted:
    """Keeps its attribute in a slot."""

    __slots__ = ("left",)

    def __init__(self, left: object) -> None:
        self.left = left


class Forgetful(Plain):
    """Leaves its cache out of the payload."""

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key != "cache"}


class Built(Plain):
    """Is made by a partial that holds its state."""

    def __reduce__(self) -> tuple[Any, ...]:
        return functools.partial(Built, **self.__dict__), ()


class Careless:
    """Gives pickle what it cannot use."""

    def __reduce__(self) -> Any:
        return None


class Words(frozenset[str]):
    """Is a set, with an attribute."""

    note = ""


class Text(str):
    """Is a string of its own class."""

    __slots__ = ()


@dataclasses.dataclass
class Point:
    """Has two fields."""

    x: object
    y: object = 0


class Colour(enum.Enum):
    """Has members."""

    RED = 1
    BLUE = 2


class Rights(enum.IntFlag):
    """Has members that can be combined, into what has no name."""

    READ = 1
    WRITE = 2


def closure_over(value: object) -> types.FunctionType:
    """Return a function that keeps ``value``."""
    return lambda: value  # type: ignore[return-value]


def ring(size: int) -> list[Plain]:
    """Return objects that all know each other."""
    members = [Plain(number=number) for number in range(size)]
    for one in members:
        one.__dict__["others"] = set(members) - {one}
    return members


def chain(length: int) -> Plain | None:
    """Return a linked list."""
    node = None
    for number in range(length):
        node = Plain(number=number, next=node)
    return node


def words(note: str) -> Words:
    """Return a set with an attribute."""
    found = Words("ab")
    found.note = note
    return found


def noted(note: str) -> ValueError:
    """Return an exception with a note, as Python 3.11 keeps it."""
    error = ValueError("a")
    error.__notes__ = [note]  # type: ignore[attr-defined, unused-ignore]
    return error


LONG = "x" * 1000
LONG_KEY = f"'{'x' * 99}... (1003 characters, e0863d6954d07447)"
Rows = dict[str, tuple[Any, Any, str, str]]
# What is sent, what arrives, and where that is seen: one of each kind, each with one that differs.
SCALARS: Rows = {
    "None": (None, 0, "value", "value"),
    "bool": (True, 1, "value", "value"),
    "int": (1, 2, "value", "value"),
    "an int with more digits than Python writes": (10**6000, 10**6000 + 1, "value", "value"),
    "float": (1.0, 1, "value", "value"),
    "signed zero": (0.0, -0.0, "value", "value"),
    "NaN": (float("nan"), 0.0, "value", "value"),
    "complex": (1j, 2j, "value", "value"),
    "str": ("1", 1, "value", "value"),
    "the end of a long str": (LONG + "a", LONG + "b", "value", "value"),
    "bytes": (b"a", "a", "value", "value"),
    "the end of long bytes": (LONG.encode() + b"a", LONG.encode() + b"b", "value", "value"),
    "a lone surrogate": ("\ud800", "\ud801", "value", "value"),
    "Ellipsis": (..., NotImplemented, "value", "value"),
    "a class of str": (Text("a"), "a", "type", "value"),
    "an enum member": (Colour.RED, Colour.BLUE, "value", "value"),
    "flags without a name": (Rights(4), Rights(8), "value", "value"),
    "datetime": (dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 2), "value", "value()[0]"),  # noqa: DTZ001
    "time zone": (
        dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc),
        dt.datetime(2020, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        "value",
        "value()[1]()[0]()[1]",
    ),
    "Decimal": (Decimal("1.0"), Decimal("1.00"), "value", "value()[0]"),
    "UUID": (uuid.UUID(int=1), uuid.UUID(int=2), "value", "value.__dict__['int']"),
    # Python 3.13 keeps a path whole.
    "Path": (Path("a/b"), Path("a/c"), "value", f"value()[{len(Path('a/b').__reduce__()[1]) - 1}]"),
    "Pattern": (re.compile("a"), re.compile("a", re.DOTALL), "value", "value()[1]"),
}
CONTAINERS: Rows = {
    "dict": ({"a": 1}, {"a": 2}, "value", "value['a']"),
    "the order of a dict": ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "value", "value['a']"),
    "the end of a long key": ({LONG + "a": 1}, {LONG + "b": 1}, "value", f"value[{LONG_KEY}]"),
    "a key that is no scalar": ({(1, 2): 3}, {(1, 4): 3}, "value", "value key #0[1]"),
    "OrderedDict": (
        collections.OrderedDict(a=1, b=2),
        collections.OrderedDict(b=2, a=1),
        "value",
        "value['a']",
    ),
    "the factory of a defaultdict": (
        collections.defaultdict(int, a=1),
        collections.defaultdict(str, a=1),
        "value",
        "value()[0]",
    ),
    "Counter": (collections.Counter("aab"), collections.Counter("abb"), "value", "value()[0]['a']"),
    "list": ([1, 2], [1, 3], "value", "value[1]"),
    "the length of a list": ([1, 2], [1], "value", "value"),
    "tuple": ((1, 2), [1, 2], "type", "value"),
    "set": ({"a", "b"}, {"a", "c"}, "value", "value member #1"),
    "frozenset": (frozenset("ab"), {"a", "b"}, "type", "value"),
    "a set of sets": ({frozenset({(1, 2)})}, {frozenset({(1, 3)})}, "value", "value member #0 member #0[1]"),
    "a class of set": (Words("ab"), Words("ac"), "value", "value member #1"),
    "an attribute of a set": (words("a"), words("b"), "value", "value.__getstate__()['note']"),
    "bytearray": (bytearray(b"a"), b"a", "type", "value"),
    "deque": (collections.deque([1, 2], 3), collections.deque([1, 2], 4), "value", "value()[1]"),
    "nested": ({"a": [({"b": 1},)]}, {"a": [({"b": 2},)]}, "value", "value['a'][0][0]['b']"),
}
OBJECTS: Rows = {
    "attributes": (Plain(a=1), Plain(a=2), "value", "value.__dict__['a']"),
    "another class": (Plain(a=1), Forgetful(a=1), "type", "value"),
    "dataclass": (Point(1), Point(2), "value", "value.__dict__['x']"),
    "slots": (Slotted(1), Slotted(2), "value", "value.__getstate__()[1]['left']"),
    "what makes it": (Built(a=1), Built(a=2), "value", "value.__reduce__()[0].__getstate__()[2]['a']"),
    "partial": (
        functools.partial(int, base=2),
        functools.partial(int, base=8),
        "value",
        "value.__getstate__()[2]['base']",
    ),
    "exception": (ValueError("a", 1), ValueError("a", 2), "value", "value()[1]"),
    "a note on an exception": (noted("a"), noted("b"), "value", "value.__dict__['__notes__'][0]"),
    "function": (chain, ring, "value", "value"),
    "builtin function": (len, abs, "value", "value"),
    "module": (json, pickle, "value", "value"),
    "class": (Plain, Slotted, "type", "value"),
    "the object of a method": (Plain(a=1).method, Plain(a=2).method, "value", "value()[0].__dict__['a']"),
    "the object of a builtin method": ([1].append, [2].append, "value", "value()[0][0]"),
    "what a lambda keeps": (closure_over(1), closure_over(2), "value", "value.__closure__[0]"),
    "the default of a lambda": (lambda a=1: a, lambda a=2: a, "value", "value.__defaults__[0]"),
}
MODELS: Rows = {
    "field": (Box[int](value=1), Box[int](value=2), "dict", "value['value']"),
    "an object in a field": (
        Box[Any](value=Plain(a=1)),
        Box[Any](value=Plain(a=2)),
        "dict",
        "value['value'].__dict__['a']",
    ),
    "nested model": (Box[Open](value=Open(value=1)), Box[Open](value=Open(value=2)), "dict", "value['value']['value']"),
    "argument": (Box[int](value=1), Box[bool].model_construct(value=1), "type", "value"),
    "nested argument": (Box[Box[int]](value=Box[int](value=1)), Box[Any](value=Box[int](value=1)), "type", "value"),
    "RootModel": (Numbers([1]), Numbers([2]), "dict", "value['root'][0]"),
    "own state": (Closed(value=1), Closed(value=2), "dict", "value['value']"),
    "own recipe": (Reduced(value=1), Reduced(value=2), "dict", "value['value']"),
}
