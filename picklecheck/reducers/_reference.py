"""A specialization as an object that is pickled in its place."""

from __future__ import annotations

import operator
import weakref
from typing import TYPE_CHECKING, Any

from ._expression import expression_of
from ._per_class import PerClass
from ._propagation import propagation
from ._recipe import goes_by_its_name, is_annotated, recipe_of
from ._specialization import is_specialization, origin_and_arguments

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
        if cls is not None and self._is_inner is not None and propagation.level is None:
            metadata = cls.__pydantic_generic_metadata__
            pairs = zip(metadata["args"], self._is_inner)
            arguments = [reference_to(one) if is_inner else one for one, is_inner in pairs]
            return operator.getitem, (metadata["origin"], tuple(arguments))
        expression = None if cls is None else expression_of(cls)
        if expression is None:  # Not while an instance is pickled: it keeps its class.
            message = "the specialization that this reference stands for no longer exists"
            raise ReferenceError(message)
        recipe = recipe_of(expression, reference_to, operator.index(protocol))
        if expression[:2] == origin_and_arguments(cls) and expression.overrider is None:
            self._is_inner = _is_inner(expression.arguments, recipe[1][1])
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
        if expression_of(cls) is None or goes_by_its_name(cls):
            return cls
        reference = _references.put(cls, ClassReference(cls))
    return reference
