"""pydantic 9925: a root model of a list of models, specialized in a function."""

from bugs.library import Item, Many
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Item, Many\nHELD = Many[Item]"


def value():
    return Many[Item]([Item(name="a")])


def is_right(loaded):
    return is_a(loaded, Many[Item], [{"name": "a"}])
