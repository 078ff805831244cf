"""pydantic 9830: a union of specializations, told apart by a field."""

from typing import Generic, List, TypeVar, Union

from bugs.plainly import is_a
from pydantic import BaseModel, Field
from typing_extensions import Annotated, Literal

T = TypeVar("T")


class Cat(BaseModel, Generic[T]):
    kind: Literal["cat"] = "cat"
    meows: T


class Dog(BaseModel, Generic[T]):
    kind: Literal["dog"] = "dog"
    barks: List[T]


class House(BaseModel, Generic[T]):
    pet: Annotated[Union[Cat[T], Dog[T]], Field(discriminator="kind")]


COLD = ("bugs.discriminated",)
WARM = "from bugs.discriminated import Dog, House\nHELD = House[int], Dog[int]"


def value():
    return House[int](pet={"kind": "dog", "barks": [1]})


def is_right(loaded):
    if type(loaded) is House[int] and type(loaded.pet) is not Dog[int]:
        return "wrong-type"
    return is_a(loaded, House[int], {"pet": {"kind": "dog", "barks": [1]}})
