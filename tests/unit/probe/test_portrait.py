"""A value as lines of text: equal values have equal lines, and every kind of difference stands at its place."""

from __future__ import annotations

import importlib
import json
import pickle
import subprocess
import sys
import threading
import types
import typing
from pathlib import Path
from typing import Annotated, Any, ClassVar, Optional

import pytest
from portrait_builders import (
    CONTAINERS,
    MODELS,
    OBJECTS,
    SCALARS,
    Box,
    Careless,
    Closed,
    Forgetful,
    Open,
    Plain,
    Reduced,
    Stubborn,
    T,
    chain,
    closure_over,
    ring,
)
from pydantic import BaseModel, PrivateAttr

# Untyped, as all of the probe; imported by name, so that mypy does not look inside.
_DIFFERING = importlib.import_module("picklecheck.probe.differing")
_PORTRAIT = importlib.import_module("picklecheck.probe.portrait")
_WHEREABOUTS = importlib.import_module("picklecheck.probe.whereabouts")
REPOSITORY = Path(__file__).resolve().parents[3]
ROWS = {name: row for table in (SCALARS, CONTAINERS, OBJECTS, MODELS) for name, row in table.items()}


class Cached(BaseModel):
    """Leaves out of its payload what it can find again."""

    value: int = 0
    _cache: int = PrivateAttr(0)

    def _found(self, value: int) -> Cached:
        self._cache = value
        return self

    def __reduce_ex__(self, _protocol: object) -> tuple[Any, ...]:
        return Cached, (), {"value": self.value}


def drawn(value: object) -> list[list[str]]:
    """Return the lines."""
    lines: list[list[str]] = _PORTRAIT.draw(value).lines
    return lines


def differences(sent: object, arrived: object) -> list[dict[str, str]]:
    """Return how the lines differ."""
    found: list[dict[str, str]] = _DIFFERING.differences(drawn(sent), drawn(arrived))
    return found


def places(sent: object, arrived: object) -> list[tuple[str, str]]:
    """Return kind and place of each difference."""
    return [(one["kind"], one["path"]) for one in differences(sent, arrived)]


@pytest.mark.parametrize(
    ("sent", "arrived", "kind", "path"),
    ROWS.values(),
    ids=ROWS,
)
def test_a_difference_is_seen_where_it_is(sent: object, arrived: object, kind: str, path: str) -> None:
    assert places(sent, arrived)[0] == (kind, path)
    assert differences(sent, sent) == []
    assert json.loads(json.dumps(drawn(sent))) == drawn(sent)


BY_VALUE = ("module", "what a lambda keeps", "the default of a lambda")


@pytest.mark.parametrize("value", [ROWS[name][0] for name in ROWS if name not in BY_VALUE], ids=lambda _: "")
def test_what_pickle_copies_has_the_same_portrait(value: object) -> None:
    sent = _PORTRAIT.draw(value)
    copy = pickle.loads(pickle.dumps(value))
    if isinstance(value, BaseModel) and "__pydantic_private__" in vars(copy):
        pytest.skip("this Pydantic restores another state of a RootModel")
    owners = _WHEREABOUTS.Owners(_WHEREABOUTS.tell(sent.classes))

    arrived = _PORTRAIT.draw_arrived(copy, owners, sent.reducers)
    assert _DIFFERING.judged(sent.lines, arrived.lines, arrived.rebuilt) == ([], [])


class Watchful(type):
    """Wants to be told of each look at its classes, as Pydantic 2.0 does for what it gives up."""

    asked: ClassVar[list[str]] = []

    def __getattribute__(cls, name: str) -> object:
        Watchful.asked.append(name)
        return super().__getattribute__(name)


class Watched(metaclass=Watchful):
    """Stands in a module that is looked through."""


def test_no_class_that_happens_to_be_loaded_is_asked_for_anything() -> None:
    Watchful.asked.clear()
    assert _WHEREABOUTS.tell(_PORTRAIT.draw(len).classes)
    assert Watchful.asked == []


