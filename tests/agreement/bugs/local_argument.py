"""A model of a function is the argument of a specialization."""

from bugs.library import Box
from pydantic import BaseModel

COLD = ("bugs.library",)
WARM = None


def value():
    class Local(BaseModel):
        x: int

    return Box[Local](value=Local(x=1))


def is_right(loaded):
    return "wrong-type"
