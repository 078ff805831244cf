"""A module that the sender ships by value: cloudpickle.register_pickle_by_value."""

from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Registered(BaseModel, Generic[T]):
    """A generic model."""

    value: T
