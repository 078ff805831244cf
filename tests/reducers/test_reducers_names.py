"""Type arguments that go by a name which is not their own: type variables, and Annotated aliases."""

# mypy: disable-error-code="import-untyped, misc, type-arg, valid-type"
# (cloudpickle has no types; type variables are not where mypy wants them)

from __future__ import annotations

import pickle
import sys
import types
from contextlib import suppress
from typing import Annotated, Any, Generic, List, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel, Field, PositiveInt

from picklecheck.reducers import installed
from picklecheck.reducers._names import alias_by_name, parameter_by_name

T = TypeVar("T")
Bounded = Annotated[int, Field(gt=0)]
Plain = Annotated[int, "metadata that is equal to its copy"]


_U = TypeVar("U")  # noqa: PLC0132 - the case in question


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


@pytest.mark.parametrize("level", ["class", "instance"])
@pytest.mark.parametrize("argument", [Bounded, List[Bounded], Annotated[Bounded, "more"]], ids=["bare", "list", "more"])
def test_the_class_is_the_very_class(level: Any, argument: Any) -> None:
    cls = Box[argument]
    value = cls.model_construct(value=5)

    with installed(level):
        restored = pickle.loads(pickle.dumps(value))

    # The third one is flattened by Annotated itself: a new alias, which has no name.
    assert (type(restored) is cls) == (argument is not Annotated[Bounded, "more"])


def test_the_payload_names_the_standard_library_and_the_users_module() -> None:
    with installed("class"):
        payload = pickle.dumps(Box[Bounded], protocol=0).decode("ascii")

    assert "import_module" in payload
    assert "FieldInfo" not in payload
    assert "picklecheck" not in payload.replace("test_reducers_names", "")


def test_only_what_needs_a_name_goes_by_it() -> None:
    assert alias_by_name(Bounded) is not None
    assert alias_by_name(Plain) is None
    assert alias_by_name(PositiveInt) is None
    assert alias_by_name(int) is None
    assert alias_by_name(Annotated[int, Field(gt=1)]) is None, "it has no name"


# Pydantic registers it here, at module scope.
Inline = Box[Annotated[int, Field(gt=7)]]
Around = Box[List[Inline]]


CLASSES: List[Any] = [Inline, Around]
with suppress(TypeError):  # Pydantic takes them since 2.14
    Unhashable = Box[Annotated[int, []]]
    CLASSES.append(Unhashable)


@pytest.mark.parametrize("level", ["class", "instance"])
@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_class_with_a_name_of_its_own_goes_by_that(level: Any, dumps: Any) -> None:
    """A copy of its argument would make another class, where without the fix this one arrives."""
    for cls in CLASSES:
        instance = cls.model_construct(value=8)
        assert type(pickle.loads(dumps(instance))) is cls
        with installed(level):
            assert type(pickle.loads(dumps(instance))) is cls


@pytest.mark.parametrize("level", ["class", "instance"])
def test_class_without_any_name_arrives_as_one_like_it(level: Any) -> None:
    cls: Any = Box[Annotated[int, Field(gt=9)]]
    with installed(level):
        arrived = type(pickle.loads(pickle.dumps(cls(value=10))))
    assert arrived is not cls
    assert arrived.__pydantic_generic_metadata__["origin"] is Box
    with pytest.raises(ValueError, match="greater than 9"):
        arrived(value=9)


def test_main_is_no_place_to_point_at(monkeypatch: pytest.MonkeyPatch) -> None:
    alias = Annotated[int, Field(gt=2)]
    monkeypatch.setattr(sys.modules["__main__"], "Alias", alias, raising=False)
    monkeypatch.setitem(sys.modules, "__mp_main__", sys.modules["__main__"])  # as multiprocessing does
    assert alias_by_name(alias) is None

    module = types.ModuleType("of_a_user")
    monkeypatch.setitem(sys.modules, "of_a_user", module)
    vars(module)["Alias"] = alias
    assert alias_by_name(alias) is not None
    del vars(module)["Alias"]
    assert alias_by_name(alias) is None, "a name that is gone must not be remembered"


class Pair(BaseModel, Generic[T, _U]):
    """Holds two values."""

    first: T
    second: _U


@pytest.mark.parametrize("level", ["class", "instance"])
@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_type_variable_by_the_name_that_its_module_has_it_by(level: Any, dumps: Any) -> None:
    """``_U = TypeVar("U")`` is what many write."""
    classes: List[Any] = [Pair[int, _U], Pair[T, List[_U]], Pair[int, _U][str], Box[Pair[int, _U]]]
    for cls in classes:
        with installed(level):
            payload = dumps(cls.model_construct())
        assert type(pickle.loads(payload)) is cls


def test_type_variable_of_the_main_script_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """cloudpickle brings it by value, and pickle says that it cannot."""
    of_main: Any = TypeVar("of_main")
    of_main.__module__ = "__main__"
    monkeypatch.setattr(sys.modules["__main__"], "_by_another_name", of_main, raising=False)
    assert parameter_by_name(of_main) is None
    assert parameter_by_name(_U) is not None
    assert parameter_by_name(T) is None


def test_type_variable_without_a_name_where_the_class_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registered at module scope, it is loaded by a receiver that has it, too; the fix must not take that away."""
    V = TypeVar("V")
    cls: Any = Pair[int, V]
    with installed():
        with pytest.raises(pickle.PicklingError, match="its type variable ~V is not found"):
            pickle.dumps(cls)
        monkeypatch.setitem(globals(), cls.__qualname__, cls)
        assert pickle.loads(pickle.dumps(cls)) is cls
