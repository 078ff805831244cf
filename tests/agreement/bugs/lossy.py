"""A __setstate__ that loses a value, in a specialization where the generic model is defined."""

import datetime
from typing import Any, Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

T = TypeVar("T")


class Lossy(BaseModel):
    x: Any = None

    def __setstate__(self, state):
        super().__setstate__(state)
        self.__dict__["x"] = None


class Holder(BaseModel, Generic[T]):
    value: T


LossyHolder = Holder[Lossy]
COLD = ("bugs.lossy",)
WARM = "from bugs.lossy import Holder, Lossy\nHELD = Holder[Lossy]"


def value():
    return LossyHolder(value=Lossy(x=datetime.date(2024, 1, 1)))


def is_right(loaded):
    return is_a(loaded, LossyHolder, {"value": {"x": datetime.date(2024, 1, 1)}})
