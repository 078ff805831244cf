"""ray 39864: a dataclass of Pydantic that holds a specialization."""

from bugs.library import Box
from pydantic.dataclasses import dataclass

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"


@dataclass
class Meta:
    box: Box[int]
    blocking: bool = True


def value():
    return Meta(box={"value": 1})


def is_right(loaded):
    if type(loaded) is not Meta or type(loaded.box) is not Box[int]:
        return "wrong-type"
    return "pass" if (loaded.box.value, loaded.blocking) == (1, True) else "wrong-value"
