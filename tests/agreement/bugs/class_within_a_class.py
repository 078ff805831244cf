"""A generic model that stands in a class."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

T = TypeVar("T")


class Api:
    class Answer(BaseModel, Generic[T]):
        data: T


IntAnswer = Api.Answer[int]
COLD = ("bugs.class_within_a_class",)
WARM = "from bugs.class_within_a_class import Api\nHELD = Api.Answer[int]"


def value():
    return IntAnswer(data=1)


def is_right(loaded):
    return is_a(loaded, IntAnswer, {"data": 1})
