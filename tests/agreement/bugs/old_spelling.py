"""ccflow 211: typing.List and list are two arguments."""

from typing import List

from bugs.library import Box, Page
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from typing import List\nfrom bugs.library import Box, Page\nHELD = Box[List[Page[int]]]"


def value():
    return Box[List[Page[int]]](value=[Page[int](items=[1])])


def is_right(loaded):
    if type(loaded) is Box[List[Page[int]]] and type(loaded.value[0]) is not Page[int]:
        return "wrong-type"
    return is_a(loaded, Box[List[Page[int]]], {"value": [{"items": [1], "total": 0}]})
