"""Controls: shapes next to the failing ones that always arrive."""

from typing import Generic, TypeVar

from pydantic import BaseModel

from repros import scenario

T = TypeVar("T")


class Plain(BaseModel):
    """A model that is not generic."""

    value: int


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


class IntBox(Box[int]):
    """A specialization with a name of its own, which pickle can look up."""


@scenario("Plain")
def plain_model(cls):
    """A model that is not generic at all."""
    return cls(value=5)


@scenario("Box")
def bare_generic(cls):
    """A generic model without type arguments."""
    return cls(value=5)


@scenario("IntBox")
def named_subclass(cls):
    """The way out by hand: class IntBox(Box[int])."""
    return cls(value=5)
