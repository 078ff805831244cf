"""The same of a specialization, in a function."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class LateBox(BaseModel, Generic[T]):
    model_config = ConfigDict(defer_build=True)
    x: T


COLD = ("bugs.deferred_generic",)
WARM = "from bugs.deferred_generic import LateBox\nHELD = LateBox[int]"


def value():
    return LateBox[int].model_construct(x=1)


def is_right(loaded):
    return is_a(loaded, LateBox[int], {"x": 1})
