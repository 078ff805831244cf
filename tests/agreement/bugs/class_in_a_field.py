"""ccflow 211: a specialization as the value of a field."""

from bugs.library import Anything, Box

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"


def value():
    return Anything(value=Box[int])


def is_right(loaded):
    return "pass" if type(loaded) is Anything and loaded.value is Box[int] else "wrong-type"
