"""What a specialization is."""

from __future__ import annotations

from typing import Any, Tuple, Union, cast

from pydantic import BaseModel

METACLASS: type = type(BaseModel)

# What a reducer may return (pickle's __reduce__ protocol): a global's name, or a callable with its arguments.
Recipe = Union[str, Tuple[Any, ...]]


def origin_and_arguments(cls: type) -> tuple[type, tuple[Any, ...]] | None:
    """Return ``(Box, (int,))`` for ``Box[int]``, and None for every class that somebody wrote in a source file.

    Only the class's own dictionary counts: whatever else it inherits, a named subclass is not a specialization.
    """
    metadata = cls.__dict__.get("__pydantic_generic_metadata__")
    if not metadata or metadata["origin"] is None:
        return None
    return metadata["origin"], metadata["args"]


def parameters_of(cls: type) -> tuple[Any, ...]:
    """Return the type variables that a model leaves open: ``(T,)`` for ``Pair[int, T]``."""
    parameters: tuple[Any, ...] = cls.__dict__.get("__pydantic_generic_metadata__", {}).get("parameters", ())
    return parameters


def is_specialization(value: object) -> bool:
    """Tell whether a value is a class that Pydantic created for a generic model and its arguments.

    The type is asked, not ``isinstance``: a proxy's ``__class__`` is a property that may do anything.
    """
    return issubclass(type(value), METACLASS) and origin_and_arguments(cast("type", value)) is not None
