"""Beyond instances: payloads that hold the class itself, so that a fix on instances never sees it."""

from typing import Generic, List, TypeVar

from pydantic import BaseModel
from typing_extensions import Annotated  # noqa: F401, an expression names it

from repros import scenario

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


class ListBox(BaseModel, Generic[T]):
    """Holds any number of items."""

    items: List[T]


class Registry(BaseModel):
    """Not generic; remembers a class."""

    model: type


@scenario("Box[type]", "ListBox[int]", beyond=("instance",))
def class_as_value(box, list_box):
    """A specialization as the value of a generic model's field."""
    return box(value=list_box)


@scenario("ListBox[int]", beyond=("instance",))
def class_in_plain_model(cls):
    """A specialization as the value of a plain model's field."""
    return Registry(model=cls)


@scenario("ListBox[int]", beyond=("instance",))
def class_itself(cls):
    """The payload is the class."""
    return cls


@scenario("ListBox[int]", beyond=("instance",))
def alias_itself(cls):
    """The payload is list[ListBox[int]]."""
    return list[cls]


@scenario("Box[Annotated[int, frozenset({ListBox[int]})]]")
def annotated_metadata(cls):
    """A specialization in a frozenset in the metadata of Annotated."""
    return cls(value=5)
