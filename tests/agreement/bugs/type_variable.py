"""pydantic 11066: the argument is a type variable of the function."""

from typing import TypeVar

from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = None


def value():
    other = TypeVar("other")
    return Box[other](value=5)


def is_right(loaded):
    # The type variable is a local of the sender's function: no class of this process has it for an argument.
    return "wrong-type"
