"""The script specializes at module scope what a library defines."""

from bugs.library import Item, Page

WARM = "from bugs.library import Item, Page\nHELD = Page[Item]"
ItemPage = Page[Item]


def value():
    return ItemPage(items=[Item(name="a")])


def is_right(loaded):
    if type(loaded) is not ItemPage:
        return "wrong-type"
    return "pass" if loaded.model_dump() == {"items": [{"name": "a"}], "total": 0} else "wrong-value"
