"""How a loaded value differs from its twin: classes by identity, state by name, sharing by place."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import functools
import importlib
import math
import types
import typing
from typing import Any

import pytest
from compare_builders import (
    BOX,
    BOX_COPY,
    FROZEN,
    FROZEN_COPY,
    Box,
    Cyclic,
    FrozenPoint,
    MoreSlots,
    Open,
    OpenSlots,
    Plain,
    Point,
    Root,
    Shout,
    Sketch,
    Slotted,
)

# Untyped, as all of the probe; imported by name, so that mypy does not look inside.
_COMPARE = importlib.import_module("picklecheck.probe.compare")
INNER = "value['value']"
# In the hash of a frozen model the first Pydantics count its class, too.
HASHED_BY_VALUE = hash(FROZEN_COPY(value=5)) == hash(FROZEN(value=5))


def differences(expected: object, actual: object) -> list[dict[str, str]]:
    """Return all that is told."""
    found: list[dict[str, str]] = _COMPARE.differences(expected, actual)
    return found


def places(expected: object, actual: object) -> list[tuple[str, str]]:
    """Return kind and path of each difference."""
    return [(one["kind"], one["path"]) for one in differences(expected, actual)]


def test_pydantic_itself_calls_a_model_of_a_copied_class_equal() -> None:
    """Without this, none of the tests with copies would prove anything."""
    assert BOX_COPY is not BOX
    assert BOX_COPY(value=5) == BOX(value=5)
    assert FROZEN_COPY(value=5) == FROZEN(value=5)
    assert ({FROZEN_COPY(value=5)} == {FROZEN(value=5)}) is HASHED_BY_VALUE


@pytest.mark.parametrize(
    "build",
    [
        lambda: None,
        lambda: [1, 2.5, "a", b"b", True, 3 + 4j, ...],
        lambda: {"a": [(1, {2}), frozenset({3})]},
        lambda: BOX(value=5),
        lambda: Box[Any](value=[BOX(value=5), BOX]),
        lambda: Open(value=6, colour="red"),
        lambda: Root([1]),
        lambda: {FROZEN(value=5): {FROZEN(value=6)}},
        lambda: [BOX, list[BOX], typing.List[BOX], typing.Optional[BOX], BOX | None],
        lambda: [Point(1), Sketch([2]), FrozenPoint(3), Slotted(4), MoreSlots(5, 6), OpenSlots(7, a=8), Plain(a=9)],
        lambda: [math.nan, {"a": math.nan}, math.inf],
        lambda: [collections.deque([1]), dt.date(2030, 1, 2), bytearray(b"c"), range(3)],
        lambda: [[shared := [1], shared], ["a", "a"]],
        Cyclic.alone,
        Cyclic.model,
        lambda: Cyclic.ring(3),
    ],
)
def test_a_value_built_twice_does_not_differ(build: typing.Callable[[], object]) -> None:
    expected, actual = build(), build()

    assert differences(expected, actual) == []
    assert differences(expected, expected) == []


def test_a_model_of_a_copied_class_is_of_another_class() -> None:
    name = f"{Box.__module__}.Box[int]"

    assert differences(BOX(value=5), BOX_COPY(value=5)) == [
        {"kind": "type", "path": "value", "expected": name, "actual": name}
    ]


@pytest.mark.parametrize(
    ("expected", "actual", "path"),
    [
        (BOX, BOX_COPY, "value"),
        (BOX, Box, "value"),
        (BOX, None, "value"),
        ([BOX(value=5)], [BOX_COPY(value=5)], "value[0]"),
        ({"a": (1, BOX(value=5))}, {"a": (1, BOX_COPY(value=5))}, "value['a'][1]"),
        ({FROZEN(value=5)}, {FROZEN_COPY(value=5)}, "value member Frozen[int](value=5)"),
        (frozenset({FROZEN(value=5)}), frozenset({FROZEN_COPY(value=5)}), "value member Frozen[int](value=5)"),
        ({FROZEN(value=5): 1}, {FROZEN_COPY(value=5): 1}, "value key Frozen[int](value=5)"),
        (Box[Any](value=BOX), Box[Any](value=BOX_COPY), INNER),
        (Box[Any](value=BOX(value=5)), Box[Any](value=BOX_COPY(value=5)), INNER),
        (Open(more=BOX(value=5)), Open(more=BOX_COPY(value=5)), "value['more']"),
        (Point(BOX(value=5)), Point(BOX_COPY(value=5)), "value['x']"),
        (Sketch(BOX(value=5)), Sketch(BOX_COPY(value=5)), "value['x']"),
        (Slotted(BOX(value=5)), Slotted(BOX_COPY(value=5)), "value['left']"),
        (MoreSlots(1, BOX(value=5)), MoreSlots(1, BOX_COPY(value=5)), "value['right']"),
        (Plain(a=BOX(value=5)), Plain(a=BOX_COPY(value=5)), "value['a']"),
        (list[BOX], list[BOX_COPY], "value"),
        (dict[str, list[BOX]], dict[str, list[BOX_COPY]], "value"),
        (typing.List[BOX], typing.List[BOX_COPY], "value"),
        (typing.List[BOX], list[BOX], "value"),
        (typing.Optional[BOX], typing.Optional[BOX_COPY], "value"),
        (typing.Callable[[BOX], int], typing.Callable[[BOX_COPY], int], "value"),
        (BOX | None, BOX_COPY | None, "value"),
        (collections.deque([BOX(value=1)]), collections.deque([BOX_COPY(value=1)]), "value[0]"),
        (types.SimpleNamespace(a=BOX(value=1)), types.SimpleNamespace(a=BOX_COPY(value=1)), "value['a']"),
        (1, True, "value"),
        (1, 1.0, "value"),
        ([1], (1,), "value"),
        ({}, collections.OrderedDict(), "value"),
        (math.nan, None, "value"),
        (Point(1), Sketch(1), "value"),
    ],
)
def test_what_is_of_another_class_differs_in_type(expected: object, actual: object, path: str) -> None:
    assert places(expected, actual) == [("type", path)]


def test_a_member_is_found_again_where_its_hash_is_that_of_its_value() -> None:
    found = places({FrozenPoint(FROZEN(value=5))}, {FrozenPoint(FROZEN_COPY(value=5))})

    inner = "value member FrozenPoint(x=Frozen[int](value=5))['x']"
    assert found == [("type", inner) if HASHED_BY_VALUE else ("value", "value")]


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        (1, 2, [("value", "value")]),
        ([1, 2, 3], [1, 5, 3], [("value", "value[1]")]),
        ((1, "a"), (2, "b"), [("value", "value[0]"), ("value", "value[1]")]),
        ({"a": 1}, {"a": 2}, [("value", "value['a']")]),
        ({"a": 1}, {"b": 1}, [("value", "value['a']"), ("value", "value['b']")]),
        ({1, 2}, {1, 3}, [("value", "value")]),
        ({1, 2}, {1}, [("value", "value")]),
        ({1}, {1, 2}, [("value", "value")]),
        (math.nan, 1.0, [("value", "value")]),
        (bytearray(b"a"), bytearray(b"b"), [("value", "value")]),
        (collections.deque([1]), collections.deque([2]), [("value", "value[0]")]),
        (ValueError("a"), ValueError("b"), [("value", "value.args[0]")]),
        (functools.partial(max, 1), functools.partial(max, 2), [("value", "value.args[0]")]),
        (functools.partial(max, 1), functools.partial(min, 1), [("value", "value.func")]),
        (math.sqrt, math.sin, [("value", "value")]),
        (Point(1), Point(2), [("value", "value['x']")]),
        (Sketch(1), Sketch(2), [("value", "value['x']")]),
        (Slotted(1), Slotted(2), [("value", "value['left']")]),
        (MoreSlots(1, 2), MoreSlots(3, 4), [("value", "value['right']"), ("value", "value['left']")]),
        (Slotted.__new__(Slotted), Slotted(2), [("value", "value['left']")]),
        (OpenSlots(1, a=1), OpenSlots(2, a=2), [("value", "value['a']"), ("value", "value['left']")]),
        (Plain(a=1), Plain(a=2), [("value", "value['a']")]),
        (Plain(a=1), Plain(), [("value", "value['a']")]),
        (Plain(), Plain(a=1), [("value", "value['a']")]),
        (BOX(value=5), BOX(value=6), [("dict", INNER)]),
        (Box[Any](value={"a": [1]}), Box[Any](value={"a": [2]}), [("dict", "value['value']['a'][0]")]),
        (Root([1]), Root([2]), [("dict", "value['root'][0]")]),
        (Open(a=1), Open(a=2), [("extra", "value['a']")]),
        (Open(a=[1]), Open(a=[2]), [("extra", "value['a'][0]")]),
    ],
)
def test_what_is_of_another_value_differs_where_it_lives(
    expected: object, actual: object, found: list[tuple[str, str]]
) -> None:
    assert places(expected, actual) == found


def test_keys_and_members_whose_class_makes_them_unequal_differ_in_type() -> None:
    other = dataclasses.make_dataclass("FrozenPoint", ["x"], frozen=True)
    assert FrozenPoint(1) != other(1)

    assert places({FrozenPoint(1): "a"}, {other(1): "a"}) == [("type", "value key FrozenPoint(x=1)")]
    assert places({FrozenPoint(1), 2}, {other(1), 2}) == [("type", "value member FrozenPoint(x=1)")]
    assert places({FrozenPoint(1)}, {FrozenPoint(2)}) == [("value", "value")]
    assert places({FrozenPoint(1): "a"}, {other(1): "a", 2: "b"}) == [
        ("value", "value[FrozenPoint(x=1)]"),
        ("value", "value[FrozenPoint(x=1)]"),
        ("value", "value[2]"),
    ]


def test_an_extra_field_that_stayed_behind() -> None:
    actual = Open(colour="red")
    actual.model_extra.clear()  # type: ignore[union-attr]

    (found,) = differences(Open(colour="red"), actual)

    assert (found["kind"], found["path"], found["expected"]) == ("extra", "value['colour']", "'red'")
    assert "missing" in found["actual"]


def test_a_private_attribute_that_changed() -> None:
    actual = Open()
    actual._secret = 2

    assert differences(Open(), actual) == [
        {"kind": "private", "path": "value['_secret']", "expected": "1", "actual": "2"}
    ]


def test_a_field_that_was_set_to_its_default_is_not_one_that_was_left() -> None:
    assert Open(value=5).model_dump() == Open().model_dump()
    assert differences(Open(value=5), Open()) == [
        {"kind": "fields_set", "path": "value", "expected": "{'value'}", "actual": "set()"}
    ]


def test_each_kind_of_state_is_told() -> None:
    actual = Open(value=6, colour="blue")
    actual._secret = 2
    actual.model_fields_set.discard("value")

    assert [kind for kind, _ in places(Open(value=5, colour="red"), actual)] == [
        "dict",
        "extra",
        "fields_set",
        "private",
    ]


def test_an_object_that_was_restored_without_its_state_is_told_and_not_raised() -> None:
    empty = BOX.__new__(BOX)

    assert ("dict", INNER) in places(BOX(value=5), empty)


def test_sharing_that_was_lost() -> None:
    shared = [1]

    (found,) = differences({"a": shared, "b": shared}, {"a": [1], "b": [1]})

    assert (found["kind"], found["path"]) == ("sharing", "value['b']")
    assert "the same object as elsewhere" in found["expected"]
    assert "another object" in found["actual"]


@pytest.mark.parametrize("make", [list, dict, set, bytearray, Plain, Open, lambda: BOX(value=1), lambda: Point(1)])
def test_sharing_is_looked_at_wherever_an_object_can_change(make: typing.Callable[[], object]) -> None:
    shared, other = make(), make()

    assert places([shared, shared], [make(), make()]) == [("sharing", "value[1]")]
    assert places([shared, other], [shared, shared]) == [("sharing", "value[1]")]
    assert places([shared, other, shared], [other, shared, other]) == []


def test_whether_leaves_are_shared_is_the_interpreters_business() -> None:
    numbers = [int("1" * 30), int("1" * 30)]
    assert numbers[0] is not numbers[1]

    assert differences([numbers[0], numbers[0]], numbers) == []
    assert differences(numbers, [numbers[0], numbers[0]]) == []


def test_a_cycle_that_was_cut_open() -> None:
    assert places(Cyclic.alone(), [[[]]]) == [("sharing", "value[0]")]
    assert places(Cyclic.ring(2), Cyclic.ring(3)) == [("sharing", "value['next']['next']")]
    assert places(Cyclic.ring(3), Cyclic.ring(2)) == [("sharing", "value['next']['next']")]


def test_a_cycle_of_models_of_another_class() -> None:
    actual = BOX_COPY.model_construct(value=None)
    actual.value = actual

    assert places(Cyclic.model(), actual) == [("type", "value")]


def test_a_long_list_of_differences_is_cut() -> None:
    found = differences(list(range(100)), list(range(1, 101)))

    assert len(found) == _COMPARE.MAX_DIFFERENCES
    assert found[-1]["path"] == "value[19]"


def test_another_length_is_told_once() -> None:
    (found,) = differences([1, 2], [3])

    assert (found["kind"], found["path"]) == ("value", "value")
    assert "2 items" in found["expected"]
    assert "1 items" in found["actual"]


def test_a_long_value_is_cut() -> None:
    (found,) = differences("a" * 1000, "b")

    assert found["expected"] == "'" + "a" * (_COMPARE.MAX_SHOWN - 4) + "..."
    assert len(found["expected"]) == _COMPARE.MAX_SHOWN


def test_a_value_that_cannot_be_printed_is_told_all_the_same() -> None:
    assert differences(Shout(), Shout()) == [
        {
            "kind": "value",
            "path": "value",
            "expected": "<Shout, not printable: RuntimeError>",
            "actual": "<Shout, not printable: RuntimeError>",
        }
    ]


def test_keys_that_hash_by_identity_are_paired_as_they_come() -> None:
    one, other = Plain(a=1), Plain(a=1)
    assert places({one: 1}, {other: 1}) == []
    vars(other)["a"] = 2
    assert [kind for kind, _ in places({one: 1}, {other: 1})] == ["value"]


def test_a_mangled_slot_is_looked_at() -> None:
    class Hidden:
        __slots__ = ("__x",)

        def __init__(self, x: int) -> None:
            self.__x = x

    assert places(Hidden(1), Hidden(1)) == []
    assert places(Hidden(1), Hidden(2)) == [("value", "value['_Hidden__x']")]


def test_a_model_restored_without_its_fields_set_is_of_the_right_class() -> None:
    bare = BOX.__new__(BOX)
    object.__setattr__(bare, "__dict__", {"value": 5})
    assert [kind for kind, _ in places(BOX(value=5), bare)] == ["fields_set"]


def test_words_are_shown_as_words() -> None:
    (found,) = differences([1, 2], [1])
    assert (found["expected"], found["actual"]) == ("2 items", "1 items")
