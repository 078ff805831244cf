"""pydantic 7206, 10656: a lock in a private attribute."""

import threading

from bugs.plainly import is_a
from pydantic import BaseModel, PrivateAttr

COLD = ()
WARM = ""


class Progress(BaseModel):
    done: int = 0
    _lock: object = PrivateAttr(default_factory=threading.Lock)


def value():
    return Progress(done=1)


def is_right(loaded):
    return is_a(loaded, Progress, {"done": 1})
