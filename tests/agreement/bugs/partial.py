"""A specialization that was specialized in two steps: Pydantic makes a class of its own of it."""

from bugs.library import Pair, V
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Pair\nHELD = Pair[int, str]"


def value():
    return Pair[int, V][str](key=1, value="x")


def is_right(loaded):
    # In the sender it is none of Pair[int, str]; so it must not be one here.
    if type(loaded) is Pair[int, str]:
        return "wrong-type"
    return is_a(loaded, Pair[int, V][str], {"key": 1, "value": "x"})
