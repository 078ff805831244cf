"""The user's module of the reducer tests: imported by producers and receivers, which are other processes.

Runs on Python 3.8 and Pydantic 2.0. ``LEVEL`` (an environment variable) makes ``Box`` carry the mixin or the decorator;
without picklecheck, as in the receivers, they do nothing.
"""

# mypy: disable-error-code="misc, no-any-return, valid-type"
# (the mixin is found at run time)

import os
import sys
from typing import Any, Callable, ClassVar, Dict, Generic, List, Optional, Tuple, Type, TypeVar, Union  # noqa: F401 - in the expressions

from pydantic import BaseModel, ConfigDict, PrivateAttr, RootModel
from typing_extensions import Annotated, Literal  # noqa: F401 - in the expressions

T = TypeVar("T")
U = TypeVar("U")
Model = TypeVar("Model", bound=BaseModel)


class _NoMixin:
    pass


def _no_decorator(cls: Type[Model]) -> Type[Model]:
    return cls


_mixin: Any = _NoMixin
_decorate: Any = _no_decorator
try:
    from picklecheck import reducers
except ImportError:
    pass
else:
    if os.environ.get("LEVEL") == "mixin":
        _mixin = reducers.PortableGenericsMixin
    if os.environ.get("LEVEL") == "portable":
        _decorate = reducers.portable


@_decorate
class Box(_mixin, BaseModel, Generic[T]):
    """The plainest generic model."""

    value: T


@_decorate
class ListBox(_mixin, BaseModel, Generic[T]):
    """Another one, for nesting."""

    items: List[T]


@_decorate
class Pair(_mixin, BaseModel, Generic[T, U]):
    """Two parameters."""

    first: T
    second: U


class Plain(BaseModel):
    """Not generic, but with room for everything."""

    held: Any = None


class IntBox(Box[bytes]):
    """A named subclass of a specialization."""


class Wider(Box[List[T]], Generic[T]):
    """A subclass of a specialization that is generic again."""


@_decorate
class Rich(_mixin, BaseModel, Generic[T]):
    """Has every kind of state."""

    model_config = ConfigDict(extra="allow")
    value: T
    optional: Optional[int] = None
    _private: int = PrivateAttr(default=0)
    _unset: int = PrivateAttr()


@_decorate
class Root(_mixin, RootModel[T], Generic[T]):
    """A generic root model."""


@_decorate
class Node(_mixin, BaseModel, Generic[T]):
    """Refers to itself."""

    value: T
    next: Optional["Node[T]"] = None
    other: Any = None


@_decorate
class OwnState(_mixin, BaseModel, Generic[T]):
    """Has a state of its own."""

    value: T
    loaded: bool = False

    def __getstate__(self) -> Dict[str, Any]:
        """Return a state that only the method below understands."""
        return {"mine": super().__getstate__()}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        """Leave a mark."""
        super().__setstate__(state["mine"])
        self.__dict__["loaded"] = True


@_decorate
class OwnNew(_mixin, BaseModel, Generic[T]):
    """Is created by a __new__ of its own."""

    created: ClassVar[List[Tuple[Any, ...]]] = []
    value: T

    def __new__(cls, *args: Any, **_: Any) -> "OwnNew[T]":
        """Record the positional arguments."""
        cls.created.append(args)
        return super().__new__(cls)


@_decorate
class OwnNewArgs(_mixin, BaseModel, Generic[T]):
    """Wants arguments for its __new__ on loading."""

    created: ClassVar[List[Tuple[Any, ...]]] = []
    value: T

    def __new__(cls, *args: Any, **_: Any) -> "OwnNewArgs[T]":
        """Record the positional arguments."""
        cls.created.append(args)
        return super().__new__(cls)

    def __getnewargs__(self) -> Tuple[Any, ...]:
        """Return what pickle hands to __new__."""
        return ("from the stream",)


@_decorate
class OwnNewKeywords(_mixin, BaseModel, Generic[T]):
    """Wants keyword arguments for its __new__ on loading."""

    created: ClassVar[List[Dict[str, Any]]] = []
    value: T

    def __new__(cls, *_: Any, **kwargs: Any) -> "OwnNewKeywords[T]":
        """Record the keyword arguments."""
        cls.created.append(kwargs)
        return super().__new__(cls)

    def __getnewargs_ex__(self) -> Tuple[Tuple[Any, ...], Dict[str, Any]]:
        """Return what pickle hands to __new__."""
        return (), {"origin": "stream"}


class Meta(type(BaseModel)):
    """A metaclass of the user's own."""


@_decorate
class WithMeta(_mixin, BaseModel, Generic[T], metaclass=Meta):
    """Uses it."""

    value: T


class Case:
    """A value to send: the text that the site evaluates, and how the value is built from the class."""

    def __init__(self, expression: str, build: Callable[[Any], Any], *, only_class: bool = False) -> None:
        self.expression = expression
        self.build = build
        self.only_class = only_class


