"""A generic model that gives its specializations names without brackets."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

T = TypeVar("T")


class Response(BaseModel, Generic[T]):
    data: T

    @classmethod
    def model_parametrized_name(cls, params):
        return params[0].__name__.title() + "Response"


COLD = ("bugs.own_names",)
WARM = "from bugs.own_names import Response\nHELD = Response[int]"


def value():
    return Response[int](data=1)


def is_right(loaded):
    return is_a(loaded, Response[int], {"data": 1})
