"""A generic dataclass of Pydantic: its specialization is an alias, and its instances are of the class itself."""

from typing import Generic, TypeVar

from pydantic.dataclasses import dataclass

T = TypeVar("T")
COLD = ()
WARM = ""


@dataclass
class Data(Generic[T]):
    value: T


def value():
    return Data[int](value=1)


def is_right(loaded):
    if type(loaded) is not Data:
        return "wrong-type"
    return "pass" if loaded.value == 1 else "wrong-value"
