"""The user's module of the frozen payloads, which name it: nothing here may be renamed, moved or removed.

Runs on Python 3.8 and Pydantic 2.0.
"""

import enum
from typing import Any, Callable, Dict, Generic, List, Optional, Tuple, TypeVar, Union  # noqa: F401 - in the expressions

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, RootModel
from typing_extensions import Annotated, Literal  # noqa: F401 - in the expressions

T = TypeVar("T")
U = TypeVar("U")


class Box(BaseModel, Generic[T]):
    """One parameter."""

    value: T


class Pair(BaseModel, Generic[T, U]):
    """Two parameters."""

    first: T
    second: U


class Root(RootModel[T], Generic[T]):
    """A root model."""


class Rich(BaseModel, Generic[T]):
    """Every kind of state."""

    model_config = ConfigDict(extra="allow")
    value: T
    unset: int = 0
    _private: int = PrivateAttr(default=0)


class Wrapping(BaseModel, Generic[T]):
    """Makes other arguments of those that it is given."""

    value: T

    def __class_getitem__(cls, item: Any) -> Any:
        """Wrap them."""
        return super().__class_getitem__(List[item])


class Colour(enum.Enum):
    """An argument."""

    RED = 1


Bounded = Annotated[int, Field(gt=0)]


def rich(cls: Any) -> Any:
    """Build one with extra and private state."""
    made = cls(value=1, surplus=2)
    made._private = 3
    return made


def constructed(cls: Any) -> Any:
    """Build one without validation."""
    return cls.model_construct(value="anything")


# Name -> the specialization's expression, and how the value is made of it.
CASES: Dict[str, Tuple[str, Callable[[Any], Any]]] = {
    "specialization": ("Box[int]", lambda cls: cls(value=1)),
    "nested": ("Box[Box[int]]", lambda cls: cls(value={"value": 1})),
    "typing": ("Box[Dict[str, Optional[List[Box[int]]]]]", lambda cls: cls(value={"a": [{"value": 1}]})),
    "union": ("Box[Union[str, Box[int]]]", constructed),
    "callable": ("Box[Callable[[Box[int]], Tuple[Box[str], ...]]]", constructed),
    "literal": ("Box[Literal['a', 1]]", constructed),
    "annotated": ("Box[Annotated[Box[int], 'text']]", constructed),
    "named alias": ("Box[Bounded]", constructed),
    "enum": ("Box[Colour]", lambda cls: cls(value=Colour.RED)),
    "two steps": ("Pair[Box[int], T][str]", lambda cls: cls(first={"value": 1}, second="x")),
    "left open": ("Pair[int, U]", lambda cls: cls(first=1, second=2)),
    "root": ("Root[List[int]]", lambda cls: cls([1, 2])),
    "every kind of state": ("Rich[int]", rich),
    "own getitem": ("Wrapping[int]", constructed),
    "several": ("Box[int]", lambda cls: [cls(value=1), {"again": cls(value=2)}]),
}
# For level "class": the class is the value, or in it.
CASES_OF_CLASSES: Dict[str, Tuple[str, Callable[[Any], Any]]] = {
    "class": ("Box[Box[int]]", lambda cls: cls),
    "class in a field": ("Box[int]", lambda cls: Box[Any](value=cls)),
}
