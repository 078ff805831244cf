"""What is read off a pickle without running it, against what running it asks for."""

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

from __future__ import annotations

import array
import collections
import contextlib
import datetime as dt
import decimal
import fractions
import functools
import io
import ipaddress
import operator
import pathlib
import pickle
import pickletools
import random
import re
import types
import unittest
import uuid

import cloudpickle
import pytest

from picklecheck.model import Payload
from picklecheck.verdicts.payload import read_payload

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)

OBJECTS: dict[str, object] = {
    "nothing": None,
    "numbers": [1, 2**70, -1.5, 3 + 4j, True],
    "text": ["a", "a", "b" * 300, "snow ☃"],
    "bytes": [b"a", b"b" * 300, bytearray(b"c")],
    "containers": [{1}, frozenset({2}), (3,), {"a": [4]}],
    "range": range(3),
    "slice": slice(1, 2),
    "date": dt.datetime(2030, 1, 2, tzinfo=dt.timezone.utc),
    "decimal": decimal.Decimal("1.5"),
    "fraction": fractions.Fraction(1, 3),
    "uuid": uuid.UUID(int=5),
    "ordered dict": collections.OrderedDict(a=1),
    "default dict": collections.defaultdict(list, a=[1]),
    "deque": collections.deque([1, 2], maxlen=3),
    "counter": collections.Counter("abca"),
    "chain map": collections.ChainMap({"a": 1}),
    "path": pathlib.PurePosixPath("/a/b"),
    "pattern": re.compile("a+"),
    "partial": functools.partial(operator.add, 1),
    "getter": operator.attrgetter("a.b"),
    "array": array.array("i", [1, 2]),
    "namespace": types.SimpleNamespace(a=1),
    "address": ipaddress.ip_network("10.0.0.0/8"),
    "exception": KeyError("a"),
    "random": random.Random(5),
    "classes": [dict, collections.OrderedDict, dict],
    "function": re.compile,
    "method of a class": unittest.TestCase.assertEqual,
    "method of an object": [].append,
    "several of one module": [collections.deque(), collections.OrderedDict(), collections.deque(), re.ASCII],
    "text that looks like names": ["os", "system", "os system", decimal.Decimal(1), "os", "system"],
}


