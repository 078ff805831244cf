"""Level "instance": what __reduce_ex__ of a model answers, and what it leaves to others."""

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import copy
import gc
import io
import pickle
import weakref
from typing import Any, Dict, Generic, List, Optional, Tuple, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel, ConfigDict, PrivateAttr, RootModel

from picklecheck.reducers import PortableGenericsMixin, install, installed, portable
from picklecheck.reducers._instance import _plans
from picklecheck.reducers._reference import _references

T = TypeVar("T")


class Box(PortableGenericsMixin, BaseModel, Generic[T]):
    """By the mixin."""

    model_config = ConfigDict(extra="allow")
    value: T
    other: Any = None
    _private: int = PrivateAttr(default=0)


@portable
class Decorated(BaseModel, Generic[T]):
    """By the decorator."""

    value: T


class Bare(BaseModel, Generic[T]):
    """By install(level="instance") only."""

    value: T


class IntBox(Box[int]):
    """A named subclass: pickled by its name."""


class DecoratedChild(Decorated[T], Generic[T]):
    """Inherits from a decorated model."""


def names(payload: bytes) -> bool:
    """Tell whether a payload names anything of ours."""
    return b"picklecheck" in payload


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("origin", [Box, Decorated, DecoratedChild])
def test_instance_arrives(origin: Any, protocol: int) -> None:
    """None of these specializations is registered anywhere; without the fix, dumps fails."""
    for argument in (int, List[origin[str]], Optional[Bare[int]]):
        instance = origin[argument].model_construct(value="not validated")
        payload = pickle.dumps(instance, protocol)
        loaded = pickle.loads(payload)
        assert type(loaded) is origin[argument]
        assert loaded.__dict__ == instance.__dict__
        assert not names(payload)


def test_control_without_the_fix() -> None:
    """What all this is about."""
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(Bare[float](value=1))


def test_install_covers_models_without_mixin() -> None:
    """And those with it stay covered."""
    with installed("instance"):
        payload = pickle.dumps([Bare[float](value=1), Box[float](value=1)])
    loaded = pickle.loads(payload)
    assert [type(item) for item in loaded] == [Bare[float], Box[float]]
    assert not names(payload)


def test_state_is_complete_and_not_validated() -> None:
    """Private attributes, extra fields and the set of fields set."""
    box = Box[int].model_construct(_fields_set={"other"}, value="no number", other=[1])
    box.surplus = "extra"  # type: ignore[attr-defined]
    box._private = 3
    loaded = pickle.loads(pickle.dumps(box))
    assert vars(loaded) == {"value": "no number", "other": [1]}
    assert loaded.__pydantic_extra__ == {"surplus": "extra"}
    assert loaded.model_fields_set == {"other", "surplus"} == box.model_fields_set
    assert loaded._private == 3


@pytest.mark.parametrize("pickler", [pickle.Pickler, pickle._Pickler, cloudpickle.CloudPickler])
def test_shared_and_cyclic_references(pickler: Any) -> None:
    """The surrounding pickler keeps its memo."""
    box: Any = Box[int](value=1)
    box.other = {"cycle": box}
    stream = io.BytesIO()
    pickler(stream).dump([box, box])
    first, second = pickle.loads(stream.getvalue())
    assert first is second
    assert first.other["cycle"] is first


def test_buffers_stay_out_of_band() -> None:
    """Protocol 5."""
    class_ = Box[Any]
    buffers: List[pickle.PickleBuffer] = []
    data = bytearray(b"x" * 10_000)
    payload = pickle.dumps(class_(value=pickle.PickleBuffer(data)), 5, buffer_callback=buffers.append)
    assert len(buffers) == 1
    assert len(payload) < 1_000
    assert pickle.loads(payload, buffers=[data]).value is data


def test_thousand_instances_cost_what_they_cost_without_the_fix() -> None:
    """The class is stored once a stream, each instance takes three opcodes, as pickle's own NEWOBJ does."""
    with_fix = [Decorated[int](value=index) for index in range(1_001)]
    plain = [PlainNumber(value=index) for index in range(1_001)]

    def per_instance(instances: List[Any]) -> float:
        return (len(pickle.dumps(instances)) - len(pickle.dumps(instances[:1]))) / 1_000

    assert per_instance(with_fix) <= per_instance(plain) + 2


class PlainNumber(BaseModel):
    """Like Decorated[int], but with a name."""

    value: int


@pytest.mark.parametrize("cls", [Box[int], Decorated[int], Bare[int]])
def test_copies_are_unchanged(cls: Any) -> None:
    """Pydantic has its own methods for these; the reducer must not be asked."""
    install("instance")
    original = cls(value=1)
    original.__dict__["value"] = [1]
    for made, is_deep in (
        (copy.copy(original), False),
        (original.model_copy(), False),
        (copy.deepcopy(original), True),
        (original.model_copy(deep=True), True),
    ):
        assert type(made) is cls
        assert made == original
        assert made is not original
        assert (made.value is not original.value) is is_deep
    assert copy.deepcopy([cls]) == [cls] == copy.copy([cls])


@pytest.mark.parametrize("named", [IntBox(value=1), Box(value=1), PlainNumber(value=2)])
def test_others_are_pickled_as_ever(named: BaseModel) -> None:
    """Byte by byte."""
    expected = object.__reduce_ex__(named, 4)
    assert named.__reduce_ex__(4) == expected
    install("instance")
    assert named.__reduce_ex__(4) == expected


class OwnReduce(Box[T], Generic[T]):
    """Has a __reduce__ of its own."""

    def __reduce__(self) -> Tuple[Any, ...]:
        return str, ("own",)


