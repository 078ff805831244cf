"""Order: who evaluated the specialization first, since only the first one creates a class to register."""

from typing import Generic, TypeVar

from pydantic import BaseModel

from repros import scenario

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


def evaluate_in_a_function():
    """Create the class where nothing gets registered."""
    return Box[int]


@scenario("Box[int]", before="held = evaluate_in_a_function()")
def created_in_function_first(cls):
    """Created in a function; at module scope, the cache answers."""
    return cls(value=5)


@scenario(
    "Box[int]",
    before="import repros.order_first, repros.order_second",
    warm_before="import repros.order_second, repros.order_first",
)
def imported_in_other_order(cls):
    """Two modules create it; the receiver imports them the other way round."""
    return cls(value=5)
