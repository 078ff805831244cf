"""An argument that is a NewType under another name than its own."""

from typing import NewType

from bugs.library import Box
from bugs.plainly import is_a

UserId = NewType("TheUserId", int)
COLD = ("bugs.library",)
WARM = None


def value():
    return Box[UserId](value=1)


def is_right(loaded):
    return is_a(loaded, Box[UserId], {"value": 1})
