"""pydantic 13085: a sequence of specializations, which cloudpickle sends as something that cannot be built."""

from typing import Sequence

from bugs.library import Box, Page
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from typing import Sequence\nfrom bugs.library import Box, Page\nHELD = Box[Sequence[Page[int]]]"


def value():
    return Box[Sequence[Page[int]]](value=[])


def is_right(loaded):
    return is_a(loaded, Box[Sequence[Page[int]]], {"value": []})
