"""pydantic 6763: a model that stands in a function."""

from pydantic import BaseModel

COLD = ()
WARM = ""


def value():
    class Local(BaseModel):
        x: int

    return Local(x=1)


def is_right(loaded):
    return "wrong-type"
