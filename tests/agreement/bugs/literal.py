"""A literal as the argument."""

from bugs.library import Box
from bugs.plainly import is_a
from typing_extensions import Literal

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nfrom typing_extensions import Literal\nHELD = Box[Literal['a']]"


def value():
    return Box[Literal["a"]](value="a")


def is_right(loaded):
    return is_a(loaded, Box[Literal["a"]], {"value": "a"})
