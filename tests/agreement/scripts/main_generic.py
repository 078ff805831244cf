"""pydantic 1667, 4260: a generic model of the script, specialized there."""

from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")
WARM = None


class Data(BaseModel, Generic[T]):
    x: T


IntData = Data[int]


def value():
    return IntData(x=1)


def is_right(loaded):
    if type(loaded) is not IntData:
        return "wrong-type"
    return "pass" if loaded.model_dump() == {"x": 1} else "wrong-value"
