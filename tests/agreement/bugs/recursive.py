"""pydantic 13085: a generic model that refers to itself."""

from bugs.library import Tree
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Tree\nHELD = Tree[int]"


def value():
    return Tree[int](value=1, children=[Tree[int](value=2)])


def is_right(loaded):
    if type(loaded) is Tree[int] and type(loaded.children[0]) is not Tree[int]:
        return "wrong-type"
    return is_a(loaded, Tree[int], {"value": 1, "children": [{"value": 2, "children": None}]})
