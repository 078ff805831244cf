"""Classes in a portrait: what they are called, whether they are this process's own, and who can tell."""

from __future__ import annotations

import importlib
import sys
import typing
from typing import TYPE_CHECKING, Annotated, Any, Generic, Optional, TypeVar

import pytest
from portrait_builders import Box, Colour, Open, Plain
from pydantic import AfterValidator, BaseModel, SerializeAsAny

from picklecheck.reducers._by_value import CAN_COPY_MODELS

if TYPE_CHECKING:
    from collections.abc import Callable

# Untyped, as all of the probe; imported by name, so that mypy does not look inside.
cloudpickle: Any = importlib.import_module("cloudpickle")
_CLASSES = importlib.import_module("picklecheck.probe.classes")
_DIFFERING = importlib.import_module("picklecheck.probe.differing")
_PORTRAIT = importlib.import_module("picklecheck.probe.portrait")
_WHEREABOUTS = importlib.import_module("picklecheck.probe.whereabouts")

T = TypeVar("T")
U = TypeVar("U")


class Pair(BaseModel, Generic[T, U]):
    """Holds two values."""

    first: T
    second: U


class Picky(BaseModel, Generic[T]):
    """Does not let itself be specialized a second time."""

    value: T

    def __class_getitem__(cls, arguments: Any) -> Any:
        if isinstance(arguments, tuple):
            raise TypeError
        return super().__class_getitem__(arguments)


class Outer:
    """Has a class within."""

    class Inner(BaseModel):
        """Is importable all the same."""


class Rule:
    """Metadata with an address in its repr."""


def local_class(name: str = "Here") -> Any:
    """Return a class of a function."""
    return type(name, (BaseModel,), {"__module__": __name__, "__qualname__": f"local_class.<locals>.{name}"})


def in_function(evaluate: Callable[[], Any]) -> Any:
    """Return a specialization that Pydantic registers in no module."""
    return evaluate()


def class_of_main() -> Any:
    """Return a class as a program has it."""
    return type("Program", (), {"__module__": "__main__", "__qualname__": "Program"})


def copy_of(cls: Any) -> Any:
    """Return the class as cloudpickle ships it where it goes by value, and as a process has it that never made it."""
    payload = cloudpickle.dumps(cls)
    tracked = cloudpickle.cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID
    before = dict(tracked)
    tracked.clear()
    try:
        return cloudpickle.loads(payload)
    finally:
        tracked.update(before)


BOX: Any = Box
PAIR: Any = Pair
LOCAL = local_class()
# On Pydantic 2.0 a SerializeAsAny has no hash, and no generic model takes one.
HAS_ANY = getattr(SerializeAsAny, "__hash__", None) is not None
ANY_BOX: Any = Box[SerializeAsAny[Open]] if HAS_ANY else Box[int]

# A class, its text, is it this process's own, and is it the receiver's, too, when it arrives there as it is here?
CLASSES: list[tuple[Any, str, bool, bool]] = [
    (int, "int", True, True),
    (Plain, "portrait_builders.Plain", True, True),
    (Outer.Inner, "test_portrait_classes.Outer.Inner", True, True),
    (Box, "portrait_builders.Box", True, True),
    (Box[int], "portrait_builders.Box[int]", True, True),
    (Box[Box[int]], "portrait_builders.Box[portrait_builders.Box[int]]", True, True),
    (Box[Any], "portrait_builders.Box[typing.Any]", True, True),
    (Box[list[Box[int]]], "portrait_builders.Box[GenericAlias list[portrait_builders.Box[int]]]", True, True),
    (Box[typing.List[int]], "portrait_builders.Box[_GenericAlias List[int]]", True, True),
    (Pair[str, int], "test_portrait_classes.Pair[str, int]", True, True),
    # To Pydantic this is another class than Pair[str, int].
    (in_function(lambda: PAIR[T, int][str]), "test_portrait_classes.Pair[str, int]", False, False),
    (PAIR[T, int], "test_portrait_classes.Pair[~T, int]", True, True),
    (in_function(lambda: Picky[int]), "test_portrait_classes.Picky[int]", False, False),
    (LOCAL, "test_portrait_classes.local_class.<locals>.Here", False, False),
    (BOX[LOCAL], "portrait_builders.Box[test_portrait_classes.local_class.<locals>.Here]", True, False),
    (class_of_main(), "__main__.Program", False, False),
    (type(len), "builtin_function_or_method", False, True),
    (copy_of(Plain.method).__class__, "function", False, True),
    # Every evaluation is a class of its own. Only a name leads to one of them.
    (in_function(lambda: Box[SerializeAsAny[Open]] if HAS_ANY else Box[int]), "", True, not HAS_ANY),
    (ANY_BOX, "", True, True),
    (in_function(lambda: Box[Annotated[str, AfterValidator(lambda text: text)]]), "", True, False),
]