ALIASES = [
    list[Box[int]],
    typing.List[Box[int]],
    Optional[Box[int]],
    typing.Union[int, Box[str]],
    int | str,
    typing.Callable[[Box[int]], str],
    typing.Literal["a", "b"],
    Annotated[int, "a"],
    Annotated[int, "b"],
    Box[Annotated[int, "a"]],
    Box[Annotated[int, "b"]],
    Box[list[int]],
    Box[typing.List[int]],
    typing.List,
    T,
]


@pytest.mark.parametrize("number", range(len(ALIASES)), ids=map(str, ALIASES))
def test_an_alias_is_like_itself_alone(number: int) -> None:
    alike = [other for other, alias in enumerate(ALIASES) if not differences(ALIASES[number], alias)]

    assert alike == [number]


def test_the_parts_of_a_model_s_state_are_told_apart() -> None:
    sent, arrived = (Open.model_validate({"value": 1, "other": other}) for other in (2, 3))
    arrived._secret = 7
    arrived.__pydantic_fields_set__ = {"value"}

    assert places(sent, arrived) == [
        ("extra", "value.__pydantic_extra__['other']"),
        ("fields_set", "value.__pydantic_fields_set__"),
        ("fields_set", "value.__pydantic_fields_set__ member #0"),
        ("fields_set", "value.__pydantic_fields_set__ member #1"),
        ("private", "value.__pydantic_private__['_secret']"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Forgetful(a=1, cache=1), Forgetful(a=1)),
        (Cached(value=1), Cached(value=1)._found(2)),
        (set("abcdefgh"), set("hgfedcba")),
    ],
)
def test_what_is_left_out_of_a_payload_on_purpose_is_no_difference(one: object, other: object) -> None:
    assert differences(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Closed(left_out=1), Closed(left_out=2)),
        (Reduced(left_out=1), Reduced(left_out=2)),
    ],
)
def test_a_field_that_is_left_out_is_lost(one: object, other: object) -> None:
    assert places(one, other) == [("dict", "value['left_out']")]