class AskedFor(pickle.Unpickler):
    """Notes down each global that a payload asks for, and finds it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.names: list[str] = []

    def find_class(self, module: str, name: str) -> object:
        """Note down the name and go on."""
        self.names.append(f"{module} {name}")
        return super().find_class(module, name)


def asked_for(data: bytes) -> tuple[str, ...]:
    """Return the globals that loading ``data`` asks for, each once."""
    unpickler = AskedFor(data)
    unpickler.load()
    return tuple(dict.fromkeys(unpickler.names))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("value", OBJECTS.values(), ids=OBJECTS)
def test_the_globals_read_are_the_globals_that_loading_asks_for(value: object, protocol: int) -> None:
    data = pickle.dumps(value, protocol)

    assert read_payload(data).globals == asked_for(data)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_several_objects_in_one_payload_keep_their_order(protocol: int) -> None:
    data = pickle.dumps(list(OBJECTS.values()), protocol)

    found = read_payload(data).globals
    assert found == asked_for(data)
    assert len(found) > 20


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_python_written_pickler_gives_the_same(protocol: int) -> None:
    data = pickle._dumps(list(OBJECTS.values()), protocol)  # type: ignore[attr-defined]

    assert read_payload(data).globals == asked_for(data)


@pytest.mark.parametrize(
    ("protocol", "written", "names"),
    [
        (0, None, ("collections deque",)),
        (1, None, ("collections deque",)),
        (2, 2, ("collections deque",)),
        (3, 3, ("collections deque",)),
        (4, 4, ("collections deque",)),
        (5, 5, ("collections deque",)),
    ],
)
def test_the_protocol_is_the_one_that_the_payload_states(
    protocol: int, written: int | None, names: tuple[str, ...]
) -> None:
    data = pickle.dumps(collections.deque, protocol)

    assert read_payload(data) == Payload(written, names, None)


def test_a_qualified_name_stays_in_one_piece() -> None:
    data = pickle.dumps(unittest.TestCase.assertEqual, 4)

    assert read_payload(data).globals == ("unittest.case TestCase.assertEqual",)


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize(
    ("pushed_before", "gets"),
    [
        ([], 0),
        ([collections.Counter.__module__], 1),
        ([collections.Counter.__qualname__], 1),
        ([collections.Counter.__module__, collections.Counter.__qualname__], 2),
        ([collections.Counter.__qualname__, collections.Counter.__module__], 2),
    ],
)
def test_names_that_come_off_the_memo_are_found(pushed_before: list[str], gets: int, protocol: int) -> None:
    data = pickle.dumps([*pushed_before, "other", collections.Counter], protocol)

    opcodes = [opcode.name for opcode, _, _ in pickletools.genops(data) if opcode.name not in ("MEMOIZE", "FRAME")]
    last_two = opcodes[opcodes.index("STACK_GLOBAL") - 2 : opcodes.index("STACK_GLOBAL")]
    assert [name for name in last_two if name == "BINGET"] == ["BINGET"] * gets
    assert read_payload(data).globals == ("collections Counter",)


def test_names_are_found_on_a_memo_of_more_than_a_byte() -> None:
    words = [f"word {number}" for number in range(300)]
    data = pickle.dumps([words, collections.Counter.__module__, words, collections.Counter], 4)

    assert "LONG_BINGET" in [opcode.name for opcode, _, _ in pickletools.genops(data)]
    assert read_payload(data).globals == ("collections Counter",)


@pytest.mark.parametrize(
    "names",
    [
        b"Vcollections\nVCounter\n",
        b"X\x0b\x00\x00\x00collectionsX\x07\x00\x00\x00Counter",
        b"\x8d\x0b\x00\x00\x00\x00\x00\x00\x00collections\x8d\x07\x00\x00\x00\x00\x00\x00\x00Counter",
        b"Vcollections\np7\n0VCounter\ng7\nVCounter\n",
        b"Vcollections\nq\x070VCounter\nr\x01\x01\x00\x000h\x07j\x01\x01\x00\x00",
        b"VCounter\nq\x070Vcollections\nh\x07",
    ],
)
def test_every_way_to_push_a_name_is_followed(names: bytes) -> None:
    data = b"\x80\x04" + names + b"\x93."

    assert asked_for(data) == ("collections Counter",)
    assert read_payload(data) == Payload(4, ("collections Counter",))


def test_a_name_that_does_not_fit_in_a_frame_is_memoized_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Long" * 20_000
    monkeypatch.setitem(globals(), long, type(long, (), {"__module__": __name__}))
    data = pickle.dumps([globals()[long].__qualname__, globals()[long]], 4)

    opcodes = [opcode.name for opcode, _, _ in pickletools.genops(data)]
    assert opcodes[opcodes.index("BINUNICODE") :][:3] == ["BINUNICODE", "FRAME", "MEMOIZE"]
    assert read_payload(data).globals == asked_for(data) == (f"{__name__} {long}",)


def test_cloudpickle_names_its_own_helpers_where_a_class_goes_by_value() -> None:
    local = type("Local", (), {"__module__": "__main__", "value": 5})
    data = cloudpickle.dumps(local())

    found = read_payload(data)
    assert found.error is None
    assert found.globals == asked_for(data)
    assert any(name.endswith("_make_skeleton_class") for name in found.globals)
    assert not any("Local" in name for name in found.globals)


def test_cloudpickle_by_value_of_a_function_asks_for_what_is_read() -> None:
    data = cloudpickle.dumps(lambda value: decimal.Decimal(value).sqrt())

    assert read_payload(data).globals == asked_for(data)


GOOD = pickle.dumps([collections.deque([1]), decimal.Decimal(1)], 4)
FIRST_ONLY = GOOD[: GOOD.index(b"decimal")]


@pytest.mark.parametrize(
    ("data", "protocol", "names"),
    [
        (b"", None, ()),
        (b"this is no pickle", None, ()),
        (b"\x80", None, ()),
        (b"\x80\x04", 4, ()),
        (b"\x80\x04\xff", 4, ()),
        (b"\x80\x04\x8c\x02\xff\xff.", 4, ()),
        (b"\x80\x04X\xff\xff\xff\xffa.", 4, ()),
        (GOOD[:-1], 4, ("collections deque", "decimal Decimal")),
        (FIRST_ONLY, 4, ("collections deque",)),
    ],
)
def test_what_is_no_pickle_gives_what_was_read_and_an_error(
    data: bytes, protocol: int | None, names: tuple[str, ...]
) -> None:
    found = read_payload(data)

    assert (found.protocol, found.globals) == (protocol, names)
    assert found.error is not None
    assert found.error.startswith("not a readable pickle: ")


def test_bytes_after_the_end_are_nobodys_business() -> None:
    assert read_payload(GOOD + b"more") == read_payload(GOOD)


def test_no_damage_to_a_payload_raises() -> None:
    dice = random.Random(5)
    whole = pickle.dumps(list(OBJECTS.values()), 5)
    loud = 0
    for _ in range(300):
        damaged = bytearray(whole[: dice.randrange(1, 1000)])
        for _ in range(dice.randrange(4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        loud += read_payload(bytes(damaged)).error is not None

    assert loud > 250


def test_reading_runs_nothing() -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return exec, ("raise SystemExit",)

    data = pickle.dumps(Trap(), 4)
    with contextlib.suppress(SystemExit):
        pickle.loads(data)
        pytest.fail("the trap is none")

    assert read_payload(data).globals == ("builtins exec",)
