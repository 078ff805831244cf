"""sqlalchemy-json 47: a weak reference in a private attribute."""

import weakref

from bugs.plainly import is_a
from pydantic import BaseModel, PrivateAttr

COLD = ()
WARM = ""


class Owner:
    pass


OWNER = Owner()


class Child(BaseModel):
    x: int = 0
    _owner: object = PrivateAttr(default_factory=lambda: weakref.ref(OWNER))


def value():
    return Child(x=1)


def is_right(loaded):
    return is_a(loaded, Child, {"x": 1})
