"""A specialization as a recipe that pickle writes down: level "class", and the public reducer."""

from __future__ import annotations

import operator
from typing import Any

from ._arguments import with_references
from ._specialization import Recipe, expression_of

# Aliases have one recipe for all protocols from 2 on.
_PROTOCOL = 2


def specialization_recipe(cls: type) -> tuple[Any, ...] | None:
    """Return the recipe of a specialization in terms of the standard library, or None for any other class.

    Specializations among the arguments are left to the pickler, which meets them next.
    """
    expression = expression_of(cls)
    return None if expression is None else (operator.getitem, with_references(expression, _itself, _PROTOCOL))


def reduce_specialization(cls: type) -> Recipe:
    """Reduce a class, for a pickler or ``dispatch_table`` of your own.

    A specialization becomes ``operator.getitem(origin, arguments)``, any other class its qualified name (that is: a
    reference, what pickle does by default). Register it for ``type(BaseModel)`` and each metaclass derived from it;
    classes among the arguments come back to the same pickler::

        pickler.dispatch_table = {**copyreg.dispatch_table, type(BaseModel): reduce_specialization}
    """
    return specialization_recipe(cls) or cls.__qualname__


def _itself(cls: type) -> type:
    return cls
