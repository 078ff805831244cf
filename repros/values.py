"""Values: where in the payload the instance of a specialization sits."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from repros import scenario

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


class Parcel(BaseModel):
    """Not generic; its annotation must not name a specialization, for that would create it on import."""

    content: Any


@scenario("Box[int]")
def in_plain_model(cls):
    """In a field of a model that is not generic."""
    return Parcel(content=cls(value=5))


@scenario("Box[int]")
def in_list(cls):
    """Several instances in a list."""
    return [cls(value=1), cls(value=2)]


@scenario("Box[int]")
def in_dict(cls):
    """As the value of a dict."""
    return {"a": cls(value=5)}


@scenario("Box[int]")
def same_object_twice(cls):
    """One instance, twice in a list, stays one instance."""
    box = cls(value=5)
    return [box, box]


@same_object_twice.check
def _(loaded):
    assert loaded[0] is loaded[1], "one instance arrived as two"


@scenario("Box[int]", "Box[str]")
def side_by_side(int_box, str_box):
    """Two specializations of one model in the same payload."""
    return [int_box(value=5), str_box(value="a")]
