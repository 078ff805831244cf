"""Collisions: two specializations with one name, of which the receiver knows the wrong one."""

from typing import Generic, Optional, TypeVar  # noqa: F401, an expression names it

from pydantic import BaseModel

from repros import collisions_a, collisions_b, scenario  # noqa: F401, the expressions name them

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


@scenario("Box[collisions_a.Item]", warm=("Box[collisions_b.Item]",))
def same_name_arguments(cls):
    """Box[a.Item] is sent; the receiver knows Box[b.Item]."""
    return cls(value={"name": "a"})


@scenario("Box[Optional[int]]", warm=("Box[int | None]",))
def two_spellings(cls):
    """Box[Optional[int]] is sent; the receiver knows Box[int | None]."""
    return cls(value=5)
