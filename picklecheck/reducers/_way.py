"""Which way a specialization goes: by the expression that yields it, by its own name, or by both.

With the fix nothing may be worse than without it. Without it, a class that Pydantic registered goes by its name, and
arrives wherever a module of the receiver evaluates it as well. So the expression takes the place of the name only where
it is certain to yield the same class. And where the module that the name leads to would register the class in the
receiver, for a process there that has no fix and dumps it again, the expression does not go without that module.
"""

from __future__ import annotations

import weakref
from enum import Enum
from typing import Any

from ._arguments import with_references
from ._by_value import CAN_COPY_MODELS
from ._expression import arguments_within, evaluated, expression_of
from ._globals import MAIN, Modules, is_among, is_global
from ._per_class import PerClass
from ._proof import UNCERTAIN, Kept, NotCertainError, Proof, proof_of
from ._specialization import origin_and_arguments


class Way(Enum):
    """How a specialization is written down."""

    EXPRESSION = "the expression that yields it"
    NAME = "module and name, as without the fix"
    MODULE_FIRST = "the expression, after its module was imported"
    NAME_OR_EXPRESSION = "what is found by module and name, else the expression"


# Aliases have one recipe for all protocols from 2 on.
PROTOCOL = 2

_proofs: PerClass[Proof] = PerClass()


def way_of(cls: type, by_value: tuple[str, ...] = ()) -> Way:
    """Return the way of a specialization; ``by_value`` names the modules whose classes the pickler copies."""
    if not is_global(cls, cls.__qualname__):
        return Way.EXPRESSION
    proof = _proof_for(cls)
    if not proof.is_certain:
        return Way.NAME
    if is_among(cls.__module__, by_value):
        return Way.EXPRESSION  # without the fix a copy arrives
    if any(is_among(name, by_value) for name in proof.modules):
        return Way.NAME_OR_EXPRESSION if CAN_COPY_MODELS else Way.NAME
    if cls.__module__ in MAIN or cls.__module__ in proof.modules:
        return Way.EXPRESSION
    return Way.MODULE_FIRST


def near(cls: type) -> tuple[str, ...]:
    """Return the modules that whoever loads a specialization imports in any case."""
    ruling = origin_and_arguments(cls)
    names = (cls.__module__, *(() if ruling is None else (ruling[0].__module__,)))
    return tuple(name for name in dict.fromkeys(names) if name not in MAIN)


def is_annotated(value: Any) -> bool:
    """Tell whether a type argument has metadata in it, which may have to go by a name; names come and go."""
    return hasattr(value, "__metadata__") or any(is_annotated(one) for one in arguments_within(value))


def _proof_for(cls: type) -> Proof:
    known = _proofs.get(weakref.ref(cls))
    if known is not None:
        return known
    proof = _try(cls)
    is_lasting = proof.is_lasting or not is_annotated(origin_and_arguments(cls))
    return _proofs.put(cls, proof) if is_lasting else proof


def _try(cls: type) -> Proof:
    expression = expression_of(cls)
    if expression is None:
        return UNCERTAIN
    inner: list[Proof] = []

    def keep(specialization: type) -> object:
        inner.append(_proof_for(specialization))
        if not inner[-1].is_certain:
            raise NotCertainError
        return Kept(specialization)

    original = (expression.subject, expression.arguments)
    try:
        written = with_references(original, keep, PROTOCOL, Modules(near(cls)))
    except Exception:  # noqa: BLE001 - aliases of other libraries pickle themselves as they like
        return UNCERTAIN
    proof = proof_of(original, written, near(cls))
    if not proof.is_certain or evaluated(expression) is not cls:
        return UNCERTAIN
    return Proof(
        is_certain=True,
        modules=proof.modules.union(*[one.modules for one in inner]),
        is_lasting=proof.is_lasting and all(one.is_lasting for one in inner),
    )
