"""Every copy of cloudpickle in this process: those that are there, and those that are imported later.

Engines vendor their own (joblib.externals, ray, pyspark, srsly ...), each with a ``CloudPickler`` of its own.
"""

from __future__ import annotations

import sys
import types
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence, cast

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

# Where cloudpickle defines its pickler: cloudpickle.cloudpickle_fast up to 2.2, cloudpickle.cloudpickle since 3.0.
_MODULE_NAMES = ("cloudpickle", "cloudpickle_fast")


def pickler_of(module: object) -> type | None:
    """Return the class that defines ``reducer_override`` for the module's ``CloudPickler``, if there is one.

    On PyPy cloudpickle has none (it overrides ``save_global`` there), and this level doesn't reach it.
    """
    if not issubclass(type(module), types.ModuleType):
        return None  # sys.modules holds whatever programs put there; attribute access could do anything
    # Not getattr or vars: those execute modules that wait to be loaded by importlib.util.LazyLoader.
    candidate = object.__getattribute__(module, "__dict__").get("CloudPickler")
    if not isinstance(candidate, type):
        return None
    return next((base for base in candidate.__mro__ if "reducer_override" in vars(base)), None)


def present_picklers() -> Iterator[type]:
    """Yield the picklers of all copies that are imported, some more than once."""
    for module in list(sys.modules.values()):
        pickler = pickler_of(module)
        if pickler is not None:
            yield pickler


class Watcher:
    """Calls ``on_import(module)`` when a copy of cloudpickle has been imported.

    A finder without the base class: importlib.abc takes longer to import than this whole folder. It finds nothing by
    itself: it lets the finders after it find the module, and has the loader report. Only modules
    loaded from files are watched; there each has a loader object of its own, so nothing else is touched.
    """

    def __init__(self, on_import: Callable[[types.ModuleType], None]) -> None:
        self._on_import = on_import

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the import system would have found without us."""
        if fullname.rpartition(".")[2] not in _MODULE_NAMES:
            return None
        spec = None
        for finder in self._finders_after():
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                break
        if spec is not None and isinstance(spec.loader, (SourceFileLoader, SourcelessFileLoader)):
            self._make_it_report(spec.loader)
        return cast("ModuleSpec | None", spec)

    def _finders_after(self) -> Iterator[Any]:
        # Those before have been asked already; asking only the others also means that two watchers (this folder may
        # have been copied) never ask each other in circles.
        finders = list(sys.meta_path)
        position = finders.index(self) if self in finders else -1
        return (finder for finder in finders[position + 1 :] if hasattr(finder, "find_spec"))

    def _make_it_report(self, loader: Any) -> None:
        execute = loader.exec_module

        def exec_module(module: types.ModuleType) -> None:
            vars(loader).pop("exec_module", None)
            execute(module)
            self._on_import(module)

        loader.exec_module = exec_module  # on the loader object, so that spec.loader remains what everybody expects
