"""ccflow 211: a callable of specializations is the argument, and a function of the standard library the value."""

import operator
from typing import Callable

from bugs.library import Box, Page

COLD = ("bugs.library",)
WARM = "from typing import Callable\nfrom bugs.library import Box, Page\nHELD = Box[Callable[[Page[int]], int]]"


def value():
    return Box[Callable[[Page[int]], int]](value=operator.index)


def is_right(loaded):
    if type(loaded) is not Box[Callable[[Page[int]], int]]:
        return "wrong-type"
    return "pass" if loaded.value is operator.index else "wrong-value"
