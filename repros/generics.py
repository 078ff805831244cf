"""Generics: the ways to declare a generic model."""

import typing

import typing_extensions
from pydantic import VERSION, BaseModel, Field, PositiveInt, RootModel  # noqa: F401, the expressions name them

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
    if VERSION in ("2.0", "2.0.1"):
        # Seen with `class Ints(RootModel[list]): ...` and plain pickle: what is loaded does not equal what was dumped.
        msg = "Pydantic 2.0 and 2.0.1 pickle no RootModel faithfully, specialized or not"
        raise NotImplementedError(msg)
    return cls([1, 2])


@scenario("Tree[int]")
def recursive_model(cls):
    """A model whose fields hold its own specialization."""
    return cls(value=1, children=[{"value": 2}, {"value": 3}])


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
