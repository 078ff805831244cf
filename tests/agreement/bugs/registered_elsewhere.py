"""pydantic 9390: another module of the application was first to evaluate it."""

import bugs.elsewhere  # noqa: F401
from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[str]"


def value():
    return Box[str](value="x")


def is_right(loaded):
    return is_a(loaded, Box[str], {"value": "x"})
