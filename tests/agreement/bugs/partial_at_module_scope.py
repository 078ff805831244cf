"""The same as a global of the application."""

from bugs.library import Pair, V
from bugs.plainly import is_a

TwoSteps = Pair[bytes, V][str]
COLD = ("bugs.library",)
WARM = "from bugs.library import Pair\nHELD = Pair[bytes, str]"


def value():
    return TwoSteps(key=b"1", value="x")


def is_right(loaded):
    return is_a(loaded, TwoSteps, {"key": b"1", "value": "x"})
