"""pydantic 4178: create_model in a function that says it were of the module."""

from pydantic import create_model

COLD = ()
WARM = ""


def value():
    return create_model("Flat", __module__=__name__, x=(int, ...))(x=1)


def is_right(loaded):
    return "wrong-type"
