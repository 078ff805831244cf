"""A generic subclass of a generic model, specialized in a function."""

from typing import Generic, TypeVar

from bugs.library import Box
from bugs.plainly import is_a

T = TypeVar("T")


class Labelled(Box[T], Generic[T]):
    label: str = ""


COLD = ("bugs.inherited_generic",)
WARM = "from bugs.inherited_generic import Labelled\nHELD = Labelled[int]"


def value():
    return Labelled[int](value=1, label="x")


def is_right(loaded):
    if not isinstance(loaded, Box):
        return "wrong-type"
    return is_a(loaded, Labelled[int], {"value": 1, "label": "x"})
