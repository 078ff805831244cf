"""pydantic 1667: evaluated where the generic model is defined, the one place that nearly always works."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

T = TypeVar("T")


class Wrapped(BaseModel, Generic[T]):
    value: T


Own = Wrapped[bytes]
COLD = ("bugs.where_it_is_defined",)
WARM = "from bugs.where_it_is_defined import Wrapped\nHELD = Wrapped[bytes]"


def value():
    return Own(value=b"x")


def is_right(loaded):
    return is_a(loaded, Own, {"value": b"x"})
