"""An alias with SerializeAsAny, whose hash is its identity, where the generic model is defined."""

from typing import Generic, List, TypeVar

from bugs.library import Item, SpecialItem
from bugs.plainly import is_a
from pydantic import BaseModel, SerializeAsAny

T = TypeVar("T")


class Shelf(BaseModel, Generic[T]):
    items: List[T]


AnyShelf = Shelf[SerializeAsAny[Item]]
COLD = ("bugs.serialize_as_any",)
WARM = (
    "from pydantic import SerializeAsAny\nfrom bugs.library import Item\n"
    "from bugs.serialize_as_any import Shelf\nHELD = Shelf[SerializeAsAny[Item]]"
)


def value():
    return AnyShelf(items=[SpecialItem(name="a", price=1)])


def is_right(loaded):
    return is_a(loaded, AnyShelf, {"items": [{"name": "a", "price": 1}]})
