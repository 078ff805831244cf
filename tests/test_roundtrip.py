"""Objects of this process, sent to fresh ones: what passes, what fails with which words, and what is left behind."""

from __future__ import annotations

import dataclasses
import importlib
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.errors import EnvironmentUnusableError, UsageError
from picklecheck.model import Outcome
from picklecheck.testing import ColdRoundtrip, NotPortableError, UndecidedError, assert_portable
from picklecheck.testing.roundtrip import Roundtrips

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

SHAPES = """
import os
from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    value: T


class Crate(BaseModel, Generic[T]):
    value: T


AT_MODULE_SCOPE = Box[int]


class Forgets(BaseModel):
    value: int = 0

    def __setstate__(self, state):
        super().__setstate__({**state, "__dict__": {"value": 0}})


class Does:
    def __init__(self, what, *arguments):
        self.what = what, arguments

    def __reduce__(self):
        return self.what


def run(name, *arguments):
    return getattr(os, name)(*arguments)


def raises():
    raise LookupError("on purpose")


class Node:
    pass


def chain(length):
    first = node = Node()
    for number in range(length):
        node.next = Node()
        node = node.next
    return first


class Strange(BaseModel):
    def __reduce_ex__(self, protocol):
        raise LookupError("on purpose")
"""


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A module that the fresh processes find on this one's path."""
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "roundtrip_shapes.py").write_text(SHAPES)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("roundtrip_shapes")
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def roundtrip() -> Iterator[ColdRoundtrip]:
    """What the fixture of the pytest plugin is."""
    with ColdRoundtrip() as one:
        yield one


def in_function(shapes: ModuleType) -> Any:
    """Return an instance of a specialization that is registered nowhere."""
    return shapes.Crate[int](value=5)


def keep(value: object) -> Callable[[], object]:
    """Return a function that holds a value."""
    return lambda: value


def registered(shapes: ModuleType) -> Any:
    """Return an instance of a specialization that pickle finds by its name."""
    return shapes.AT_MODULE_SCOPE(value=1)


PASSING: dict[str, tuple[Callable[[ModuleType], object], dict[str, Any]]] = {
    "at module scope": (registered, {}),
    "a class": (lambda shapes: shapes.AT_MODULE_SCOPE, {}),
    "no model": (lambda _: {"a": [1, 2.0, {"b"}]}, {}),
    "a linked list": (lambda shapes: shapes.chain(250), {}),
    "protocol 2": (registered, {"serializer": "pickle:2"}),
    "cloudpickle": (registered, {"serializer": "cloudpickle"}),
    "a lambda": (lambda _: lambda: 1, {"serializer": "cloudpickle"}),
    "cold": (registered, {"receiver": "cold"}),
    "warm": (registered, {"receiver": "warm"}),
    "a second hop": (registered, {"second_hop": True}),
    "class": (in_function, {"fix": "class"}),
    "class, cloudpickle": (in_function, {"fix": "class", "serializer": "cloudpickle"}),
    "class, warm": (in_function, {"fix": "class", "receiver": "warm"}),
    "instance": (in_function, {"fix": "instance"}),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_arrives_is_returned_with_the_evidence(name: str, shapes: ModuleType, roundtrip: ColdRoundtrip) -> None:
    make, options = PASSING[name]
    result = roundtrip(make(shapes), **options)

    assert result.verdict.outcome is Outcome.PASS
    assert result.observation is not None
    assert result.observation.receiver is not None
    assert result.observation.receiver.facts["judged"] is True
    assert result.observation.receiver.facts["own_picklecheck_modules"] == []
    assert (result.observation.relay is not None) == options.get("second_hop", False)


# What is sent, and words of the text: the outcome with its code, what was seen, and what to do.
FAILING: dict[str, tuple[Callable[[ModuleType], object], dict[str, Any], tuple[str, ...]]] = {
    "dump": (in_function, {}, ("roundtrip_shapes:Crate[int]: PC101 dump-error", "PicklingError", "import install")),
    "dump of what cannot be": (
        lambda _: threading.Lock(),
        {"receiver": "warm"},
        ("_thread:lock: PC104 dump-error", "cannot pickle '_thread.lock' object", "__getstate__"),
    ),
    "dump of what refuses": (lambda shapes: shapes.Strange(), {}, ("PC104 dump-error", "LookupError: on purpose")),
    "a copy": (in_function, {"serializer": "cloudpickle"}, ("PC301 wrong-type", "(a copy of the class)", "install()")),
    "a copy, warm": (in_function, {"serializer": "cloudpickle", "receiver": "warm"}, ("PC301 wrong-type",)),
    "a copy in a lambda": (
        lambda shapes: keep(in_function(shapes)),
        {"serializer": "cloudpickle"},
        ("PC301 wrong-type", "value.__closure__[0] should be of roundtrip_shapes.Crate[int]"),
    ),
    "load": (
        lambda shapes: shapes.Does(shapes.raises),
        {},
        ("PC204 load-error", "LookupError: on purpose", "picklecheck explain PC204"),
    ),
    "state": (
        lambda shapes: shapes.Forgets(value=7),
        {"receiver": "cold"},
        ("PC401 wrong-value", "value['value'] (dict) should be 7 and is 0", "receiver cold"),
    ),
    "crash": (
        lambda shapes: shapes.Does(shapes.run, "abort"),
        {},
        ("PC501 crash", "killed by SIGABRT while it loaded the payload"),
    ),
    "second hop": (
        in_function,
        {"fix": "class", "second_hop": True},
        ("PC101 dump-error", "at the second hop, ", "fix class"),
    ),
}


@pytest.mark.parametrize("name", FAILING)
def test_what_does_not_arrive_fails_with_the_cause(name: str, shapes: ModuleType, roundtrip: ColdRoundtrip) -> None:
    make, options, words = FAILING[name]
    with pytest.raises(NotPortableError) as caught:
        roundtrip(make(shapes), **options)

    assert isinstance(caught.value, AssertionError)
    assert caught.value.result.verdict.outcome.is_failure
    assert caught.value.result.observation is not None
    text = str(caught.value)
    for word in (
        *words,
        "\n  saw  ",
        "\n  with ",
        "\n  what ",
        "\n  why  ",
        "\n  do   ",
        "\n  more picklecheck explain ",
    ):
        assert word in text
    assert "/picklecheck-" not in text


def test_a_dump_that_fails_names_the_object(shapes: ModuleType, roundtrip: ColdRoundtrip) -> None:
    with pytest.raises(NotPortableError) as caught:
        roundtrip(shapes.Forgets.model_construct(value=[{"lock": threading.Lock()}]))

    observation = caught.value.result.observation
    assert observation is not None
    assert observation.producer.facts["unpicklable"] == {"path": "value.value[0]['lock']", "type": "_thread.lock"}


@pytest.mark.thorough
def test_new_interpreters_come_to_the_same_verdicts(shapes: ModuleType) -> None:
    with ColdRoundtrip("spawn") as roundtrip:
        for make, options in PASSING.values():
            assert roundtrip(make(shapes), **options).isolation == "spawn"
        for make, options, words in FAILING.values():
            with pytest.raises(NotPortableError) as caught:
                roundtrip(make(shapes), **options)
            assert words[0] in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"serializer": "json"}, "'json' is no serializer"),
        (
            {"receiver": "warm-same"},
            "receiver 'warm-same' is none of bare, bare-module, cold, warm, warm-function, warm-other, relay",
        ),
        ({"fix": "both"}, "fix 'both' is none of none, instance, class"),
        ({"receiver": "warm", "second_hop": True}, "second_hop does not go with receiver 'warm'"),
    ],
)
def test_another_value_of_an_option(options: dict[str, Any], words: str, roundtrip: ColdRoundtrip) -> None:
    with pytest.raises(UsageError) as caught:
        roundtrip(1, **options)

    assert words in caught.value.message
    assert caught.value.hint


