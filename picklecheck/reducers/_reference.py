"""A specialization as an object that is pickled in its place."""

from __future__ import annotations

import operator
import weakref
from typing import TYPE_CHECKING, Any

from ._by_value import modules_by_value
from ._expression import expression_of
from ._globals import MAIN, NamedGlobal
from ._per_class import PerClass
from ._propagation import propagation
from ._recipe import reference_recipe
from ._specialization import is_specialization, origin_and_arguments
from ._way import Way, is_annotated, way_of

if TYPE_CHECKING:
    from typing import SupportsIndex


class ClassReference:
    """Stands in a pickle stream for a specialization: what arrives is the class, and nothing of this module.

    There is one for each class, so that the pickler's memo stores a class once a stream. It does not keep its class
    alive, and neither does the table of references: Pydantic caches specializations weakly, too.
    """

    __slots__ = ("__weakref__", "_is_inner", "_target")

    def __init__(self, cls: type) -> None:
        self._target = weakref.ref(cls)
        # Which arguments are specializations, where nothing else has to be rewritten; None for all else.
        self._is_inner: tuple[bool, ...] | None = None

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        """Return ``operator.getitem(origin, arguments)``, with references in place of nested specializations."""
        cls: Any = self._target()
        by_value = modules_by_value()  # any pickler may ask
        if cls is not None and self._is_inner is not None and propagation.level is None and len(by_value) <= len(MAIN):
            metadata = cls.__pydantic_generic_metadata__
            pairs = zip(metadata["args"], self._is_inner)
            arguments = [reference_to(one) if is_inner else one for one, is_inner in pairs]
            return operator.getitem, (metadata["origin"], tuple(arguments))
        if cls is None:  # Not while an instance is pickled: it keeps its class.
            message = "the specialization that this reference stands for no longer exists"
            raise ReferenceError(message)
        recipe = reference_recipe(cls, reference_to, operator.index(protocol), by_value)
        if recipe is None:  # an argument had a name when the reference was made
            return NamedGlobal(cls.__module__, cls.__qualname__).__reduce_ex__(protocol)
        ruling = origin_and_arguments(cls)
        if ruling is not None and recipe[0] is operator.getitem and recipe[1][0] is ruling[0]:
            self._is_inner = _is_inner(ruling[1], recipe[1][1])
        return recipe


def _is_inner(arguments: tuple[Any, ...], written: tuple[Any, ...]) -> tuple[bool, ...] | None:
    """Return which arguments are specializations; None where something else was, or may be, rewritten."""
    if any(is_annotated(one) or not (new is one or is_specialization(one)) for one, new in zip(arguments, written)):
        return None
    return tuple([is_specialization(one) for one in arguments])


_references: PerClass[ClassReference] = PerClass()


def reference_to(cls: type) -> ClassReference | type:
    """Return the one reference to a specialization; the class itself where no expression yields it elsewhere."""
    reference = _references.get(weakref.ref(cls))
    if reference is None:
        if way_of(cls) is Way.NAME or expression_of(cls) is None:
            return cls
        reference = _references.put(cls, ClassReference(cls))
    return reference
