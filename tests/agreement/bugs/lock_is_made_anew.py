"""pydantic 7416: the way around it: the lock is left out, and made anew where the object arrives."""

import threading

from bugs.plainly import is_a
from pydantic import BaseModel, PrivateAttr

COLD = ()
WARM = ""


class Progress(BaseModel):
    done: int = 0
    _lock: object = PrivateAttr(default_factory=threading.Lock)

    def __getstate__(self):
        state = super().__getstate__()
        return {**state, "__pydantic_private__": None}

    def __setstate__(self, state):
        super().__setstate__(state)
        object.__setattr__(self, "__pydantic_private__", {"_lock": threading.Lock()})


def value():
    return Progress(done=1)


def is_right(loaded):
    if type(loaded) is Progress and not loaded._lock.acquire(blocking=False):
        return "wrong-value"
    return is_a(loaded, Progress, {"done": 1})
