"""A lambda in the metadata of an argument, where the generic model is defined."""

from typing import Generic, List, TypeVar

from bugs.plainly import is_a
from pydantic import AfterValidator, BaseModel
from typing_extensions import Annotated

T = TypeVar("T")


class Names(BaseModel, Generic[T]):
    items: List[T]


UpperNames = Names[Annotated[str, AfterValidator(lambda text: text.upper())]]
COLD = ("bugs.lambda_in_a_validator",)
WARM = None


def value():
    return UpperNames(items=["a"])


def is_right(loaded):
    return is_a(loaded, UpperNames, {"items": ["A"]})
