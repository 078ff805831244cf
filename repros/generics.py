"""Generics: the ways to declare a generic model, and the kinds of type that it takes as arguments."""

import dataclasses
import enum
import sys
import typing

import typing_extensions
from pydantic import BaseModel, Field, PositiveInt, RootModel  # noqa: F401, the expressions name them

from repros import scenario

T = typing.TypeVar("T")
U = typing.TypeVar("U")
Bound = typing.TypeVar("Bound", bound=BaseModel)
Constrained = typing.TypeVar("Constrained", str, bytes)
Default = typing_extensions.TypeVar("Default", default=int)


class Box(BaseModel, typing.Generic[T]):
    """Holds one value."""

    value: T


class Pair(BaseModel, typing.Generic[T, U]):
    """Holds two values."""

    first: T
    second: U


class Tagged(Box[int], typing.Generic[T]):
    """Adds a tag, of a type of its own, to a specialization."""

    tag: T


class Tree(BaseModel, typing.Generic[T]):
    """Holds more trees of the same type."""

    value: T
    children: typing.List["Tree[T]"] = []


class Leaf(BaseModel):
    """Something to put into a box."""

    name: str


class BoundBox(BaseModel, typing.Generic[Bound]):
    """Holds a model."""

    value: Bound


class TextBox(BaseModel, typing.Generic[Constrained]):
    """Holds text or bytes."""

    value: Constrained


class DefaultPair(BaseModel, typing.Generic[T, Default]):
    """Holds two values, of which the second is a number if nothing else is said."""

    first: T
    second: Default


class Named(type(BaseModel)):
    """A metaclass of its own, as registries and plugins have."""

    @property
    def title(cls) -> str:
        """The name that people read."""
        return cls.__name__.title()


class NamedBox(BaseModel, typing.Generic[T], metaclass=Named):
    """Holds one value; its class is no plain model class."""

    value: T


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


@scenario("Pair[int, T][str]")
def partial_completed(cls):
    """One argument first and the other one later."""
    return cls(first=1, second="a")


@scenario("Pair[int, T]")
def partial_left_open(cls):
    """One argument given, the other one left open."""
    return cls(first=1, second="a")


@scenario("BoundBox[Leaf]")
def bound_typevar(cls):
    """A type variable with a bound."""
    return cls(value={"name": "a"})


@scenario("TextBox[str]")
def constrained_typevar(cls):
    """A type variable with constraints."""
    return cls(value="a")


@scenario("DefaultPair[str, bytes]")
def defaulted_typevar(cls):
    """A type variable with a default that is overridden."""
    return cls(first="a", second=b"b")


@scenario("DefaultPair[str]")
def default_left_out(cls):
    """A type variable with a default that is used."""
    return cls(first="a", second=2)


@scenario("Tagged[str]")
def generic_again(cls):
    """A subclass of a specialization that is generic again."""
    return cls(value=5, tag="a")


@scenario("RootModel[list[int]]")
def root_model(cls):
    """Pydantic's own generic model: RootModel[list[int]]."""
    return cls([1, 2])


@scenario("Tree[int]")
def recursive_model(cls):
    """A model whose fields hold its own specialization."""
    return cls(value=1, children=[{"value": 2}, {"value": 3}])


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


@scenario("NamedBox[int]")
def own_metaclass(cls):
    """A model with a metaclass of its own."""
    return cls(value=5)


@own_metaclass.check
def _(loaded):
    assert isinstance(type(loaded), Named), "the class arrived without its metaclass"


@scenario("Box[int]", module="repros.pep695")
def pep695_class(cls):
    """A class in the syntax of Python 3.12: class Box[T]."""
    return cls(value=5)


@scenario("Box[Numbers]", module="repros.pep695")
def pep695_alias(cls):
    """A type alias in the syntax of Python 3.12 as the argument."""
    return cls(value=[1, 2])


@scenario("Box[Many[int]]", module="repros.pep695")
def pep695_generic_alias(cls):
    """A generic type alias in the syntax of Python 3.12 as the argument."""
    return cls(value=[1, 2])
