"""A specialization that was specialized in two steps."""

from bugs.library import Pair, V
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Pair\nHELD = Pair[int, str]"


def value():
    return Pair[int, V][str](key=1, value="x")


def is_right(loaded):
    # Pydantic makes two classes of Pair[int, V][str] and Pair[int, str].
    return is_a(loaded, Pair[int, V][str], {"key": 1, "value": "x"})
