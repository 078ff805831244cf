"""pydantic 5810: extra values, private ones, and which fields were set."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Open(BaseModel, Generic[T]):
    model_config = ConfigDict(extra="allow")
    value: T
    size: int = 0
    _seen: int = 0


OpenInt = Open[int]
COLD = ("bugs.extra_and_private",)
WARM = "from bugs.extra_and_private import Open\nHELD = Open[int]"


def value():
    new = OpenInt(value=1, more=2)
    new._seen = 3
    return new


def is_right(loaded):
    if type(loaded) is OpenInt and (loaded._seen != 3 or loaded.model_fields_set != {"value", "more"}):
        return "wrong-value"
    return is_a(loaded, OpenInt, {"value": 1, "size": 0, "more": 2})
