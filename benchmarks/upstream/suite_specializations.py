"""A pytest plugin: pickles and loads every specialization that the tests of a suite leave behind.

The tests themselves pickle hardly any. Loaded beside ``suite_plugin``, which has switched the fix on. Each class must
come back as itself, alone (level "class") and as the class of an instance. Models, functions and type variables without
an importable name, as tests define them, are passed by beside the payload: it is not they that are examined.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import pickle
import sys
import types
import warnings
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    import pytest

LEVEL = "PICKLECHECK_SUITE_LEVEL"
REPORT = "PICKLECHECK_SUITE_SPECIALIZATIONS"
SAME = "same"

_PROTOCOLS = (2, 5)
_LONGEST = 300
_PARAMETERS = ("TypeVar", "ParamSpec", "TypeVarTuple", "TypeAliasType")

_seen: "weakref.WeakSet[type]" = weakref.WeakSet()
# Of each specialization: the test, its name, what came of it, and why.
_found: list[tuple[str, str, str, str]] = []


def pytest_runtest_setup() -> None:
    """Let nothing be collected that the test leaves, so that all of it is found, and the same each time."""
    gc.disable()


def pytest_runtest_teardown(item: "pytest.Item") -> None:
    """Examine what has come since the last test. Classes refer to themselves: they outlive the test's function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the suites make errors of them
        for cls in _new_specializations():
            outcome, reason = _examine(cls)
            _found.append((item.nodeid, repr(cls)[:_LONGEST], outcome, reason[:_LONGEST]))
        _new_specializations()  # Those that were loaded are none of the suite's.
    gc.enable()


def pytest_sessionfinish() -> None:
    """Write the report, in one step."""
    path = Path(os.environ[REPORT])
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(_found), encoding="utf-8")
    partial.replace(path)


def _new_specializations() -> list[type[BaseModel]]:
    found = [cls for cls in dict.fromkeys(_derived(BaseModel)) if cls not in _seen]
    _seen.update(found)
    return [cls for cls in found if _is_specialization(cls)]


def _derived(cls: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for derived in type.__subclasses__(cls):
        yield derived
        yield from _derived(derived)


def _is_specialization(value: Any) -> bool:
    is_model = isinstance(value, type) and issubclass(value, BaseModel)
    # Not what a class inherits from a specialization.
    return is_model and (vars(value).get("__pydantic_generic_metadata__") or {}).get("origin") is not None


def _examine(cls: type[BaseModel]) -> tuple[str, str]:
    """Return the first outcome that is not "same", and why; of all picklers and protocols."""
    values: list[Any] = [cls] if os.environ[LEVEL] == "class" else []
    for arguments in ((), (None,)):  # a RootModel wants a root
        with contextlib.suppress(Exception):
            values.append(cls.model_construct(*arguments))
            break
    for value in values:
        for pickler in _picklers():
            for protocol in _PROTOCOLS:
                outcome, reason = _send(value, pickler, protocol)
                if outcome != SAME:
                    return outcome, reason
    return SAME, ""


def _picklers() -> list[Any]:
    return [pickle.Pickler, importlib.import_module("cloudpickle").Pickler]


def _send(value: Any, base: Any, protocol: int) -> tuple[str, str]:
    beside: dict[str, Any] = {}

    class Pickler(base):  # type: ignore[misc]
        def persistent_id(self, one: Any) -> Any:
            if not _is_nameless(one):
                return None
            beside[str(id(one))] = one
            return str(id(one))

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, key: Any) -> Any:
            return beside[key]

    stream = io.BytesIO()
    try:
        Pickler(stream, protocol).dump(value)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
        return "not dumped", f"{type(error).__name__}: {error}"
    stream.seek(0)
    try:
        loaded = Unpickler(stream).load()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
        return "not loaded", f"{type(error).__name__}: {error}"
    if isinstance(value, type):
        return (SAME, "") if loaded is value else ("another class", "")
    if type(loaded) is not type(value):
        return "another class", ""
    return (SAME, "") if vars(loaded) == vars(value) else ("another state", "")


def _is_nameless(value: Any) -> bool:
    """Tell whether pickle has no name under which it would find this."""
    if isinstance(value, types.FunctionType) or (isinstance(value, type) and not _is_specialization(value)):
        path = value.__qualname__
    elif type(value).__name__ in _PARAMETERS:
        path = value.__name__
    else:
        return False
    found: Any = sys.modules.get(value.__module__)
    for name in path.split("."):
        found = getattr(found, name, None)
    return found is not value
