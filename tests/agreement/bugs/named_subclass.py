"""pydantic 13298: the subclass that the documentation recommends."""

from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"


class IntBox(Box[int]):
    pass


def value():
    return IntBox(value=5)


def is_right(loaded):
    return is_a(loaded, IntBox, {"value": 5})
