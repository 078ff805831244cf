"""The same, in the application: what the library's module holds under the name depends on who evaluated."""

from bugs.library import Item, Page, SpecialItem
from bugs.plainly import is_a
from pydantic import SerializeAsAny

AnyPage = Page[SerializeAsAny[Item]]
COLD = ("bugs.library",)
WARM = "from pydantic import SerializeAsAny\nfrom bugs.library import Item, Page\nHELD = Page[SerializeAsAny[Item]]"


def value():
    return AnyPage(items=[SpecialItem(name="a", price=1)])


def is_right(loaded):
    return is_a(loaded, AnyPage, {"items": [{"name": "a", "price": 1}], "total": 0})
