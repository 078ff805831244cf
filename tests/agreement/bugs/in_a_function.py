"""pydantic 9390, 7503: a specialization that only a function evaluates."""

from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"


def value():
    return Box[int](value=5)


def is_right(loaded):
    return is_a(loaded, Box[int], {"value": 5})
