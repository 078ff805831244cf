"""A specialization as an object that is pickled in its place."""

from __future__ import annotations

import operator
import weakref
from typing import TYPE_CHECKING, Any

from ._expression import expression_of
from ._per_class import PerClass
from ._recipe import recipe_of

if TYPE_CHECKING:
    from typing import SupportsIndex


class ClassReference:
    """Stands in a pickle stream for a specialization: what arrives is the class, and nothing of this module.

    There is one for each class, so that the pickler's memo stores a class once a stream. It does not keep its class
    alive, and neither does the table of references: Pydantic caches specializations weakly, too.
    """

    __slots__ = ("__weakref__", "_target")

    def __init__(self, cls: type) -> None:
        self._target = weakref.ref(cls)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        """Return ``operator.getitem(origin, arguments)``, with references in place of nested specializations."""
        cls = self._target()
        expression = None if cls is None else expression_of(cls)
        if expression is None:  # Not while an instance is pickled: it keeps its class.
            message = "the specialization that this reference stands for no longer exists"
            raise ReferenceError(message)
        return recipe_of(expression, reference_to, operator.index(protocol))


_references: PerClass[ClassReference] = PerClass()


def reference_to(cls: type) -> ClassReference | type:
    """Return the one reference to a specialization; the class itself where no expression yields it."""
    reference = _references.get(weakref.ref(cls))
    if reference is None:
        if expression_of(cls) is None:
            return cls
        reference = _references.put(cls, ClassReference(cls))
    return reference
