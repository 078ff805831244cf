"""A type alias under another name than that of its global."""

from typing import List

from bugs.library import Box
from bugs.plainly import is_a
from typing_extensions import TypeAliasType

Numbers = TypeAliasType("TheNumbers", List[int])
COLD = ("bugs.library",)
WARM = None


def value():
    return Box[Numbers](value=[1])


def is_right(loaded):
    return is_a(loaded, Box[Numbers], {"value": [1]})