def test_there_is_no_warm_receiver_of_what_has_no_name(shapes: ModuleType, roundtrip: ColdRoundtrip) -> None:
    class Here(shapes.BaseModel):  # type: ignore[misc, name-defined]
        """Is of this function."""

    main: Any = type("Main", (shapes.BaseModel,), {"__module__": "__main__", "__qualname__": "Main"})
    for cls in (Here, main):
        sys.modules["__main__"].__dict__["Main"] = main
        try:
            with pytest.raises(UsageError) as caught:
                roundtrip(shapes.Box[cls].model_construct(value=1), receiver="warm", fix="class")
        finally:
            del sys.modules["__main__"].__dict__["Main"]
        assert "no warm receiver" in caught.value.message


def test_a_serializer_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Roundtrips.environment
    monkeypatch.setattr(
        Roundtrips, "environment", lambda self: dataclasses.replace(environment(self), serializers=("pickle",))
    )
    with ColdRoundtrip() as roundtrip, pytest.raises(EnvironmentUnusableError) as caught:
        roundtrip(1, serializer="dill")

    assert "dill is not installed" in caught.value.message


def test_a_receiver_without_a_report_is_no_verdict(shapes: ModuleType, roundtrip: ColdRoundtrip) -> None:
    with pytest.raises(UndecidedError) as caught:
        roundtrip(shapes.Does(shapes.run, "_exit", 0))

    assert "PC901 undecided" in str(caught.value)
    assert caught.value.result.verdict.outcome is Outcome.UNDECIDED
    assert not isinstance(caught.value, AssertionError)


def test_what_is_put_on_the_path_later_is_found(
    tmp_path: Path, roundtrip: ColdRoundtrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    roundtrip(1)
    (tmp_path / "came_later.py").write_text("class Late: pass\n")
    monkeypatch.syspath_prepend(tmp_path)

    roundtrip(importlib.import_module("came_later").Late())


def test_assert_portable_is_one_that_all_share(shapes: ModuleType) -> None:
    assert assert_portable(shapes.AT_MODULE_SCOPE(value=1)).verdict.outcome is Outcome.PASS
    with pytest.raises(NotPortableError):
        assert_portable(in_function(shapes), serializer="pickle", receiver="cold", fix="none", second_hop=False)
    assert assert_portable(in_function(shapes), fix="class").verdict.outcome is Outcome.PASS


def test_threads_take_turns() -> None:
    with ColdRoundtrip() as roundtrip, ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: roundtrip({"number": number}), range(24)))

    assert {one.verdict.outcome for one in found} == {Outcome.PASS}
