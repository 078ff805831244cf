"""Two unions that typing calls equal are two arguments."""

from typing import Union

from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from typing import Union\nfrom bugs.library import Box\nHELD = Box[Union[int, str]]"


def value():
    return Box[Union[str, int]](value="1")


def is_right(loaded):
    if type(loaded) is Box[Union[int, str]]:
        return "wrong-type"
    return is_a(loaded, Box[Union[str, int]], {"value": "1"})
