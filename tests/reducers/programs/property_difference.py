"""What differs between a loaded value and the one that its source text yields here.

Pydantic's own ``==`` is too lax for that: it takes models of different specializations for equal. Here the type counts
by identity at every level, the whole state of models counts, sharing counts (two references to one object must be two
references to one object again), and aliases count by their spelling.
"""

# ruff: noqa: B905
# (zip has no "strict" on Python 3.8)

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import types
import typing
from typing import Any, Dict, Iterator, List, Tuple

from pydantic import BaseModel

STATE = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")
ATOMS = (
    type(None),
    bool,
    int,
    float,
    str,
    bytes,
    decimal.Decimal,
    dt.date,
    dt.time,
    type(...),
)
# By identity: what goes by its name, and members of enumerations.
NAMED = (
    type,
    typing.TypeVar,
    type(typing.NewType("New", int)),  # a function, up to Python 3.9
    types.BuiltinFunctionType,
    enum.Enum,
)


def origin_and_arguments(value: Any) -> Any:
    """Return the two of a specialization, None of anything else."""
    if not issubclass(type(value), type(BaseModel)):
        return None
    metadata = value.__dict__.get("__pydantic_generic_metadata__") or {}
    return (metadata["origin"], metadata["args"]) if metadata.get("origin") else None


def specializations() -> List[str]:
    """Spell those that exist in this process."""

    def descend(cls: Any) -> Iterator[Any]:
        for derived in type.__subclasses__(cls):
            yield derived
            yield from descend(derived)

    return sorted({spelling(cls) for cls in descend(BaseModel) if origin_and_arguments(cls)})


def parts_of(alias: Any) -> Tuple[Any, ...]:
    """Return what an alias is made of, its type and spelling first; of no alias, nothing."""
    if not hasattr(alias, "__origin__") and not hasattr(alias, "__args__"):
        return ()
    kind = type(alias)
    spelled = f"{kind.__module__}.{kind.__qualname__} {getattr(alias, '_name', '')}"
    return (
        spelled,
        getattr(alias, "__origin__", None),
        getattr(alias, "__args__", ()),
        getattr(alias, "__metadata__", ()),
    )


def spelling(value: Any) -> str:
    """Spell a class with its arguments so that what is spelled alike in two processes is alike."""
    ruling = origin_and_arguments(value)
    if ruling is not None:
        return f"{ruling[0].__name__}[{', '.join(map(spelling, ruling[1]))}]"
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}{sorted(map(spelling, value))}"
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__}({', '.join(map(spelling, value))})"
    if parts_of(value):
        return f"<{' '.join(map(spelling, parts_of(value)))}>"
    return repr(value)


def differences(loaded: Any, expected: Any) -> List[str]:
    """Say where two values differ; nothing if they don't."""
    comparison = Comparison()
    comparison.compare(loaded, expected, "value")
    return comparison.found


class Comparison:
    """One walk through two values side by side."""

    def __init__(self) -> None:
        self.found: List[str] = []
        # The ids of objects that have been met, each with its partner on the other side.
        self._partners: Dict[Tuple[str, int], int] = {}

    def compare(self, loaded: Any, expected: Any, path: str) -> None:
        """Add what differs from here on."""
        kind = type(expected)
        if type(loaded) is not kind:
            self.found.append(f"{path}: {type(loaded)} at {id(type(loaded)):x} is not {kind} at {id(kind):x}")
        elif issubclass(kind, NAMED):
            self._require(loaded is expected, loaded, expected, path)
        elif issubclass(kind, ATOMS):
            self._require(repr(loaded) == repr(expected), loaded, expected, path)
        elif parts_of(expected):
            self._require(loaded == expected, loaded, expected, path)
            self.compare(parts_of(loaded), parts_of(expected), f"{path} in the alias")
        elif issubclass(kind, (tuple, frozenset)):
            self._compare_elements(loaded, expected, path)
        elif self._is_first_meeting(loaded, expected, path):
            self._compare_object(loaded, expected, path)

    def _require(self, is_met: object, loaded: Any, expected: Any, path: str) -> None:
        if not is_met:
            self.found.append(f"{path}: {loaded!r} at {id(loaded):x} is not {expected!r} at {id(expected):x}")

    def _is_first_meeting(self, loaded: Any, expected: Any, path: str) -> bool:
        partner = self._partners.setdefault(("loaded", id(loaded)), id(expected))
        back = self._partners.setdefault(("expected", id(expected)), id(loaded))
        if partner != id(expected) or back != id(loaded):
            self.found.append(f"{path}: not shared in the same way")
            return False
        is_first = ("both", id(loaded)) not in self._partners
        self._partners["both", id(loaded)] = 0
        return is_first

    def _compare_object(self, loaded: Any, expected: Any, path: str) -> None:
        if isinstance(expected, BaseModel):
            for name in STATE:
                self.compare(getattr(loaded, name, None), getattr(expected, name, None), f"{path}.{name}")
        elif isinstance(expected, dict):
            # As tuples of tuples, since the order counts.
            self._compare_elements(tuple(loaded.items()), tuple(expected.items()), path)
        elif isinstance(expected, (list, set, collections.deque)):
            self._compare_elements(loaded, expected, path)
        elif dataclasses.is_dataclass(expected):
            self.compare(vars(loaded), vars(expected), f"{path}.__dict__")
        else:  # an object of Pydantic's, which has to come from the models' module
            self._require(loaded is expected, loaded, expected, path)

    def _compare_elements(self, loaded: Any, expected: Any, path: str) -> None:
        if len(loaded) != len(expected):
            self.found.append(f"{path}: {loaded!r} has not as many elements as {expected!r}")
            return
        if isinstance(expected, (set, frozenset)):
            loaded, expected = sorted(loaded, key=spelling), sorted(expected, key=spelling)
        for number, (one, other) in enumerate(zip(loaded, expected)):
            self.compare(one, other, f"{path}[{number}]")
