"""fastapi sqlmodel 375, pydantic 8758: an object that was made without its constructor."""

from bugs.library import Item
from bugs.plainly import is_a

COLD = ()
WARM = ""


def value():
    new = Item.__new__(Item)
    object.__setattr__(new, "__dict__", {"name": "a"})
    return new


def is_right(loaded):
    return is_a(loaded, Item, {"name": "a"})
