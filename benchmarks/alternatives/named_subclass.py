"""A name for each: subclasses of the specializations stand at module scope, and everybody uses those.

What pydantic #13298 would have the documentation recommend.
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


class IntBox(Box[int]):
    """Box[int], with a name that pickle can look up."""


class IntListBox(ListBox[int]):
    """ListBox[int], with a name."""


class NestedBox(Box[IntListBox]):
    """Box[ListBox[int]], with names."""


class BoxOfIntListBoxes(Box[typing.List[IntListBox]]):
    """Box[List[ListBox[int]]], with names."""


@scenario("IntBox")
def specialization(cls):
    """The smallest shape."""
    return cls(value=5)


@scenario("NestedBox")
def nested(cls):
    """A specialization inside a specialization."""
    return cls(value={"items": [1, 2]})


@scenario("BoxOfIntListBoxes")
def typing_list(cls):
    """A specialization inside typing.List, which is not list."""
    return cls(value=[{"items": [1, 2]}])


@scenario("IntListBox")
def class_as_value(cls):
    """A specialization as the value of a field."""
    return Registry(model=cls)


@scenario("Box[float]")
def unprepared(cls):
    """A specialization that nobody thought of when the module was written."""
    return cls(value=0.5)
