"""dill and the fix; run by pytest in a process of its own, since importing dill changes pickle's own Python pickler."""

# mypy: disable-error-code="import-untyped, misc, valid-type"
# (dill has no types, and classes are made at run time)

import importlib
import pickle
import sys
from typing import Any, Callable, Dict, Generic, List, TypeVar

import dill
import pytest
from pydantic import BaseModel

from picklecheck.reducers import install, installed, uninstall

T = TypeVar("T")
U = TypeVar("U")
METACLASS: Any = type(BaseModel)


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T


class Pair(BaseModel, Generic[T, U]):
    """Two parameters."""

    first: T
    second: U


class Meta(METACLASS):
    """A metaclass that there is before the fix."""


class MetaBox(BaseModel, Generic[T], metaclass=Meta):
    """Uses it."""

    value: T


class Money:
    """Not a model."""


def values() -> List[Any]:
    """Return an instance, a class, an alias, and a class with a metaclass of its own, none of them registered."""
    cls: Any = Box[List[Box[complex]]]
    return [cls(value=[Box[complex](value=1j)]), cls, Dict[str, cls], MetaBox[complex], Box, BaseModel]


DUMPS: Dict[str, Callable[[Any], Any]] = {
    "as it is": dill.dumps,
    "by reference": lambda value: dill.dumps(value, byref=True),
    "recursive": lambda value: dill.dumps(value, recurse=True),
    "protocol 2": lambda value: dill.dumps(value, protocol=2),
}


@pytest.mark.parametrize("dumps", DUMPS.values(), ids=DUMPS.keys())
def test_everything_arrives(dumps: Callable[[Any], Any]) -> None:
    with pytest.raises(pickle.PicklingError):
        dumps(Box[complex])
    with installed():
        payload = bytes(dumps(values()))
    assert b"picklecheck" not in payload
    instance, *classes = pickle.loads(payload)
    assert classes == values()[1:]
    assert type(instance) is classes[0]


def test_metaclass_that_is_defined_after_install() -> None:
    install()

    class Later(METACLASS):
        pass

    assert Later in dill.Pickler.dispatch
    uninstall()
    assert Later not in dill.Pickler.dispatch


def fresh_dill(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import dill as if for the first time."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "dill"]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("dill")


def test_dill_imported_after_install(monkeypatch: pytest.MonkeyPatch) -> None:
    install()
    late = fresh_dill(monkeypatch)
    try:
        assert late is not dill
        assert pickle.loads(late.dumps(Box[complex])) is Box[complex]
        uninstall()
        assert METACLASS not in late.Pickler.dispatch
        with pytest.raises(pickle.PicklingError):
            late.dumps(Box[complex])
    finally:
        uninstall()


def test_dill_is_for_the_rest_what_it_was() -> None:
    """Byte by byte: named models, by reference and, those of __main__, by value; functions; bound methods."""
    local = METACLASS("Local", (BaseModel,), {"__module__": "__main__", "__annotations__": {"x": int}})
    rest: List[Any] = [Box, BaseModel, METACLASS, lambda: Box, Money.__init__, int, type(None)]

    def attempt(value: Any) -> Any:
        try:
            return dill.dumps(value)
        except Exception as error:  # noqa: BLE001 - also how it fails
            return type(error), str(error)

    before = [attempt(value) for value in [*rest, local]]
    keys = set(dill.Pickler.dispatch)
    with installed():
        assert [attempt(value) for value in [*rest, local]] == before
    assert set(dill.Pickler.dispatch) == keys


def test_somebody_elses_entry_in_dills_table() -> None:
    """Chained to, and restored."""

    def save(pickler: Any, obj: Any) -> None:
        pickler.save_reduce(str, ("theirs",), obj=obj)

    dill.Pickler.dispatch[METACLASS] = save
    try:
        with installed():
            assert pickle.loads(dill.dumps(Box)) == "theirs"
            assert b"getitem" in dill.dumps(Box[complex])
        assert dill.Pickler.dispatch[METACLASS] is save
    finally:
        del dill.Pickler.dispatch[METACLASS]


def test_type_variable_that_is_not_at_module_scope() -> None:
    V = TypeVar("V")
    with installed(), pytest.raises(pickle.PicklingError, match="its type variable ~V is not found"):
        dill.dumps(Pair[int, V])
