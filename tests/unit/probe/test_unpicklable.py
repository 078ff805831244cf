"""The path to the object that cannot be pickled, as Python would write it."""

from __future__ import annotations

import collections
import functools
import importlib
import threading
import types
from typing import Any, Generic, TypeVar

import pytest
from portrait_builders import Box, Open, Plain, Stubborn
from pydantic import BaseModel

T = TypeVar("T")
_UNPICKLABLE = importlib.import_module("picklecheck.probe.unpicklable")


class Slotted:
    """Has no dictionary."""

    __slots__ = ("lock",)


class LeavesOut:
    """Does not send its lock, and cannot be sent for another reason."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.other = (letter for letter in "")

    def __getstate__(self) -> dict[str, Any]:
        return {"other": self.other}


def private() -> Open:
    """Return a model with a lock in its private attribute."""
    value = Open()
    value._secret = threading.Lock()  # type: ignore[assignment]
    return value


def slotted() -> Slotted:
    """Return an object with a lock in a slot."""
    value = Slotted()
    value.lock = threading.Lock()  # type: ignore[attr-defined]
    return value


def cyclic() -> Plain:
    """Return an object that holds itself."""
    value = Plain(lock=threading.Lock())
    value.__dict__ = {"itself": value, **vars(value)}
    return value


def keeping(value: object) -> Any:
    """Return a function that holds a value."""
    return lambda: value


LOCK = "_thread.lock"
PATHS: list[tuple[Any, str, str]] = [
    (threading.Lock(), "value", LOCK),
    ([1, {"deep": (threading.Lock(),)}], "value[1]['deep'][0]", LOCK),
    (Box[Any](value={2: [Box[Any](value=threading.Lock())]}), "value.value[2][0].value", LOCK),
    (Box[Any](value=private()), "value.value._secret", LOCK),
    (Open.model_validate({"lock": threading.Lock()}), "value.lock", LOCK),
    (Plain(a=Plain(b=threading.Lock())), "value.a.b", LOCK),
    (slotted(), "value.lock", LOCK),
    (cyclic(), "value.lock", LOCK),
    (LeavesOut(), "value.other", "generator"),
    (functools.partial(print, end=threading.Lock()), "value.keywords['end']", LOCK),
    (collections.deque([threading.Lock()]), "value[0]", LOCK),
    ({threading.Lock(): 1}, "list(value)[0]", LOCK),
    ({"set": {threading.Lock()}}, "list(value['set'])[0]", LOCK),
    (types.MethodType(print, [threading.Lock()]), "value.__self__[0]", LOCK),
    (Box[Any].model_construct(value=Stubborn()), "value.value", "portrait_builders.Stubborn"),
]


@pytest.mark.parametrize(("value", "path", "kind"), PATHS, ids=[row[1] for row in PATHS])
def test_the_innermost_object_is_named(value: Any, path: str, kind: str) -> None:
    assert _UNPICKLABLE.find(value, "cloudpickle", None) == {"path": path, "type": kind}


def test_what_a_function_keeps_is_looked_into() -> None:
    found = _UNPICKLABLE.find([keeping(Plain(lock=threading.Lock()))], "cloudpickle", None)

    assert found["path"] == "value[0].__closure__[0].cell_contents.lock"
    assert _UNPICKLABLE.find(keeping(1), "pickle", None)["path"] == "value"


def keeping_class(lock: object) -> Any:
    """Return an object of a class that Pydantic gives the variables of this function, and one that has a lock."""

    class Local(BaseModel, Generic[T]):
        """Defined in a function."""

        value: T

    class Holding:
        """Has a lock in itself."""

        held = lock

    return Local[int](value=1), Local(value=1), Holding()


def test_what_is_copied_along_with_a_class_is_looked_into() -> None:
    lock = Open.model_validate({"lock": threading.Lock()})  # what Pydantic refers to weakly, as long as it is there
    specialized, plain, holding = keeping_class(lock)
    kept = "__pydantic_parent_namespace__['lock']"

    def path(value: object) -> str:
        found = _UNPICKLABLE.find(value, "cloudpickle", None)
        assert found["type"] == LOCK
        return str(found["path"]).replace(".__reduce_ex__(4)[1][0]", "")

    assert path([specialized]) == f"type(value[0]).__pydantic_generic_metadata__['origin'].{kept}.lock"
    assert path(plain) == f"type(value).{kept}.lock"
    assert path(holding) == "type(value).held.lock"
    assert _UNPICKLABLE.find(plain, "pickle", None)["path"] == "value.__reduce_ex__(4)[1][0]"


def test_what_was_found_until_time_is_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_UNPICKLABLE, "LIMIT", -1.0)

    assert _UNPICKLABLE.find([1, [threading.Lock()]], "pickle", None)["path"] == "value"
