"""An argument that is a TypedDict under another name than its own."""

from bugs.library import Box
from bugs.plainly import is_a
from typing_extensions import TypedDict

Movie = TypedDict("TheMovie", {"title": str})
COLD = ("bugs.library",)
WARM = None


def value():
    return Box[Movie](value={"title": "x"})


def is_right(loaded):
    return is_a(loaded, Box[Movie], {"value": {"title": "x"}})
