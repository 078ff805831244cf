"""pydantic 2763: a cached property that nobody asked for is none yet."""

from functools import cached_property

from bugs.plainly import is_a
from pydantic import BaseModel, computed_field

COLD = ()
WARM = ""


class Square(BaseModel):
    side: int

    @computed_field
    @cached_property
    def area(self) -> int:
        return self.side * self.side


def value():
    return Square(side=2)


def is_right(loaded):
    if type(loaded) is Square and vars(loaded) != {"side": 2}:
        return "wrong-value"
    return is_a(loaded, Square, {"side": 2, "area": 4})
