"""pydantic 1667, 1686, 7503: a base class that puts each specialization into its module."""

import sys
from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

T = TypeVar("T")


class Registers(BaseModel, Generic[T]):
    value: T

    def __class_getitem__(cls, params):
        created = super().__class_getitem__(params)
        setattr(sys.modules[created.__module__], created.__name__, created)
        return created


COLD = ("bugs.registers_itself",)
WARM = "from bugs.registers_itself import Registers\nHELD = Registers[int]"


def value():
    return Registers[int](value=5)


def is_right(loaded):
    return is_a(loaded, Registers[int], {"value": 5})
