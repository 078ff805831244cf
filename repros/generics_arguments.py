"""Generics: the kinds of type that a generic model takes as arguments."""

import dataclasses
import enum
import sys
import typing

import typing_extensions
from pydantic import BaseModel, Field, PositiveInt  # noqa: F401, the expressions name it

from repros import scenario

T = typing.TypeVar("T")


class Box(BaseModel, typing.Generic[T]):
    """Holds one value."""

    value: T


class Leaf(BaseModel):
    """Something to put into a box."""

    name: str


class Colour(enum.Enum):
    """An argument that is an Enum."""

    RED = "red"


@dataclasses.dataclass
class Point:
    """An argument that is a dataclass."""

    x: int
    y: int


class Movie(typing_extensions.TypedDict):
    """An argument that is a TypedDict; Pydantic wants the one of typing_extensions before Python 3.12."""

    title: str


class Size(typing.NamedTuple):
    """An argument that is a NamedTuple."""

    width: int
    height: int


# Before Python 3.10, a NewType of the standard library is a function that pickle cannot find by its name.
UserId = (typing if sys.version_info >= (3, 10) else typing_extensions).NewType("UserId", int)

Bounded = typing_extensions.Annotated[int, Field(gt=0)]


@scenario("Box[Colour]")
def enum_argument(cls):
    """An Enum as the argument."""
    return cls(value=Colour.RED)


@scenario("Box[typing_extensions.Literal['red', 'green']]")
def literal_argument(cls):
    """A Literal as the argument."""
    return cls(value="red")


@scenario("Box[Point]")
def dataclass_argument(cls):
    """A dataclass as the argument."""
    return cls(value=Point(x=1, y=2))


@scenario("Box[Movie]")
def typed_dict_argument(cls):
    """A TypedDict as the argument."""
    return cls(value={"title": "a"})


@scenario("Box[Size]")
def named_tuple_argument(cls):
    """A NamedTuple as the argument."""
    return cls(value=Size(width=1, height=2))


@scenario("Box[type[Leaf]]")
def type_argument(cls):
    """A type[...] as the argument."""
    return cls(value=Leaf)


@scenario("Box[PositiveInt]")
def annotated_constraint(cls):
    """An Annotated with a constraint as the argument."""
    return cls(value=5)


# Two results of Field() are never equal, so a copy of the alias that arrives asks for another specialization.
@scenario("Box[Bounded]")
def annotated_field(cls):
    """An Annotated with a Field(...) as the argument."""
    return cls(value=5)


@scenario("Box[UserId]")
def new_type_argument(cls):
    """A NewType as the argument."""
    return cls(value=UserId(5))


@scenario("Box['Leaf']")
def forward_reference(cls):
    """A forward reference as the argument, resolved later."""
    cls.model_rebuild(_types_namespace={"Leaf": Leaf})
    return cls(value={"name": "a"})


@scenario("Box[Numbers]", module="repros.pep695")
def pep695_alias(cls):
    """A type alias in the syntax of Python 3.12 as the argument."""
    return cls(value=[1, 2])


@scenario("Box[Many[int]]", module="repros.pep695")
def pep695_generic_alias(cls):
    """A generic type alias in the syntax of Python 3.12 as the argument."""
    return cls(value=[1, 2])
