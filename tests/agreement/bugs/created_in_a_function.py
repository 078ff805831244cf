"""pydantic 3336: create_model in a function, with no module."""

from pydantic import create_model

COLD = ()
WARM = ""


def value():
    return create_model("Flow", port=(int, 1))(port=2)


def is_right(loaded):
    # No class of this process is that of the sender's function.
    return "wrong-type"
