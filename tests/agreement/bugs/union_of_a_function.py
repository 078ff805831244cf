"""pydantic 13085: a function builds the union of specializations that a field has."""

from typing import Any, List, Union

from bugs.library import Box, Page
from bugs.plainly import is_a
from pydantic import BaseModel

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[float]"


def either(base):
    return Union[Box[base], Page[base]]


class Group(BaseModel):
    members: List[either(float)]
    more: Any = None


def value():
    return Group(members=[{"value": 1.0}])


def is_right(loaded):
    if type(loaded) is Group and type(loaded.members[0]) is not Box[float]:
        return "wrong-type"
    return is_a(loaded, Group, {"members": [{"value": 1.0}], "more": None})
