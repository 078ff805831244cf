"""The same where the generic model is defined."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

K = TypeVar("K")
V = TypeVar("V")


class Both(BaseModel, Generic[K, V]):
    key: K
    value: V


TwoSteps = Both[int, V][str]
COLD = ("bugs.partial_where_it_is_defined",)
WARM = "from bugs.partial_where_it_is_defined import Both\nHELD = Both[int, str]"


def value():
    return TwoSteps(key=1, value="x")


def is_right(loaded):
    return is_a(loaded, TwoSteps, {"key": 1, "value": "x"})
