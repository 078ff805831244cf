"""Which modules' classes are copied into payloads, by the picklers that bring what has no importable name."""

from __future__ import annotations

import sys
from typing import Any

from pydantic_core import SchemaSerializer

from ._globals import MAIN
from ._namespaces import namespace_of

# Where cloudpickle 2.0 to 3.1 keeps the names that register_pickle_by_value() was called with, in each copy of it.
_REGISTRY = "_PICKLE_BY_VALUE_MODULES"
_MODULE_NAMES = ("cloudpickle", "cloudpickle_fast")

# Pydantic before 2.5 has serializers that cannot be pickled, so no class of a model can be copied.
CAN_COPY_MODELS = "__reduce__" in vars(SchemaSerializer)


class _Registries:
    """The registries of all copies of cloudpickle, looked for again when modules have come."""

    def __init__(self) -> None:
        self._modules = 0
        self._found: list[Any] = []

    def names(self) -> tuple[str, ...]:
        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            self._found = list(self._search())
        return tuple(name for registry in self._found for name in registry.copy())

    @staticmethod
    def _search() -> Any:
        for name, module in sys.modules.copy().items():
            if name.rpartition(".")[2] in _MODULE_NAMES:
                registry = namespace_of(module).get(_REGISTRY)
                if isinstance(registry, set):
                    yield registry


_registries = _Registries()


def modules_by_value() -> tuple[str, ...]:
    """Return the modules whose classes some pickler of this process copies: the main script, and what is registered."""
    names = _registries.names()
    return MAIN if not names else (*MAIN, *names)
