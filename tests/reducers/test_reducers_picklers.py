"""Every pickler that users meet, besides pickle.dumps and cloudpickle.dumps."""

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import collections
import copyreg
import importlib
import io
import multiprocessing
import pickle
import pickletools
import sys
import zipfile
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any, Callable, Dict, Generic, Iterator, List, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel

from picklecheck.reducers import install, installed, reduce_specialization, uninstall

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


class Meta(METACLASS):  # type: ignore[misc]
    """A metaclass that there is before the fix."""


class MetaBox(BaseModel, Generic[T], metaclass=Meta):
    """Uses it."""

    value: T


class Money:
    """Not pickled in the usual way."""


def values() -> List[Any]:
    """Return an instance, a class, an alias, and a class with a metaclass of its own, none of them registered."""
    cls: Any = Box[List[Box[complex]]]
    return [cls(value=[Box[complex](value=1j)]), cls, Dict[str, cls], MetaBox[complex], Box, BaseModel]


def dumper(pickler: Callable[[Any], Any]) -> Callable[[Any], bytes]:
    def dumps(value: Any) -> bytes:
        stream = io.BytesIO()
        pickler(stream).dump(value)
        return stream.getvalue()

    return dumps


class Chained(pickle.Pickler):
    """Its own table, on top of the common one."""

    dispatch_table: Any = collections.ChainMap({Money: lambda _: (str, ("money",))}, copyreg.dispatch_table)


class Copied(pickle.Pickler):
    """Its own table, a copy with the reducer in it: what the documentation tells."""

    dispatch_table: Any = {**copyreg.dispatch_table, METACLASS: reduce_specialization, Meta: reduce_specialization}


class Overriding(pickle.Pickler):
    """Its own reducer_override."""

    def reducer_override(self, obj: Any) -> Any:
        return (str, ("money",)) if isinstance(obj, Money) else NotImplemented


class PythonChained(pickle._Pickler):
    """The same in pure Python."""

    dispatch_table = Chained.dispatch_table


DUMPS: Dict[str, Callable[[Any], Any]] = {
    "own table, chained": dumper(Chained),
    "own table, copied": dumper(Copied),
    "own reducer_override": dumper(Overriding),
    "pure Python": dumper(PythonChained),
    "ForkingPickler": ForkingPickler.dumps,
}


@pytest.mark.parametrize("dumps", DUMPS.values(), ids=DUMPS.keys())
def test_everything_arrives(dumps: Callable[[Any], Any]) -> None:
    with installed():
        payload = bytes(dumps(values()))
        assert b"picklecheck" not in payload
    instance, *classes = pickle.loads(payload)
    assert classes == values()[1:]
    assert type(instance) is classes[0]


@pytest.mark.parametrize("dumps", [dumps for name, dumps in DUMPS.items() if name != "own table, copied"])
def test_control_without_the_fix(dumps: Callable[[Any], Any]) -> None:
    with pytest.raises(pickle.PicklingError):
        dumps(Box[complex])


def test_a_table_of_ones_own_that_does_not_chain_is_left_alone() -> None:
    class Unchained(pickle.Pickler):
        dispatch_table: Any = {}

    with installed(), pytest.raises(pickle.PicklingError):
        dumper(Unchained)(Box[complex])


def double(box: Any) -> Any:
    """Run in a worker: what arrives is what the worker would make, and goes back."""
    assert type(box) is Box[Box[complex]], type(box)
    install()
    return Box[Box[complex]](value=Box[complex](value=2 * box.value.value))


def test_multiprocessing_with_new_interpreters() -> None:
    install()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        (doubled,) = pool.map(double, [Box[Box[complex]](value=Box[complex](value=1j))])
    assert type(doubled) is Box[Box[complex]]
    assert doubled.value.value == 2j


@pytest.fixture
def archived_cloudpickle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Put a vendored copy into a zip archive, as PySpark's executors have it."""
    archive = tmp_path / "engine.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("an_archive/__init__.py", "")
        for file in Path(cloudpickle.__file__).parent.glob("*.py"):
            text = file.read_text().replace("from cloudpickle", "from an_archive.cloudpickle")
            target.writestr(f"an_archive/cloudpickle/{file.name}", text)
        target.writestr("an_archive/other.py", "HERE = 1")
    monkeypatch.syspath_prepend(str(archive))
    yield "an_archive.cloudpickle"
    for name in [name for name in sys.modules if name.startswith("an_archive")]:
        del sys.modules[name]


@pytest.mark.skipif(sys.version_info < (3, 10), reason="zipimport has exec_module since Python 3.10")
def test_cloudpickle_from_an_archive_imported_after_install(archived_cloudpickle: str) -> None:
    """One loader object serves all modules of an archive."""
    install()
    copy = importlib.import_module(archived_cloudpickle)
    other: Any = importlib.import_module("an_archive.other")
    assert other.HERE == 1
    payload = copy.dumps(Box[complex](value=1j))
    assert len(payload) < 300
    assert type(pickle.loads(payload)) is Box[complex]
    modules: List[Any] = [copy, other, sys.modules[copy.CloudPickler.__module__]]
    for module in modules:
        assert "exec_module" not in vars(module.__spec__.loader)
    uninstall()
    assert len(copy.dumps(Box[complex](value=1j))) > 1_000


# What cannot be made portable fails in dumps, with the reason and the way out.


def test_type_variable_that_is_not_at_module_scope() -> None:
    V = TypeVar("V")
    partial: Any = Pair[int, V]  # type: ignore[valid-type]
    hidden = (
        r"Can't pickle <class 'test_reducers_picklers\.Pair\[int, (~V|TypeVar)\]'>: its type variable ~V is not found "
        r"as test_reducers_picklers\.V; define it at module scope there, .*or give the model its remaining arguments"
    )
    with installed():
        for dumps in (pickle.dumps, ForkingPickler.dumps):
            with pytest.raises(pickle.PicklingError, match=hidden):
                dumps(partial.model_construct())
        with pytest.raises(pickle.PicklingError, match=hidden):
            pickle.dumps(partial[str])  # which is not Pair[int, str], and what yields it needs the variable
        with pytest.raises(
            pickle.PicklingError, match=hidden.replace("Pair", r"Box\[List\[Pair").replace("TypeVar)", "TypeVar).*", 1)
        ):
            pickle.dumps(Box[List[partial]])
    with pytest.raises(pickle.PicklingError, match=hidden):
        dumper(Copied)(partial)


def test_type_variable_that_is_not_at_module_scope_goes_by_value_with_cloudpickle() -> None:
    V = TypeVar("V")
    partial: Any = Pair[int, V]  # type: ignore[valid-type]
    with installed():
        assert type(pickle.loads(cloudpickle.dumps(partial(first=1, second=2)))) is partial


def test_type_variable_that_somebody_reduces(monkeypatch: pytest.MonkeyPatch) -> None:
    V = TypeVar("V")
    monkeypatch.setitem(copyreg.dispatch_table, TypeVar, lambda _: (getattr, (sys.modules[__name__], "T")))
    monkeypatch.setitem(copyreg.dispatch_table, type(sys), lambda module: (importlib.import_module, (module.__name__,)))
    with installed():
        assert pickle.loads(pickle.dumps(Pair[int, V])) is Pair[int, T]  # type: ignore[valid-type]


def test_open_type_variables_at_module_scope() -> None:
    with installed():
        for cls in (Pair[int, U], Box[List[T]], Pair[U, T]):  # type: ignore[valid-type]
            payload = pickle.dumps(cls)
            assert pickle.loads(payload) is cls
            assert {"T", "U"} & {argument for _, argument, _ in pickletools.genops(payload)}
