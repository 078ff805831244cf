"""ray 29826: a frozen specialization as the key of a mapping."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Key(BaseModel, Generic[T]):
    model_config = ConfigDict(frozen=True)
    id: T


IntKey = Key[int]
COLD = ("bugs.frozen",)
WARM = "from bugs.frozen import Key\nHELD = Key[int]"


def value():
    return {IntKey(id=1): "one"}


def is_right(loaded):
    if [type(key) for key in loaded] != [IntKey]:
        return "wrong-type"
    return "pass" if loaded == {IntKey(id=1): "one"} else "wrong-value"