def arrived_lines(value: Any, classes: list[Any]) -> Any:
    """Return the lines of what arrived, where ``classes`` were sent."""
    return _PORTRAIT.draw_arrived(value, _WHEREABOUTS.Owners(_WHEREABOUTS.tell(classes)), {}).lines


@pytest.mark.parametrize(("cls", "text", "own", "arrives"), CLASSES, ids=range(len(CLASSES)))
def test_a_class(cls: Any, text: str, own: bool, arrives: bool) -> None:  # noqa: FBT001 - columns of the table
    text = text or _CLASSES.class_text(cls)
    assert _CLASSES.class_text(cls) == text
    assert _CLASSES.is_own(cls) is own
    expected = text if arrives else text + _PORTRAIT.COPY
    assert arrived_lines(cls, [cls]) == [["type", "value", expected]]


def test_the_metadata_of_a_type_has_no_address_in_the_text() -> None:
    one, other = (Box[Annotated[int, Rule()]] for _ in range(2))

    assert one is not other
    assert _CLASSES.class_text(one) == _CLASSES.class_text(other)
    assert "0x" not in _CLASSES.class_text(one)
    assert _CLASSES.class_text(one) != _CLASSES.class_text(Box[int])


@pytest.mark.skipif(not CAN_COPY_MODELS, reason="Pydantic before 2.5 cannot be copied")
def test_a_copy_of_a_class_is_not_own() -> None:
    module = sys.modules[__name__]
    sent = [Pair, PAIR[int, Any], LOCAL, BOX[LOCAL]]
    cloudpickle.register_pickle_by_value(module)
    try:
        copies = [copy_of(one) for one in sent]
    finally:
        cloudpickle.unregister_pickle_by_value(module)
    assert not any(one is other for one, other in zip(copies, sent, strict=True))
    assert [_CLASSES.is_own(one) for one in copies] == [False] * 4
    assert [_CLASSES.class_text(one) for one in copies[:2]] == [_CLASSES.class_text(one) for one in sent[:2]]
    for one, other in zip(sent, copies, strict=True):
        drawn = _PORTRAIT.draw(one)
        (found,) = _DIFFERING.differences(drawn.lines, arrived_lines(other, drawn.classes))
        assert found["actual"].endswith(" (a copy of the class)")


def test_a_class_that_is_not_there_any_more_is_not_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "portrait_builders")

    assert not _CLASSES.is_own(Plain)
    assert not _CLASSES.is_own(Box[int])
    assert _WHEREABOUTS.tell([Plain])["portrait_builders.Plain"]["lost"] is True


FOUND: list[tuple[object, list[object]]] = [
    (5, []),
    (Box, []),
    (Plain(a=1), []),
    (Box[int], [Box[int]]),
    (Box[int](value=1), [Box[int]]),
    (Box[Box[int]](value=Box[int](value=1)), [Box[Box[int]], Box[int]]),
    (Plain(a=Plain(b=Box[int](value=1))), [Box[int]]),
    ({"a": [(Box[int](value=1),)]}, [Box[int]]),
    ({Box[int], Box[str]}, [Box[int], Box[str]]),
    (list[Box[int]], [Box[int]]),
    (typing.List[Box[int]], [Box[int]]),
    (Optional[Box[int]], [Box[int]]),
    (Annotated[int, Box[int]], [Box[int]]),
    (Box[Optional[typing.Dict[str, Box[int]]]], [Box[Optional[typing.Dict[str, Box[int]]]], Box[int]]),
    (Box[Any](value=Box[list[Box[str]]]), [Box[Any], Box[list[Box[str]]], Box[str]]),
    (Pair[Colour, Box[int]], [Pair[Colour, Box[int]], Box[int]]),
]


@pytest.mark.parametrize(("value", "expected"), FOUND, ids=range(len(FOUND)))
def test_the_specializations_within_a_value_are_found(value: object, expected: list[object]) -> None:
    found = _CLASSES.specializations(_PORTRAIT.draw(value).classes)

    assert len(found) == len(expected)
    assert set(found) == set(expected)
