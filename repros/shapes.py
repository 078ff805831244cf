"""Shapes: what may stand between the brackets of a generic model."""

import typing

from pydantic import BaseModel

from repros import scenario

T = typing.TypeVar("T")
U = typing.TypeVar("U")


class Box(BaseModel, typing.Generic[T]):
    """Holds one value."""

    value: T


class ListBox(BaseModel, typing.Generic[T]):
    """Holds any number of items."""

    items: typing.List[T]


class Pair(BaseModel, typing.Generic[T, U]):
    """Holds two values."""

    first: T
    second: U


@scenario("Box[int]")
def specialization(cls):
    """The smallest shape that fails: Box[int]."""
    return cls(value=5)


@scenario("Box[ListBox[int]]")
def nested(cls):
    """A specialization inside a specialization."""
    return cls(value={"items": [1, 2]})


@scenario("Box[list[ListBox[int]]]")
def list_alias(cls):
    """A specialization inside list[...]."""
    return cls(value=[{"items": [1, 2]}])


@scenario("Box[dict[str, ListBox[int]]]")
def dict_alias(cls):
    """A specialization inside dict[str, ...]."""
    return cls(value={"a": {"items": [1, 2]}})


@scenario("Box[typing.List[ListBox[int]]]")
def typing_list(cls):
    """A specialization inside typing.List, which is not list."""
    return cls(value=[{"items": [1, 2]}])


@scenario("Box[typing.Callable[[ListBox[int]], int]]")
def typing_callable(cls):
    """A specialization in the parameter list of a Callable."""
    return cls(value=len)


@scenario("Box[typing.ClassVar[ListBox[int]]]")
def classvar(cls):
    """A specialization inside ClassVar."""
    return cls(value={"items": [1, 2]})


@scenario("Box[typing.Final[ListBox[int]]]")
def final(cls):
    """A specialization inside Final."""
    return cls(value={"items": [1, 2]})


@scenario("Box[ListBox[int] | str]")
def union(cls):
    """A specialization in a union that is spelled with a bar."""
    return cls(value={"items": [1, 2]})


@scenario("Box[typing.Optional[ListBox[int]]]")
def optional(cls):
    """A specialization inside Optional."""
    return cls(value={"items": [1, 2]})


@scenario("Box[tuple[ListBox[int], str]]")
def tuple_alias(cls):
    """A specialization inside tuple[...]."""
    return cls(value=({"items": [1, 2]}, "a"))


@scenario("Box[ListBox[Box[int]]]")
def three_deep(cls):
    """Three specializations, one inside the other."""
    return cls(value={"items": [{"value": 1}, {"value": 2}]})


@scenario("Pair[int, str]")
def two_arguments(cls):
    """Two type arguments."""
    return cls(first=1, second="a")
