"""The user's module of the property tests: everything that a generated expression may name.

Runs on Python 3.8 and Pydantic 2.0. Producers and receivers import it; each is another process.
"""

# ruff: noqa: F401, ICN001, B905
# (imports for the expressions, under the names in which they call them; zip has no "strict" on Python 3.8)

# mypy: disable-error-code="misc"
# (a Pydantic that is found at run time)

import collections
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import typing
from typing import Any, Dict, Generic, List, NamedTuple, NewType, Optional, TypeVar

import typing_extensions
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, RootModel
from typing_extensions import Annotated, Literal, TypedDict

T = TypeVar("T")
U = TypeVar("U")
Bound = TypeVar("Bound", bound=BaseModel)
Choice = TypeVar("Choice", int, str)

UserId = NewType("UserId", int)
Positive = Annotated[int, Field(gt=0)]


class Color(enum.Enum):
    """An enumeration."""

    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    """One whose members equal numbers."""

    LOW = 0
    HIGH = 1


@dataclasses.dataclass
class Record:
    """A dataclass."""

    held: Any = None


@dataclasses.dataclass
class Holder(Generic[T]):
    """A generic class that is no model."""

    held: T


class Point(NamedTuple):
    """A named tuple."""

    x: int
    y: Any = None


class Movie(TypedDict):
    """A typed dictionary."""

    title: str


class Plain(BaseModel):
    """Not generic, but with room for everything."""

    held: Any = None


class Box(BaseModel, Generic[T]):
    """The plainest generic model."""

    value: T


class Pair(BaseModel, Generic[T, U]):
    """Two parameters."""

    first: T
    second: U


class ListBox(BaseModel, Generic[T]):
    """Has its parameter within an alias."""

    items: List[T] = Field(default_factory=list)
    table: Optional[Dict[str, T]] = None


class Root(RootModel[T], Generic[T]):
    """A generic root model."""


class Wider(Box[List[T]], Generic[T]):
    """A subclass of a specialization that is generic again."""


class Longer(Pair[U, T], Generic[T, U]):
    """Another one, which swaps the parameters."""


class TimeBox(Box[datetime.time]):
    """A named subclass of a specialization."""


class Node(BaseModel, Generic[T]):
    """Refers to itself."""

    value: T
    next: Optional["Node[T]"] = None


class Rich(BaseModel, Generic[T]):
    """Has every kind of state."""

    model_config = ConfigDict(extra="allow")
    value: T
    optional: Optional[int] = None
    _private: Any = PrivateAttr(default=0)
    _unset: int = PrivateAttr()


class Frozen(BaseModel, Generic[T]):
    """Can be a key."""

    model_config = ConfigDict(frozen=True)
    value: T


class Bounded(BaseModel, Generic[Bound]):
    """Its parameter has a bound."""

    value: Bound


SharedAlias = List[Box[datetime.time]]


def with_private(instance: Any, private: Any) -> Any:
    """Set a private attribute."""
    instance._private = private
    return instance


def shared(value: Any) -> Any:
    """Refer to one object from several places."""
    return [value, {"again": value}, Plain.model_construct(held=(value, [value]))]


def tied(*instances: Any) -> Any:
    """Let each instance refer to the next, and the last to the first, whatever their fields are."""
    for instance, following in zip(instances, [*instances[1:], instances[0]]):
        instance.__dict__["tie"] = [following]
    return list(instances)
