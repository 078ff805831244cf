"""A specialization that leaves a type variable open."""

from bugs.library import Pair, V
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Pair, V\nHELD = Pair[int, V]"


def value():
    return Pair[int, V](key=1, value="x")


def is_right(loaded):
    return is_a(loaded, Pair[int, V], {"key": 1, "value": "x"})