class OwnReduceEx(Box[T], Generic[T]):
    """Has a __reduce_ex__ of its own, which works with pickle's default recipe."""

    def __reduce_ex__(self, protocol: Any) -> Tuple[Any, ...]:
        recipe = super().__reduce_ex__(protocol)
        assert not isinstance(recipe, str)
        return tuple, ([recipe[1][0].__qualname__, "own"],)


class ForeignMixin:
    """Stands behind ours in the order of bases."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        return str, ("foreign",)


class BehindOurs(PortableGenericsMixin, ForeignMixin, BaseModel, Generic[T]):
    """Has two bases that want to be asked."""

    value: T


@portable
class DecoratedOwn(BaseModel, Generic[T]):
    """The decorator keeps what is there."""

    value: T

    def __reduce_ex__(self, protocol: Any) -> Any:
        return str, ("own",)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (OwnReduce, "own"),
        (OwnReduceEx, ("OwnReduceEx[int]", "own")),
        (BehindOurs, "foreign"),
        (DecoratedOwn, "own"),
    ],
)
def test_reducer_of_ones_own_is_honoured(origin: Any, expected: object) -> None:
    """With and without the level installed."""
    for _ in range(2):
        assert pickle.loads(pickle.dumps(origin[int](value=1))) == expected
        install("instance")


class OwnState(Box[T], Generic[T]):
    """Has a state of its own."""

    def __getstate__(self) -> Dict[str, Any]:
        return {"mine": super().__getstate__()}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        super().__setstate__(state["mine"])
        self.__dict__["other"] = "set by __setstate__"


def test_state_of_ones_own_is_honoured() -> None:
    """Both methods are the model's."""
    assert pickle.loads(pickle.dumps(OwnState[int](value=1))).other == "set by __setstate__"


class OwnNew(Box[T], Generic[T]):
    """Wants arguments for __new__."""

    def __new__(cls, *args: Any, **kwargs: Any) -> "OwnNew[T]":
        created = super().__new__(cls)
        CREATED.append((cls, args, kwargs))
        return created


class OwnNewArguments(OwnNew[T], Generic[T]):
    """By position."""

    def __getnewargs__(self) -> Tuple[Any, ...]:
        return ("position",)


class OwnNewKeywords(OwnNew[T], Generic[T]):
    """By keyword."""

    def __getnewargs_ex__(self) -> Tuple[Tuple[Any, ...], Dict[str, Any]]:
        return (1,), {"by": "keyword"}


CREATED: List[Tuple[type, Tuple[Any, ...], Dict[str, Any]]] = []


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    ("origin", "args", "kwargs"),
    [(OwnNew, (), {}), (OwnNewArguments, ("position",), {}), (OwnNewKeywords, (1,), {"by": "keyword"})],
)
def test_new_of_ones_own_is_called(origin: Any, args: Any, kwargs: Any, protocol: int) -> None:
    """As pickle's default would; both picklers."""
    instance = origin[int](value=1)
    for dumps in (pickle.dumps, pickle._dumps):  # type: ignore[attr-defined]
        payload = dumps(instance, protocol)
        CREATED.clear()
        assert pickle.loads(payload) == instance
        assert [(origin[int], args, kwargs)] == CREATED


def test_model_in_a_function_fails_in_dumps() -> None:
    """What cannot be named cannot be portable."""

    class Local(PortableGenericsMixin, BaseModel, Generic[T]):
        value: T

    with pytest.raises((pickle.PicklingError, AttributeError), match="Local"):
        pickle.dumps(Local[int](value=1))


def test_decorator_leaves_no_trace_in_a_class_shipped_by_value() -> None:
    """Receivers of a class of __main__ need no picklecheck."""
    namespace: Dict[str, Any] = {"__name__": "__main__", "T": T, "Generic": Generic, "BaseModel": BaseModel}
    exec("class ByValue(BaseModel, Generic[T]):\n    value: T\n", namespace)
    by_value = portable(namespace["ByValue"])
    instance = by_value[List[int]](value=[1])
    payload = cloudpickle.dumps(instance)
    assert b"__class_getitem__" in payload or b"ByValue" in payload
    assert not names(payload)
    assert pickle.loads(payload) == instance


def test_decorator_is_for_models() -> None:
    """Anything else is a mistake that is said at once."""
    with pytest.raises(TypeError, match="portable is for Pydantic models"):
        portable(int)  # type: ignore[type-var]


def test_decorator_twice() -> None:
    """Changes nothing."""
    before = vars(Decorated)["__reduce_ex__"]
    assert portable(Decorated) is Decorated
    assert vars(Decorated)["__reduce_ex__"] is before


def test_root_model() -> None:
    """Has a __copy__ and a state of its own in Pydantic."""
    class_ = Root[List[int]]
    assert pickle.loads(pickle.dumps(class_([1, 2]))) == class_([1, 2])


class Root(PortableGenericsMixin, RootModel[T], Generic[T]):
    """A generic root model."""


def test_no_class_is_kept_alive() -> None:
    """Neither by the table of references nor by what is known about a class."""

    def use_one() -> "weakref.ref[Any]":  # its frame must be gone: Pydantic takes a snapshot of its variables
        cls: Any = Box[Tuple[int, bytes]]
        outer: Any = Box[cls]  # not Box[List[cls]]: typing caches that
        pickle.dumps([cls(value=(1, b"")), outer.model_construct(value=1)])
        assert weakref.ref(cls) in _plans
        assert weakref.ref(cls) in _references
        return weakref.ref(cls)

    reference = use_one()
    for _ in range(3):  # Pydantic's own cache holds the inner class until the outer one is gone
        gc.collect()
    assert reference() is None
