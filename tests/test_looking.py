"""Looking at a value does not change it, and not what becomes of it; and what it makes anew itself is not lost."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.model import Outcome
from picklecheck.testing import ColdRoundtrip, NotPortableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from conftest import Ended, Place

VALUES = """
import copyreg, datetime, enum, os
from functools import cached_property
from typing import Any, Generic, TypeVar
from pydantic import BaseModel, ConfigDict, PrivateAttr, computed_field, create_model, model_serializer
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    value: T
class Twice(BaseModel):
    n: int = 2
    @computed_field
    @cached_property
    def twice(self) -> int:
        return 2 * self.n
class Watchful(BaseModel):
    n: int = 1
    _seen: int = PrivateAttr(default=0)
    def __getstate__(self):
        self._seen += 1
        return super().__getstate__()
    def __repr__(self):
        self._seen += 1
        return "Watchful()"
class Keeps:
    def __init__(self, n):
        self.n = n
    def __setstate__(self, state):
        self.__dict__.update(state)
        self._cache = {}
class Cached:
    def __init__(self, n):
        self.n, self._cache = n, {"old": 1}
    def __eq__(self, other):
        return self.n == other.n
    def __setstate__(self, state):
        self.__dict__.update(state, _cache={})
class Loses:
    def __init__(self, n):
        self.n = n
    def __setstate__(self, state):
        pass
class Halves:
    def __init__(self, n):
        self.n = n
    def __setstate__(self, state):
        self.n = state["n"] // 2
class Money:
    def __init__(self, amount):
        self.amount = amount
    def __eq__(self, other):
        return self.amount == other.amount
class Price(Money):
    pass
class Lossy(BaseModel):
    x: Any = None
    def __setstate__(self, state):
        super().__setstate__(state)
        self.__dict__["x"] = None
class Entity(BaseModel):
    id: int = 1
    name: str = "a"
    def __eq__(self, other):
        return self.id == other.id
    def __setstate__(self, state):
        super().__setstate__(state)
        self.__dict__["name"] = ""
class Colour(enum.Enum):
    RED = "red"
class Stamped(BaseModel):
    n: int = 1
    @model_serializer
    def stamped(self):
        return {"pid": os.getpid()}
class Unsure(BaseModel):
    n: int = 1
    @model_serializer
    def unsure(self):
        return {"random": os.urandom(4).hex()}
class Turns(BaseModel):
    x: Any
    def __setstate__(self, state):
        super().__setstate__(state)
        self.__dict__["x"] = "z" if isinstance(self.x, datetime.date) else {}
class BecomesModel(BaseModel):
    x: Any
    def __setstate__(self, state):
        super().__setstate__(state)
        self.__dict__["x"] = Twice()
class Revalidated(BaseModel):
    model_config = ConfigDict(revalidate_instances="always")
    kept: Any
LossyBox = Box[Lossy]
TurnsBox = Box[Turns]
OpenBox = Box[Any]
Late = create_model("Late", __module__="looking_elsewhere", __config__=ConfigDict(defer_build=True), n=(int, ...))
def twice(): return Twice()
def watchful(): return Watchful()
def keeps(): return OpenBox(value=Keeps(1))
def cached(): return OpenBox(value=Cached(1))
def loses(): return OpenBox(value=Loses(1))
def halves(): return OpenBox(value=Halves(4))
def a_list(): return LossyBox(value=Lossy(x=[1, {"a": 2}]))
def to_text(): return TurnsBox(value=Turns(x=datetime.date(2020, 1, 2)))
def to_dict(): return TurnsBox(value=Turns(x=[1]))
def to_model(): return OpenBox(value=BecomesModel(x=datetime.date(2020, 1, 2)))
def to_other_model(): return BecomesModel(x=Watchful())
def revalidated(): return Revalidated(kept=Keeps(1))
def a_date(): return LossyBox(value=Lossy(x=datetime.date(2020, 1, 2)))
def an_enum(): return LossyBox(value=Lossy(x=Colour.RED))
def a_model(): return LossyBox(value=Lossy(x=Twice()))
def late(): return Late.model_construct(n=1)
def entity(): return Entity()
def stamped(): return Stamped()
def unsure(): return Unsure()
"""
# Only who sends has imported this.
REDUCERS = """
import copyreg
from looking_values import Money, OpenBox, Price
def reduce_money(money): return Money, (money.amount,)
copyreg.pickle(Money, reduce_money)
copyreg.pickle(Price, lambda price: (Price, (price.amount,)))
def money(): return OpenBox(value=Money(5))
def price(): return OpenBox(value=Price(5))
"""


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Those modules, in this process."""
    folder = tmp_path_factory.mktemp("looking")
    (folder / "looking_values.py").write_text(VALUES)
    (folder / "looking_reducers.py").write_text(REDUCERS)
    sys.path.insert(0, str(folder))
    try:
        importlib.import_module("looking_reducers")
        yield importlib.import_module("looking_values")
    finally:
        sys.path.remove(str(folder))


