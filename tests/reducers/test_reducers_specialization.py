"""Which classes are specializations, and which expression yields them."""

# mypy: disable-error-code="valid-type"
# (partial specializations of models are none for mypy)

import copyreg
import gc
import io
import operator
import pickle
import weakref
from enum import Enum
from typing import Annotated, Any, Generic, List, Optional, TypeVar

import pytest
from pydantic import BaseModel, RootModel, create_model

from picklecheck.reducers import _expression, reduce_specialization
from picklecheck.reducers._expression import Expression, expression_of
from picklecheck.reducers._specialization import is_specialization

T = TypeVar("T")
U = TypeVar("U")


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T


class Pair(BaseModel, Generic[T, U]):
    """Two parameters."""

    first: T
    second: U


class Wider(Box[List[T]], Generic[T]):
    """A subclass of a specialization that is generic again."""


class IntBox(Box[int]):
    """A named subclass of a specialization."""


class Root(RootModel[T], Generic[T]):
    """A generic root model."""


@pytest.mark.parametrize(
    ("cls", "recipe"),
    [
        (Box[int], (operator.getitem, (Box, (int,)))),
        (Pair[int, List[str]], (operator.getitem, (Pair, (int, List[str])))),
        (Pair[int, T], (operator.getitem, (Pair, (int, T)))),
        (Box[List[T]][int], (operator.getitem, (Box, (List[int],)))),
        (Wider[int], (operator.getitem, (Wider, (int,)))),
        (Root[int], (operator.getitem, (Root, (int,)))),
        (Box, "Box"),
        (Box[T], "Box"),
        (IntBox, "IntBox"),
        (Wider, "Wider"),
        (BaseModel, "BaseModel"),
        (create_model("Made", __base__=Box[int]), "Made"),
        (int, "int"),
    ],
)
def test_reduce_specialization(cls: type, recipe: object) -> None:
    """Origin and arguments for a specialization, the name for every class that has one."""
    assert reduce_specialization(cls) == recipe


def test_nested_class_is_named_with_its_outer_class() -> None:
    """Pickle's default takes the qualified name, too."""

    class Inner(BaseModel):
        pass

    assert reduce_specialization(Inner) == Inner.__qualname__


@pytest.mark.parametrize(
    "complete",
    [
        lambda: Pair[int, T][str],
        lambda: Pair[T, str][int],
        lambda: Pair[List[T], Optional[U]][int, str],
        lambda: Pair[List[T], int][List[str]],
        lambda: Pair[Box[T], int][str],
        lambda: Pair[U, T][int, str],
        lambda: Pair[T, T][float],
        lambda: Box[Optional[T]][int],
    ],
)
def test_expression_yields_the_very_class(complete: Any) -> None:
    """Also where the specialization was made in two steps, which gives another class than one step does."""
    cls = complete()
    reduced = reduce_specialization(cls)
    assert not isinstance(reduced, str)
    function, arguments = reduced
    assert function(*arguments) is cls


def test_completed_partial_specialization_is_a_class_of_its_own() -> None:
    """If this fails, Pydantic makes one class of the two, and expression_of can be simplified."""
    completed: Any = Pair[bytes, T][str]
    assert completed is not Pair[bytes, str]
    assert completed.__pydantic_generic_metadata__ == Pair[bytes, str].__pydantic_generic_metadata__


def test_class_that_nothing_yields_is_written_as_origin_and_arguments() -> None:
    """For example a copy that cloudpickle shipped by value: what is sent on is the original."""
    metadata = {"origin": Box, "args": (int,), "parameters": ()}
    metaclass: Any = type(BaseModel)
    copy = metaclass("Box[int]", (Box,), {"__module__": __name__}, __pydantic_generic_metadata__=metadata)
    assert expression_of(copy) == Expression(Box, (int,))


def test_only_the_class_itself_counts() -> None:
    """A class that inherits everything, the metadata too, is not what it inherits from."""

    class Heir(Box[int]):
        pass

    delattr(Heir, "__pydantic_generic_metadata__")
    assert getattr(Heir, "__pydantic_generic_metadata__")["origin"] is Box  # noqa: B009 - mypy knows better
    assert not is_specialization(Heir)
    assert reduce_specialization(Heir) == Heir.__qualname__


def test_unhashable_arguments_create_no_class() -> None:
    """Pydantic 2.14 accepts them, cannot cache them, and would make one each time we look."""
    cls: Any = Box[Annotated[int, []]]
    before = len(type.__subclasses__(Box))
    assert expression_of(cls) == Expression(Box, (Annotated[int, []],))
    assert len(type.__subclasses__(Box)) == before


def test_proxy_is_not_asked_for_its_class() -> None:
    """A lazy object's __class__ may load things."""

    class Proxy:
        @property  # type: ignore[misc]
        def __class__(self) -> type:
            raise AssertionError

    assert not is_specialization(Proxy())


def test_no_class_is_kept_alive() -> None:
    """Specializations are cached weakly by Pydantic; nothing here changes that."""

    class Local(BaseModel, Generic[T]):
        value: T

    specializations: List[Any] = [Local[int], Local[List[Local[str]]]]
    for cls in specializations:
        assert expression_of(cls)
    seen = [weakref.ref(cls) for cls in specializations]
    known = len(_expression._exceptions)
    cls = None
    specializations.clear()
    for _ in range(3):  # Pydantic's own cache holds the inner class until the outer one is gone
        gc.collect()
    assert [reference() for reference in seen] == [None, None]
    assert len(_expression._exceptions) < known


def test_table_of_ones_own() -> None:
    """The documented way for a pickler with its own dispatch_table."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream)
    pickler.dispatch_table = {**copyreg.dispatch_table, type(BaseModel): reduce_specialization}
    cls: Any = Box[List[Box[bytes]]]
    pickler.dump([cls(value=[]), cls, BaseModel])
    loaded = pickle.loads(stream.getvalue())
    assert type(loaded[0]) is cls
    assert loaded[1:] == [cls, BaseModel]


def test_classes_may_be_collected_while_pydantics_cache_is_searched() -> None:
    """Each that goes is taken out of it at once."""

    def leave_garbage() -> None:
        for number in range(50):
            Box[Enum(f"Argument{number}", "A")]  # type: ignore[misc]

    thresholds = gc.get_threshold()
    gc.disable()
    leave_garbage()
    completed: Any = Pair[bytes, T][float]
    gc.set_threshold(gc.get_count()[0] + 60)  # comes when half of the garbage has been looked at
    gc.enable()
    try:
        found = expression_of(completed)
    finally:
        gc.set_threshold(*thresholds)
    assert found == Expression(Pair[bytes, T], (float,))
