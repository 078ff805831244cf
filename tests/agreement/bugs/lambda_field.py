"""cloudpickle: a function without a name in a field; pickle has no way to send it."""

from typing import Any

from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from typing import Any\nfrom bugs.library import Box\nHELD = Box[Any]"


def value():
    return Box[Any](value=lambda x: x + 1)


def is_right(loaded):
    if type(loaded) is not Box[Any]:
        return "wrong-type"
    return "pass" if loaded.value(1) == 2 else "wrong-value"
