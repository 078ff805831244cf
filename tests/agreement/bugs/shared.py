"""One object at two places stays one."""

from bugs.library import Anything, Item, Pair

COLD = ("bugs.library",)
WARM = "from bugs.library import Anything, Item, Pair\nHELD = Pair[Item, Item]"


def value():
    item = Item(name="a")
    return Pair[Item, Item].model_construct(key=item, value=item)


def is_right(loaded):
    if type(loaded) is not Pair[Item, Item]:
        return "wrong-type"
    return "pass" if loaded.key is loaded.value and loaded.key.name == "a" else "wrong-value"
