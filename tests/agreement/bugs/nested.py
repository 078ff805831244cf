"""pydantic 2377: a specialization of a specialization."""

from bugs.library import Box, Page
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Box, Page\nHELD = Page[Box[int]]"


def value():
    return Page[Box[int]](items=[Box[int](value=1)])


def is_right(loaded):
    if type(loaded) is Page[Box[int]] and type(loaded.items[0]) is not Box[int]:
        return "wrong-type"
    return is_a(loaded, Page[Box[int]], {"items": [{"value": 1}], "total": 0})
