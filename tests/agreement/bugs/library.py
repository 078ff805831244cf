"""What a library offers: generic models, none of which is specialized here."""

from typing import Any, Generic, List, Optional, TypeVar

from pydantic import BaseModel, RootModel

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Box(BaseModel, Generic[T]):
    value: T


class Page(BaseModel, Generic[T]):
    items: List[T]
    total: int = 0


class Pair(BaseModel, Generic[K, V]):
    key: K
    value: V


class Anything(BaseModel):
    value: Any = None


class Item(BaseModel):
    name: str


class SpecialItem(Item):
    price: int = 0


class Many(RootModel[List[T]], Generic[T]):
    pass


class Tree(BaseModel, Generic[T]):
    value: T
    children: Optional[List["Tree[T]"]] = None
