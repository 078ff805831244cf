"""Models with a __class_getitem__ of their own, and what no expression yields."""

# mypy: disable-error-code="import-untyped, valid-type"
# (cloudpickle has no types, and classes are made at run time)

import pickle
from typing import Any, Dict, Generic, List, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel

from picklecheck.reducers import install, installed, portable
from picklecheck.reducers._expression import Expression, expression_of

T = TypeVar("T")
U = TypeVar("U")


class Passing(BaseModel, Generic[T]):
    """Watches, and passes on: the usual kind."""

    value: T

    def __class_getitem__(cls, item: Any) -> Any:
        return super().__class_getitem__(item)


class Defaulting(BaseModel, Generic[T, U]):
    """Completes the arguments: Defaulting[int] is Defaulting[int, str]."""

    first: T
    second: U

    def __class_getitem__(cls, item: Any) -> Any:
        return super().__class_getitem__((item, str) if not isinstance(item, tuple) else (*item, bytes)[-2:])


class Wrapping(BaseModel, Generic[T]):
    """Would wrap once more each time."""

    value: T

    def __class_getitem__(cls, item: Any) -> Any:
        return super().__class_getitem__(List[item])


class WrappingChild(Wrapping[T], Generic[T]):
    """Inherits that."""


class WrappingTwice(Wrapping[T], Generic[T]):
    """And does it again."""

    def __class_getitem__(cls, item: Any) -> Any:
        return super().__class_getitem__(Dict[str, item])


class Refusing(BaseModel, Generic[T]):
    """Accepts no tuple."""

    value: T

    def __class_getitem__(cls, item: Any) -> Any:
        if isinstance(item, tuple):
            raise TypeError(item)
        return super().__class_getitem__(item)


@portable
class Decorated(BaseModel, Generic[T]):
    """The other level."""

    value: T

    def __class_getitem__(cls, item: Any) -> Any:
        return super().__class_getitem__(List[item])


ORIGINS: List[Any] = [Passing, Defaulting, Wrapping, WrappingChild, WrappingTwice, Refusing, Decorated]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_the_very_class_arrives(origin: Any, dumps: Any) -> None:
    cls = origin[int]
    with installed():
        for value in (cls, cls.model_construct(value=1), List[cls]):
            payload = dumps(value)
            assert b"picklecheck" not in payload
            assert pickle.loads(payload) == value
        assert type(pickle.loads(dumps(cls.model_construct()))) is cls


def test_level_instance_too() -> None:
    cls: Any = Decorated[int]
    assert cls is not Decorated[List[int]]
    assert type(pickle.loads(pickle.dumps(cls(value=[1])))) is cls
    with installed("instance"):
        assert type(pickle.loads(pickle.dumps(Wrapping[cls].model_construct(value=1)))) is Wrapping[cls]


def test_control_the_rule_alone_would_do_it_wrong() -> None:
    cls: Any = Wrapping[int]
    metadata = cls.__pydantic_generic_metadata__
    assert metadata["origin"][metadata["args"]] is not cls
    assert expression_of(cls) == Expression(Wrapping, (List[int],), Wrapping)


def make_class(origin: Any, *arguments: Any) -> Any:
    """Make a class that says of itself that it is a specialization, past Pydantic's cache."""
    metadata = {"origin": origin, "args": arguments, "parameters": ()}
    namespace = {"__module__": __name__, "__qualname__": "Handmade"}
    return type(origin)("Handmade", (origin,), namespace, __pydantic_generic_metadata__=metadata)


def test_copy_of_a_specialization_is_sent_on_as_the_original() -> None:
    """For example one that cloudpickle shipped by value."""
    install()
    assert pickle.loads(pickle.dumps(make_class(Passing, int))) is Passing[int]
    assert pickle.loads(pickle.dumps(make_class(Refusing, int))) is Refusing[int]


def test_what_nothing_yields_fails_in_dumps_and_says_why() -> None:
    """Not in the receiver, as another class."""
    cls = make_class(Passing, T)  # Passing[T] is Passing
    install()
    assert expression_of(cls) is None
    with pytest.raises(pickle.PicklingError, match=r"Handmade.*no expression yields it.*define a subclass"):
        pickle.dumps(cls(value=1))
    assert pickle.loads(cloudpickle.dumps(cls(value=1))).value == 1  # by value, as ever


def test_what_nothing_yields_may_be_found_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is what it was without us."""
    cls = make_class(Passing, T)  # Passing[T] is Passing
    monkeypatch.setitem(globals(), cls.__qualname__, cls)
    install()
    assert pickle.loads(pickle.dumps(cls)) is cls
    install("instance")
    assert type(pickle.loads(pickle.dumps(cls(value=1)))) is cls
    assert pickle.loads(pickle.dumps(Passing[cls])) is Passing[cls]
