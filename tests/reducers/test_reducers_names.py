"""Annotated aliases that are equal to themselves alone go by their name, where they have one."""

from __future__ import annotations

import pickle
import sys
import types
from typing import Annotated, Any, Generic, List, TypeVar

import pytest
from pydantic import BaseModel, Field, PositiveInt

from picklecheck.reducers import installed
from picklecheck.reducers._names import by_name

T = TypeVar("T")
Bounded = Annotated[int, Field(gt=0)]
Plain = Annotated[int, "metadata that is equal to its copy"]


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
    assert by_name(Bounded) is not None
    assert by_name(Plain) is None
    assert by_name(PositiveInt) is None
    assert by_name(int) is None
    assert by_name(Annotated[int, Field(gt=1)]) is None, "it has no name"


def test_main_is_no_place_to_point_at(monkeypatch: pytest.MonkeyPatch) -> None:
    alias = Annotated[int, Field(gt=2)]
    monkeypatch.setattr(sys.modules["__main__"], "Alias", alias, raising=False)
    monkeypatch.setitem(sys.modules, "__mp_main__", sys.modules["__main__"])  # as multiprocessing does
    assert by_name(alias) is None

    module = types.ModuleType("of_a_user")
    monkeypatch.setitem(sys.modules, "of_a_user", module)
    vars(module)["Alias"] = alias
    assert by_name(alias) is not None
    del vars(module)["Alias"]
    assert by_name(alias) is None, "a name that is gone must not be remembered"
