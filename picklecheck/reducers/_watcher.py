"""Modules that define a pickler and are imported after the fix was installed."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence, cast

if TYPE_CHECKING:
    import types
    from importlib.machinery import ModuleSpec

# Where dill defines its pickler, and where cloudpickle does: cloudpickle.cloudpickle_fast up to 2.2,
# cloudpickle.cloudpickle since 3.0, in its own package and in the copies that engines vendor (joblib, ray, pyspark).
_MODULE_NAMES = ("cloudpickle", "cloudpickle_fast", "_dill")


class Watcher:
    """Calls ``on_import(module)`` when a module that may define a pickler has been imported.

    A finder without the base class: importlib.abc takes longer to import than this whole folder. It finds nothing by
    itself: it lets the finders after it find the module, and has the loader report.
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
                self._make_it_report(spec)
                break
        return cast("ModuleSpec | None", spec)

    def _finders_after(self) -> Iterator[Any]:
        # Those before have been asked already; asking only the others also means that two watchers (this folder may
        # have been copied) never ask each other in circles.
        finders = list(sys.meta_path)
        position = finders.index(self) if self in finders else -1
        return (finder for finder in finders[position + 1 :] if hasattr(finder, "find_spec"))

    def _make_it_report(self, spec: ModuleSpec) -> None:
        loader: Any = spec.loader
        execute = getattr(loader, "exec_module", None)
        if execute is None or isinstance(loader, type):  # a namespace package, zipimport up to Python 3.9; built in
            return

        def exec_module(module: types.ModuleType) -> None:
            # One zipimporter loads all modules of its archive.
            if module.__name__ == spec.name and vars(loader).get("exec_module") is exec_module:
                del loader.exec_module
            execute(module)
            self._on_import(module)

        # On the loader object, so that spec.loader remains what everybody expects.
        with suppress(AttributeError):  # a foreign loader with slots
            loader.exec_module = exec_module
