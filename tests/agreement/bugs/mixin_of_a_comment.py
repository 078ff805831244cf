"""pydantic 9390: the mixin that a user reduces with, to the origin, its arguments and the state."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

T = TypeVar("T")


def made(origin, arguments, state):
    new = origin[arguments].__new__(origin[arguments])
    new.__setstate__(state)
    return new


class Reduced(BaseModel, Generic[T]):
    value: T

    def __reduce__(self):
        metadata = type(self).__pydantic_generic_metadata__
        return made, (metadata["origin"], metadata["args"], self.__getstate__())


COLD = ("bugs.mixin_of_a_comment",)
WARM = "from bugs.mixin_of_a_comment import Reduced\nHELD = Reduced[int]"


def value():
    return Reduced[int](value=5)


def is_right(loaded):
    return is_a(loaded, Reduced[int], {"value": 5})
