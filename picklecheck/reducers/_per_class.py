"""Something for each class, as long as the class lives."""

from __future__ import annotations

import weakref
from typing import Dict, TypeVar

ValueT = TypeVar("ValueT")


class PerClass(Dict["weakref.ref[type]", ValueT]):
    """Values by ``weakref.ref(cls)``: a WeakKeyDictionary whose look-up, ``get(ref(cls))``, runs no Python code.

    A value must not lead back to its class, or to arguments of it: that would keep the class alive.
    """

    def put(self, cls: type, value: ValueT) -> ValueT:
        """Keep a value, unless there is one; return the one that is there."""
        return self.setdefault(weakref.ref(cls, self._forget), value)

    def _forget(self, reference: weakref.ref[type]) -> None:
        self.pop(reference, None)