def _in_box(cls: Any) -> Any:
    return cls.model_construct(value="marker")


def _rich(cls: Any) -> Any:
    rich = cls(value=1, surplus=[1, 2])
    rich._private = 7
    return rich


def _cycle(cls: Any) -> Any:
    node = cls(value=1)
    node.other = {"back": node}
    return node


def _shared(cls: Any) -> Any:
    box = cls(value=1)
    return [box, {"again": box}]


CASES = {
    "specialization": Case("Box[int]", lambda cls: cls(value=5)),
    "nested": Case("Box[ListBox[int]]", lambda cls: cls(value={"items": [1]})),
    "three_deep": Case("Box[Box[Box[ListBox[str]]]]", _in_box),
    "two_arguments": Case("Pair[Box[int], ListBox[str]]", lambda cls: cls.model_construct(first=1, second=2)),
    "same_twice": Case("Pair[Box[int], List[Box[int]]]", lambda cls: cls.model_construct(first=1, second=2)),
    "partial": Case("Pair[int, T]", lambda cls: cls(first=1, second=2)),
    "completed": Case("Pair[int, T][Box[str]]", lambda cls: cls.model_construct(first=1, second=2)),
    "wider": Case("Wider[Box[int]]", _in_box),
    "plain_argument": Case("Box[Plain]", lambda cls: cls(value=Plain(held=3))),
    "root": Case("Root[List[int]]", lambda cls: cls([1, 2])),
    "any": Case("Box[Any]", lambda cls: cls(value=None)),
    "literal": Case("Box[Literal['a', 1]]", lambda cls: cls(value="a")),
    "union": Case("Box[Union[int, ListBox[int]]]", _in_box),
    "optional": Case("Box[Optional[ListBox[int]]]", _in_box),
    "typing_list": Case("Box[List[ListBox[int]]]", _in_box),
    "typing_dict": Case("Box[Dict[str, Tuple[ListBox[int], ...]]]", _in_box),
    "typing_type": Case("Box[Type[ListBox[int]]]", _in_box),
    "typing_callable": Case("Box[Callable[[ListBox[int], str], Box[int]]]", _in_box),
    "typing_callable_dots": Case("Box[Callable[..., Box[int]]]", _in_box),
    "annotated": Case("Box[Annotated[ListBox[int], 'text', (ListBox[int], 3)]]", _in_box),
    "annotated_frozenset": Case("Box[Annotated[int, frozenset([ListBox[int]])]]", _in_box),
    "named_subclass": Case("IntBox", lambda cls: cls(value=b"1")),
    "bare_generic": Case("Box", lambda cls: cls(value=1)),
    "plain_model": Case("Plain", lambda cls: cls(held=1)),
    "metaclass": Case("WithMeta[ListBox[int]]", _in_box),
    "rich": Case("Rich[int]", _rich),
    "invalid": Case("Box[int]", lambda cls: cls.model_construct(value="not a number", _fields_set=set())),
    "own_state": Case("OwnState[int]", lambda cls: cls(value=1, loaded=True)),
    "own_new": Case("OwnNew[int]", lambda cls: cls(value=1)),
    "own_new_arguments": Case("OwnNewArgs[int]", lambda cls: cls(value=1)),
    "own_new_keywords": Case("OwnNewKeywords[int]", lambda cls: cls(value=1)),  # from protocol 2 on, as the two before
    "in_containers": Case("Box[int]", lambda cls: {"list": [cls(value=1)], "plain": Plain(held=cls(value=2))}),
    "recursive": Case("Node[int]", lambda cls: cls(value=1, next={"value": 2})),
    "cycle": Case("Node[int]", _cycle),
    "shared": Case("Box[int]", _shared),
    "class_itself": Case("ListBox[int]", lambda cls: cls, only_class=True),
    "class_in_list": Case("ListBox[int]", lambda cls: [cls, cls], only_class=True),
    "class_in_plain_model": Case("ListBox[int]", lambda cls: Plain(held=cls), only_class=True),
    "class_as_value": Case("ListBox[int]", lambda cls: Box[Any](value=cls), only_class=True),
    "alias_itself": Case("ListBox[int]", lambda cls: List[cls], only_class=True),
}
if sys.version_info >= (3, 9):
    CASES["list_alias"] = Case("Box[list[ListBox[int]]]", _in_box)
    CASES["dict_alias"] = Case("Box[dict[str, list[ListBox[int]]]]", _in_box)
    CASES["abc_callable"] = Case("Box[__import__('collections').abc.Callable[[ListBox[int]], int]]", _in_box)
if sys.version_info >= (3, 10):
    CASES["pep604"] = Case("Box[ListBox[int] | None]", _in_box)
    CASES["pep604_in_list"] = Case("Box[list[int | ListBox[int]]]", _in_box)
