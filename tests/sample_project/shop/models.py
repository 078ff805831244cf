"""What the workers are sent."""

import datetime
import uuid
from typing import Generic, List, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")


class Order(BaseModel):
    """An order, which is never the same twice."""

    number: int
    id: uuid.UUID = Field(default_factory=uuid.uuid4)
    at: datetime.datetime = Field(default_factory=datetime.datetime.now)


class Page(BaseModel, Generic[T]):
    """A page of anything."""

    items: List[T]
