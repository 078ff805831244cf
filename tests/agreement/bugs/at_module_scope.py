"""ccflow 210: evaluated at module scope of the application, defined in the library."""

from bugs.library import Box
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"
IntBox = Box[int]


def value():
    return IntBox(value=5)


def is_right(loaded):
    return is_a(loaded, IntBox, {"value": 5})
