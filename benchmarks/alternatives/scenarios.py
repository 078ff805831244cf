# ruff: noqa: F821
# (Model and BEFORE are the way's)
"""The models and scenarios that most ways share: appended to the way's own text, which defines Model and BEFORE.

``Model`` is the base class of the generic models, ``BEFORE`` what a producer executes before it sends.
"""

import typing

from pydantic import BaseModel

from repros import scenario

T = typing.TypeVar("T")


class Box(Model, typing.Generic[T]):
    """Holds one value."""

    value: T


class ListBox(Model, typing.Generic[T]):
    """Holds any number of items."""

    items: typing.List[T]


class Registry(BaseModel):
    """Not generic; remembers a class."""

    model: type


@scenario("Box[int]", before=BEFORE)
def specialization(cls):
    """The smallest shape."""
    return cls(value=5)


@scenario("Box[ListBox[int]]", before=BEFORE)
def nested(cls):
    """A specialization inside a specialization."""
    return cls(value={"items": [1, 2]})


@scenario("Box[typing.List[ListBox[int]]]", before=BEFORE)
def typing_list(cls):
    """A specialization inside typing.List, which is not list."""
    return cls(value=[{"items": [1, 2]}])


@scenario("ListBox[int]", before=BEFORE)
def class_as_value(cls):
    """A specialization as the value of a field."""
    return Registry(model=cls)


@scenario("Box[float]", before=BEFORE)
def unprepared(cls):
    """A specialization that nobody thought of when the module was written."""
    return cls(value=0.5)
