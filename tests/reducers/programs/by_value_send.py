"""Dumps models that cloudpickle ships by value: ``python by_value_send.py LEVEL``; prints payloads, by case, as hex.

A case is ``[instance, its class, its origin]``, dumped twice: two streams of one sender.
"""

# ruff: noqa: T201
# (stdout is the way back)

# mypy: disable-error-code="import-untyped, misc"
# (cloudpickle has no types, and a specialization is a class)

import json
import sys
from typing import Any, ClassVar, Dict, Generic, List, TypeVar

import by_value_module
import cloudpickle
from pydantic import BaseModel

LEVEL = sys.argv[1]
if LEVEL != "none":
    from picklecheck import reducers

    reducers.install(LEVEL)  # type: ignore[arg-type]
cloudpickle.register_pickle_by_value(by_value_module)
T = TypeVar("T")


class Main(BaseModel, Generic[T]):
    """Stands in the main script."""

    value: T


class Holder(BaseModel):
    """Has a specialization in a field."""

    main: Main[int]


class WithClassVariable(BaseModel, Generic[T]):
    """Holds its own specialization."""

    known: ClassVar[List[Any]] = []
    value: T


WithClassVariable.known.append(WithClassVariable[int])


class WithGlobal(BaseModel, Generic[T]):
    """Has a method that uses its own specialization, which is a global."""

    value: T

    def is_integer(self) -> bool:
        """Use it."""
        return isinstance(self, Integer) and LISTED is not None


Integer = WithGlobal[int]
LISTED = List[WithGlobal[WithGlobal[str]]]


class Argument(BaseModel):
    """Is an argument of the class that its own method uses."""

    value: int = 0

    def boxed(self) -> Any:
        """Use it."""
        return Boxed(value=[self])


Boxed = Main[List[Argument]]


def local() -> Any:
    """Make a model that stands in a function."""

    class Local(BaseModel, Generic[T]):
        value: T

    return Local


def cases() -> Dict[str, Any]:
    """Return the instances; made in a function, so that nothing is registered."""
    return {
        "main": Main[int](value=1),
        "nested": Main[List[Main[str]]](value=[Main[str](value="x")]),
        "local": local()[int](value=1),
        "registered": by_value_module.Registered[int](value=1),
        "holder": Holder.model_validate({"main": {"value": 1}}),
        "class variable": WithClassVariable[int](value=1),
        "global": WithGlobal[int](value=1),
        "argument": Boxed(value=[Argument()]),
    }


def main() -> None:
    """Dump each case twice."""
    payloads: Dict[str, List[str]] = {}
    for name, instance in cases().items():
        origin = type(instance).__pydantic_generic_metadata__["origin"]
        payloads[name] = [cloudpickle.dumps([instance, type(instance), origin]).hex() for _ in range(2)]
    print(json.dumps(payloads))


main()
