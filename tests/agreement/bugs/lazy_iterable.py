"""A field that is validated while it is iterated."""

from typing import Iterable

from bugs.library import Box

COLD = ("bugs.library",)
WARM = "from typing import Iterable\nfrom bugs.library import Box\nHELD = Box[Iterable[int]]"


def value():
    return Box[Iterable[int]](value=[1, 2])


def is_right(loaded):
    if type(loaded) is not Box[Iterable[int]]:
        return "wrong-type"
    return "pass" if list(loaded.value) == [1, 2] else "wrong-value"
