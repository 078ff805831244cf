"""pydantic 8913: a field annotation is the first to evaluate, in the class body of another model."""

from typing import Generic, List, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel


class One(BaseModel):
    a: int


class Two(BaseModel):
    a: int


T = TypeVar("T", One, Two)


class Several(BaseModel, Generic[T]):
    x: List[T]
    y: int


class Top(BaseModel):
    first: Several[One]


COLD = ("bugs.field_of_a_model",)
WARM = "from bugs.field_of_a_model import Several, One\nHELD = Several[One]"


def value():
    return Top(first={"x": [{"a": 1}], "y": 2})


def is_right(loaded):
    if type(loaded) is Top and type(loaded.first) is not Several[One]:
        return "wrong-type"
    return is_a(loaded, Top, {"first": {"x": [{"a": 1}], "y": 2}})
