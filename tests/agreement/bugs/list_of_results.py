"""celery 9023: a list of models of two kinds."""

from bugs.library import Box, Item

COLD = ("bugs.library",)
WARM = "from bugs.library import Box, Item\nHELD = Box[Item]"


def value():
    return [Item(name="a"), Box[Item](value=Item(name="b"))]


def is_right(loaded):
    if [type(one) for one in loaded] != [Item, Box[Item]]:
        return "wrong-type"
    return (
        "pass" if [one.model_dump() for one in loaded] == [{"name": "a"}, {"value": {"name": "b"}}] else "wrong-value"
    )
