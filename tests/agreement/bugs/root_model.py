"""pydantic 6455: a frozen root model that was never specialized."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import ConfigDict, RootModel

T = TypeVar("T")


class Frozen(RootModel[T], Generic[T]):
    model_config = ConfigDict(frozen=True)


COLD = ()
WARM = ""


def value():
    return Frozen("yes")


def is_right(loaded):
    return is_a(loaded, Frozen, "yes")
