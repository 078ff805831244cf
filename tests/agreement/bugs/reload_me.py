"""A module that is deleted and imported again while the application runs."""

from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Result(BaseModel):
    output: str = ""


class Results(BaseModel, Generic[T]):
    output: T
