"""prefect 19868: a result with a value and an error, specialized by the return annotation of a task."""

from typing import Generic, Optional, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel

T = TypeVar("T")


class ApiResult(BaseModel, Generic[T]):
    data: Optional[T] = None
    error: Optional[str] = None


def task(text: str) -> ApiResult[str]:
    return ApiResult[str](data=text)


COLD = ("bugs.prefect_result",)
WARM = "from bugs.prefect_result import ApiResult\nHELD = ApiResult[str]"


def value():
    return task("x")


def is_right(loaded):
    return is_a(loaded, ApiResult[str], {"data": "x", "error": None})
