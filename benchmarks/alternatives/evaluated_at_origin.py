"""Evaluated beforehand: the module that defines the models evaluates each specialization once, at module scope.

Pydantic registers it there, and so does every process that imports the module. What pydantic #13425 would have the
documentation recommend, with the models' own module as the place.
"""

import typing

from pydantic import BaseModel

from repros import scenario

T = typing.TypeVar("T")


class Box(BaseModel, typing.Generic[T]):
    """Holds one value."""

    value: T


class ListBox(BaseModel, typing.Generic[T]):
    """Holds any number of items."""

    items: typing.List[T]


class Registry(BaseModel):
    """Not generic; remembers a class."""

    model: type


Box[int]
ListBox[int]
Box[ListBox[int]]
Box[typing.List[ListBox[int]]]


@scenario("Box[int]")
def specialization(cls):
    """The smallest shape."""
    return cls(value=5)


@scenario("Box[ListBox[int]]")
def nested(cls):
    """A specialization inside a specialization."""
    return cls(value={"items": [1, 2]})


@scenario("Box[typing.List[ListBox[int]]]")
def typing_list(cls):
    """A specialization inside typing.List, which is not list."""
    return cls(value=[{"items": [1, 2]}])


@scenario("ListBox[int]")
def class_as_value(cls):
    """A specialization as the value of a field."""
    return Registry(model=cls)


@scenario("Box[float]")
def unprepared(cls):
    """A specialization that nobody thought of when the module was written."""
    return cls(value=0.5)
