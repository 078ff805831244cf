"""Models of other libraries, where they are installed: ``pip install ccflow sqlmodel``."""

# mypy: disable-error-code="import-untyped, valid-type, misc"
# (cloudpickle has no types, and classes are made at run time)

import importlib
import importlib.util
import pickle
from typing import Any, Dict, Generic, List, Optional, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel
from typing_extensions import Annotated

from picklecheck.reducers import Level, installed, is_installed

# Imported before a test begins: what they register in copyreg is theirs.
ccflow: Any
sqlmodel: Any
ccflow, sqlmodel = (
    importlib.import_module(name) if importlib.util.find_spec(name) else None for name in ("ccflow", "sqlmodel")
)

T = TypeVar("T")
LEVELS: List[Level] = ["class", "instance"]


class Box(BaseModel, Generic[T]):
    """A generic model, whose arguments are a library's."""

    value: Any = None


@pytest.mark.skipif(ccflow is None, reason="ccflow is not installed")
@pytest.mark.parametrize("level", LEVELS)
def test_generics_of_ccflow(level: Level) -> None:
    """Nested, with a metaclass and a base class that has an instance reducer of its own."""
    nested = ccflow.CallableModelGenericType[ccflow.NullContext, ccflow.GenericResult[int]]
    arguments: Dict[str, Any] = {
        "itself": nested,
        "in a list": List[nested],
        "in metadata": Annotated[int, nested],
        "in a union": Optional[ccflow.GenericResult[List[ccflow.GenericResult[int]]]],
    }
    for argument in arguments.values():
        with installed(level):
            payload = pickle.dumps(Box[argument]())
        assert type(pickle.loads(payload)) is Box[argument]
        assert b"ccflow.pickling" not in payload
    with installed(level):
        payload = pickle.dumps(ccflow.GenericResult[int](value=1))
    assert type(pickle.loads(payload)) is ccflow.GenericResult[int]
    assert b"ccflow.pickling" in payload  # a model's own reducer is honoured


@pytest.mark.skipif(sqlmodel is None, reason="sqlmodel is not installed")
@pytest.mark.parametrize("level", LEVELS)
def test_sqlmodel_is_left_as_it_is(level: Level) -> None:
    """Its metaclass, derived from Pydantic's, drops the generic metadata: nothing knows a specialization's arguments.

    SQLModel 0.0.50. When it keeps them, the last assertion fails, and generic SQLModels are covered.
    """

    class Hero(sqlmodel.SQLModel):
        name: str

    class Generically(sqlmodel.SQLModel, Generic[T]):
        value: T

    Hero.__qualname__ = "Hero"
    globals()["Hero"] = Hero
    try:
        before = [pickle.dumps([Hero, Hero(name="x")]), cloudpickle.dumps([Hero, Hero(name="x")])]
        with installed(level):
            assert is_installed(level)
            assert [pickle.dumps([Hero, Hero(name="x")]), cloudpickle.dumps([Hero, Hero(name="x")])] == before
        assert Generically[int].__pydantic_generic_metadata__["origin"] is None
    finally:
        del globals()["Hero"]
