"""pydantic 2111, 3453: a dataclass of the standard library in a field of a specialization."""

import dataclasses

from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nfrom bugs.builtin_dataclass import Data\nHELD = Box[Data]"


@dataclasses.dataclass
class Data:
    value: int


def value():
    return Box[Data](value=Data(0))


def is_right(loaded):
    if type(loaded) is Box[Data] and type(loaded.value) is not Data:
        return "wrong-type"
    return is_a(loaded, Box[Data], {"value": {"value": 0}})