@pytest.mark.parametrize(
    "value",
    [
        threading.Lock(),
        (number for number in range(3)),
        memoryview(b"a"),
        sys._getframe(),
        Careless(),
        Stubborn(),
        chain.__code__,
        Box.__new__(Box),
        closure_over(...).__closure__,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_pickled_can_be_drawn(value: object) -> None:
    (told,) = [text for _, _, text in drawn(Box[Any].model_construct(value=value)) if "taken apart" in text]

    assert told.startswith("not to be taken apart: ")


def test_sharing_that_is_kept_lost_and_made_up() -> None:
    inner: list[int] = []
    shared: dict[str, list[int]] = {"a": inner, "b": inner}
    apart: dict[str, list[int]] = {"a": [], "b": []}

    assert differences(shared, pickle.loads(pickle.dumps(shared))) == []
    assert ("sharing", "value['b']") in places(shared, apart)
    assert ("sharing", "value['b']") in places(apart, shared)
    assert places(shared, apart)[0][0] == "sharing"


def test_cycles_end() -> None:
    one = Plain(a=1)
    loop: list[Any] = []
    one.__dict__["self"] = one
    loop.append(loop)
    holder = Box[Any](value=None)
    holder.value = [holder]
    for value in (one, loop, holder):
        assert differences(value, pickle.loads(pickle.dumps(value))) == []
        assert ["sharing", "the same object as value"] in [[kind, text] for kind, _, text in drawn(value)]


def test_a_cycle_through_a_set_ends_and_so_do_many() -> None:
    family = ring(12)
    child = Plain(parent=family[0], name="a")
    family[0].__dict__["children"] = {child}

    assert differences(family, pickle.loads(pickle.dumps(family))) == []
    assert len(drawn(family)) < 20_000
    other = Plain(parent=family[0], name="b")
    assert differences(Plain(them={child}), Plain(them={other})) != []


@pytest.mark.thorough
def test_a_linked_list_may_be_longer_than_the_stack_is_deep() -> None:
    long = chain(3000)

    assert len(json.dumps(drawn(long))) < 10_000_000
    assert differences(long, chain(3000)) == []
    assert differences(long, chain(3001)) != []
    assert differences(long, Plain(number=2999, next=chain(2998))) != []


@pytest.mark.thorough
def test_a_difference_beyond_the_last_line_is_seen() -> None:
    many: list[Any] = [(number,) for number in range(_PORTRAIT.MAX_LINES)]

    assert len(drawn(many)) == _PORTRAIT.MAX_LINES + 1
    assert differences(many, list(many)) == []
    assert places(many, [*many[:-1], (-1,)]) == [("value", "the rest")]
    assert len(differences([1] * 1000, [2] * 1000)) == 20


LONG = [
    list(range(300_000)),
    tuple("abc" * 2000),
    {number: str(number) for number in range(5000)},
    set(range(5000)),
    [10**5000] * 3000,
]


@pytest.mark.parametrize("many", LONG, ids=lambda many: type(many).__name__)
def test_many_plain_values_are_told_in_parts(many: Any) -> None:
    other = {**many, 7: "b"} if isinstance(many, dict) else type(many)([*list(many)[:-1], -1])

    assert len(drawn(many)) < 2100
    assert differences(many, pickle.loads(pickle.dumps(many))) == []
    found = places(many, other)
    assert all(kind == "value" and path.startswith("value[") for kind, path in found)
    assert len(found) == 1 or isinstance(many, set)


def test_drawing_that_takes_too_long_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_PORTRAIT, "MAX_SECONDS", -1.0)

    assert _PORTRAIT.draw([[1]]).is_cut
    assert _PORTRAIT.draw([[1]]).lines == []


PROGRAM = """
import enum, json, re, sys
sys.path.insert(0, sys.argv[1])
from picklecheck.probe import portrait
from typing import Annotated, Generic, TypeVar
from pydantic import BaseModel

T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    value: T
class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"
class Pair(frozenset):
    pass
class Node:
    def __init__(self, name):
        self.name, self.knows = name, set()
class Rule:
    def __init__(self, words):
        self.words = words
    def __repr__(self):
        return "Rule(%r)" % self.words
nodes = [Node("n%d" % number) for number in range(6)]
for node in nodes:
    node.knows = set(nodes)
words = {"word%d" % number for number in range(50)}
values = [words, frozenset(Colour), {frozenset({word, word + "x"}) for word in words}, {Pair(words), Pair({"a"})},
          Box[set](value=words), {(1, "a"): words, (2, "b"): Colour}, nodes[0].knows, object(), lambda: words,
          Box[Annotated[int, Rule({"a", "b", "c"}), frozenset(words), object()]],
          {Colour.RED: {Colour.BLUE}}, re.compile("a")]
print(json.dumps([portrait.draw(value).lines for value in values]))
"""


def test_two_processes_with_other_hashes_draw_the_same() -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(REPOSITORY)],
            env={"PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2", "3")
    ]
    first, *others = [json.loads(process.communicate()[0]) for process in running]

    assert len(first) == 12
    for other in others:
        for one, same in zip(first, other, strict=True):
            assert one == same


def test_arrays_are_taken_apart() -> None:
    numpy = pytest.importorskip("numpy")

    assert differences(numpy.arange(3), numpy.arange(3)) == []
    assert differences(numpy.arange(3), numpy.array([0, 1, 3])) != []


@pytest.mark.parametrize("view", [types.MappingProxyType, dict.keys, dict.values, dict.items], ids=lambda _: "")
def test_what_cloudpickle_alone_takes_apart_is_looked_into(view: Any) -> None:
    assert differences(view({"a": ("red",)}), view({"a": ("red",)})) == []
    assert differences(view({"a": ("red",), "b": 1}), view({"a": ("red",), "c": 2})) != []


def test_what_nobody_can_look_into_is_told() -> None:
    assert [text for _, _, text in drawn([property(len)]) if text.startswith(_PORTRAIT.OPAQUE)] == [
        "not to be taken apart: TypeError"
    ]