@pytest.fixture
def project(place: Place) -> Path:
    """Those modules, in the working folder."""
    (place.work / "looking_values.py").write_text(VALUES)
    (place.work / "looking_reducers.py").write_text(REDUCERS)
    return place.work


@pytest.fixture(scope="module")
def roundtrip() -> Iterator[ColdRoundtrip]:
    """What the fixture of the pytest plugin is."""
    with ColdRoundtrip() as one:
        yield one


def test_a_test_s_own_object_stays_as_it_was(values: ModuleType, roundtrip: ColdRoundtrip) -> None:
    twice = values.twice()
    assert roundtrip(twice).verdict.outcome is Outcome.PASS
    assert vars(twice) == {"n": 2}


def test_a_class_that_is_not_built_yet_is_not_built_by_looking(values: ModuleType, roundtrip: ColdRoundtrip) -> None:
    # Up to Python 3.10 it is pickle that builds it: it asks the stand-in of the validator for its __getstate__.
    is_built_by_dumping = sys.version_info < (3, 11)
    for serializer, is_built in (("pickle", False), ("cloudpickle", is_built_by_dumping)):
        for _ in range(2):
            with pytest.raises(NotPortableError):
                roundtrip(values.late(), serializer=serializer)
            assert values.Late.__pydantic_complete__ is is_built


@pytest.mark.network
@pytest.mark.thorough
@pytest.mark.parametrize("version", ["2.5.3", "2.10.6", "2.13.5"])
def test_where_such_a_class_does_not_load_the_check_says_so(
    version: str, project: Path, environment: Callable[..., Path], picklecheck: Callable[..., Ended]
) -> None:
    assert project
    cell = "looking_values:late/cloudpickle/own/bare/none"
    ended = picklecheck("run", cell, "--python", str(environment(version)), "--format", "json")
    (found,) = json.loads(ended.stdout)["cells"]

    assert (found["outcome"], found["exception"]) == ("load-error", "RecursionError")


PASS = ("pass", None)
LOST = ("wrong-value", "PC401")
# What comes of each target, and words of the reason.
EXPECTED: dict[str, tuple[tuple[str, str | None], str]] = {
    "looking_values:twice": (PASS, ""),
    "looking_values:keeps": (PASS, ""),
    "looking_values:cached": (PASS, ""),
    "looking_values:loses": (LOST, "should be 1 keys and is missing"),
    "looking_values:halves": (LOST, "should be 4 and is 2"),
    "looking_values:entity": (LOST, "value['name'] (dict) should be 'a' and is ''"),
    "looking_values:a_list": (LOST, "value['value']['x'] (dict) should be a value of list and is None"),
    "looking_values:a_date": (LOST, "value['value']['x'] (dict) should be a value of datetime.date and is None"),
    "looking_values:to_text": (LOST, "value['value']['x'] (dict) should be a value of datetime.date and is 'z'"),
    "looking_values:to_dict": (LOST, "value['value']['x'] (value) should be a value of list and is a value of dict"),
    "looking_values:to_model": (
        LOST,
        "value['value']['x'] (value) should be a value of datetime.date and is a value of looking_values.Twice",
    ),
    "looking_values:to_other_model": (
        LOST,
        "value['x'] (value) should be a value of looking_values.Watchful and is a value of looking_values.Twice",
    ),
    "looking_values:revalidated": (PASS, ""),
    "looking_values:an_enum": (
        LOST,
        "value['value']['x'] (dict) should be a value of looking_values.Colour and is None",
    ),
    "looking_values:a_model": (
        LOST,
        "value['value']['x'] (dict) should be a value of looking_values.Twice and is None",
    ),
    "looking_values:stamped": (("wrong-value", "PC405"), "; of the one that was sent: "),
    "looking_values:unsure": (PASS, ""),
    "looking_reducers:money": (PASS, ""),
    "looking_reducers:price": (PASS, ""),
}


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
def test_what_becomes_of_each_target(picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("run", *EXPECTED, "--serializer", "pickle", "--receiver", "bare", "--format", "json")
    cells = json.loads(ended.stdout)["cells"]

    found = {cell["scenario"]: cell for cell in cells}
    wrong = {
        name: (found[name]["outcome"], found[name]["code"], found[name]["reason"])
        for name, (expected, words) in EXPECTED.items()
        if (found[name]["outcome"], found[name]["code"]) != expected or words not in found[name]["reason"]
    }
    assert not wrong


NAMES = [name for name in EXPECTED if name != "looking_values:stamped"]


@pytest.mark.parametrize("name", NAMES)
def test_an_object_of_a_test_has_the_same_verdict(name: str, values: ModuleType, roundtrip: ColdRoundtrip) -> None:
    module, _, function = name.partition(":")
    assert values
    (outcome, code), words = EXPECTED[name]
    value: Any = getattr(sys.modules[module], function)()
    if code is None:
        assert roundtrip(value).verdict.outcome is Outcome.PASS
        return
    with pytest.raises(NotPortableError) as caught:
        roundtrip(value)
    assert f"{code} {outcome}" in str(caught.value)
    assert words in str(caught.value)
