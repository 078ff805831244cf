"""pydantic 7503: a lock in a field that is excluded from serialization, which pickling does not ask about."""

import threading
from typing import Any

from bugs.library import Box
from bugs.plainly import is_a
from pydantic import BaseModel, Field

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"


class Guarded(BaseModel):
    box: Box[int]
    lock: Any = Field(exclude=True, default_factory=threading.Lock)


def value():
    return Guarded(box={"value": 1})


def is_right(loaded):
    return is_a(loaded, Guarded, {"box": {"value": 1}})
