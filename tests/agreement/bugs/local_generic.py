"""A generic model that stands in a function."""

from typing import Generic, TypeVar

from pydantic import BaseModel

COLD = ()
WARM = None


def value():
    t = TypeVar("t")

    class Local(BaseModel, Generic[t]):
        x: t

    return Local[int](x=1)


def is_right(loaded):
    return "wrong-type"
