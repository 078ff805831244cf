"""What stands before generated arguments, in the module that defines the classes in them: its text is put there.

Runs on Python 3.8 and Pydantic 2.0.
"""

# mypy: ignore-errors
# (what an application writes, and what it never should)

import collections, dataclasses, datetime, enum, functools, operator, typing
from typing import Any, Callable, Dict, Generic, List, NewType, Optional, Tuple, Type, TypeVar, Union
import annotated_types as at
import pydantic, typing_extensions
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, PlainSerializer, SkipValidation
from pydantic import create_model, conint, constr
from pydantic import InstanceOf, PlainValidator, RootModel, SerializeAsAny, WrapSerializer, WrapValidator
from typing_extensions import Annotated, Literal, NotRequired, TypeAliasType, TypedDict

T = TypeVar("T")


class Item(BaseModel):
    name: str = "a"


class Inner(BaseModel, Generic[T]):
    inner: Optional[T] = None


class Color(enum.Enum):
    RED = 1


class Level(enum.IntFlag):
    LOW = 1
    HIGH = 2


class Movie(TypedDict):
    title: str


Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Record:
    held: int = 0


class Plain:
    def method(self, value):
        return value

    @staticmethod
    def static(value):
        return value

    @classmethod
    def made(cls, value):
        return value


class Meta(type):
    pass


class Made(metaclass=Meta):
    pass


def upper(value):
    return value


def closing(extra):
    def inner(value):
        return value

    return inner


def tagged(value):
    return "a"


UserId = NewType("UserId", int)
Alias = TypeAliasType("Alias", List[int])


class SameHash:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return isinstance(other, SameHash) and self.n == other.n

    def __hash__(self):
        return hash(self.n)


class ByIdentity:
    def __init__(self, n):
        self.n = n


class EqualOnly:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return isinstance(other, EqualOnly) and self.n == other.n

    __hash__ = object.__hash__


class Unhashable:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return isinstance(other, Unhashable) and self.n == other.n

    __hash__ = None


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1


class Stubborn:
    def __reduce__(self):
        raise TypeError("never")


class Forgetful:
    def __init__(self, n=0):
        self.n = n

    def __eq__(self, other):
        return isinstance(other, Forgetful) and self.n == other.n

    def __hash__(self):
        return hash(self.n)

    def __reduce__(self):
        return (Forgetful, ())


class Raising:
    def __init__(self):
        self.is_new = True

    def __setstate__(self, state):
        raise ValueError("never")


class Single:
    def __reduce__(self):
        return "SINGLE"


SINGLE = Single()


@dataclasses.dataclass(frozen=True)
class Frozen:
    held: Any = None


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
