"""Level "class": every pickler writes a specialization as origin and arguments, as a value, too."""

# mypy: disable-error-code="import-untyped, misc"
# (cloudpickle has no types, and a metaclass found at run time is no base class for mypy)

import copy
import copyreg
import importlib
import io
import multiprocessing.reduction
import pickle
import sys
import types
from pathlib import Path
from typing import Any, Generic, List, Optional, Tuple, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel, RootModel

from picklecheck.reducers import install, installed, uninstall

T = TypeVar("T")
METACLASS = type(BaseModel)


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T
    other: Any = None


class IntBox(Box[int]):
    """A named subclass of a specialization."""


class Plain(BaseModel):
    """No generic model."""

    value: Any = None


class Before(METACLASS):  # type: ignore[valid-type]
    """Somebody's metaclass, defined before the fix is installed."""


class BeforeBox(BaseModel, Generic[T], metaclass=Before):
    """Its model."""

    value: T


def by_forking_pickler(value: Any) -> bytes:
    """As multiprocessing does."""
    return bytes(multiprocessing.reduction.ForkingPickler.dumps(value))


def by_python_pickler(value: Any) -> bytes:
    """With the pickler that is written in Python."""
    dumps: Any = pickle._dumps  # type: ignore[attr-defined]
    return bytes(dumps(value))


DUMPERS = [
    pytest.param(lambda value, protocol=protocol: pickle.dumps(value, protocol), id=f"pickle-{protocol}")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
]
DUMPERS += [
    pytest.param(by_python_pickler, id="python"),
    pytest.param(by_forking_pickler, id="forking"),
    pytest.param(cloudpickle.dumps, id="cloudpickle"),
]


@pytest.mark.parametrize("dumps", DUMPERS)
def test_specialization_arrives(dumps: Any) -> None:
    """As the class of an instance, as an argument, as a value; none of them is registered anywhere."""
    install()
    inner = Box[Optional[int]]
    outer: Any = Box[List[inner]]
    box = outer(value=[])
    box.other = {"class": inner, "alias": List[inner], "self": box}
    payload = dumps([box, outer, Plain(value=inner), IntBox(value=1), BeforeBox[int](value=2), Plain, BaseModel])

    loaded = pickle.loads(payload)

    assert [type(item) for item in loaded[:1]] == [outer]
    assert type(loaded[0]) is outer
    assert loaded[1] is outer
    assert loaded[0].other == {"class": inner, "alias": List[inner], "self": loaded[0]}
    assert loaded[0].other["class"] is inner is loaded[2].value
    assert type(loaded[3]) is IntBox
    assert type(loaded[4]) is BeforeBox[int]
    assert loaded[5] is Plain
    assert loaded[6] is BaseModel
    assert b"picklecheck" not in payload


@pytest.mark.parametrize("dumps", [pickle.dumps, by_python_pickler, by_forking_pickler])
def test_control_without_the_fix(dumps: Any) -> None:
    """What all this is about."""
    for _ in range(2):
        with pytest.raises(pickle.PicklingError):
            dumps(Box[float](value=1))
        with installed():
            dumps(Box[float](value=1))


def test_control_cloudpickle_goes_by_value() -> None:
    """It would ship a copy of the class; a hundred times the size."""
    instance = Box[float](value=1)
    by_value = cloudpickle.dumps(instance)
    with installed():
        by_expression = cloudpickle.dumps(instance)
    assert len(by_expression) < 300
    assert len(by_value) > 1_000


@pytest.mark.parametrize("dumps", DUMPERS)
def test_other_classes_are_pickled_byte_by_byte_as_ever(dumps: Any) -> None:
    """Anything but a specialization."""
    values: List[Any] = [
        Plain,
        Plain(value=[1]),
        Box,
        Box(value=1),
        IntBox,
        IntBox(value=1),
        BaseModel,
        Before,
        BeforeBox,
        int,
    ]
    without = [dumps(value) for value in values]
    install()
    assert [dumps(value) for value in values] == without


def test_errors_stay_the_same() -> None:
    """A class that pickle cannot find."""

    class Local(BaseModel):
        pass

    with pytest.raises((pickle.PicklingError, AttributeError)) as without:
        pickle.dumps(Local)
    install()
    with pytest.raises((pickle.PicklingError, AttributeError)) as with_fix:
        pickle.dumps(Local)
    assert (with_fix.type, str(with_fix.value)) == (without.type, str(without.value))


def test_class_is_stored_once_a_stream() -> None:
    """A thousand instances cost what they cost without the fix."""
    install()

    def per_instance(cls: Any) -> float:
        instances = [cls(value=index) for index in range(1_001)]
        return (len(pickle.dumps(instances)) - len(pickle.dumps(instances[:1]))) / 1_000

    assert per_instance(Box[int]) == per_instance(IntBox)


def test_buffers_stay_out_of_band() -> None:
    """Protocol 5."""
    install()
    data = bytearray(b"x" * 10_000)
    for dumps in (pickle.dumps, cloudpickle.dumps):
        buffers: List[pickle.PickleBuffer] = []
        box = Box[Any](value=pickle.PickleBuffer(data))
        payload = dumps(box, protocol=5, buffer_callback=buffers.append)
        assert len(buffers) == 1
        assert len(payload) < 1_000
        assert pickle.loads(payload, buffers=[data]).value is data


def test_copies_are_unchanged() -> None:
    """The copy module must not go through copyreg for classes."""
    install()
    cls: Any = Box[List[int]]
    box = cls(value=[1], other=Box[int])
    for made in (copy.copy(box), copy.deepcopy(box), box.model_copy(), box.model_copy(deep=True)):
        assert type(made) is type(box)
        assert made == box
        assert made.other is Box[int]
    assert copy.deepcopy([Box[int]])[0] is Box[int] is copy.copy(Box[int])


def test_metaclass_defined_after_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that derives from that; neither stays covered after uninstall."""
    install()

    class After(METACLASS):  # type: ignore[valid-type]
        pass

    class Later(After):
        pass

    class AfterBox(BaseModel, Generic[T], metaclass=After):
        value: T

    class LaterBox(BaseModel, Generic[T], metaclass=Later):
        value: T

    origins: List[Any] = [AfterBox, LaterBox]
    for origin in origins:
        name = origin.__qualname__ = origin.__name__
        monkeypatch.setitem(globals(), name, origin)
        payload = pickle.dumps(origin[int](value=1))
        assert type(pickle.loads(payload)) is origin[int]
    uninstall()
    assert not {After, Later} & set(copyreg.dispatch_table)


def test_metaclass_with_init_subclass_of_its_own() -> None:
    """Keyword arguments and earlier hooks get through, and in the order in which they would without us."""
    seen: List[Any] = []

    def hook(cls: type, **kwargs: Any) -> None:
        seen.append((cls.__name__, kwargs))

    METACLASS.__init_subclass__ = classmethod(hook)  # type: ignore[assignment, arg-type]
    try:
        install()

        class Keyword(METACLASS, flavour="sweet"):  # type: ignore[valid-type, call-arg]
            pass

        assert seen == [("Keyword", {"flavour": "sweet"})]
        assert Keyword in copyreg.dispatch_table
        uninstall()
        assert vars(METACLASS)["__init_subclass__"].__func__ is hook
    finally:
        del METACLASS.__init_subclass__


def test_ordinary_models_do_not_see_the_hook() -> None:
    """A model is an instance of the metaclass, and has its __init_subclass__ from object, or of its own."""
    install()
    assert BaseModel.__init_subclass__.__qualname__ == "object.__init_subclass__" or (
        BaseModel.__init_subclass__.__self__ is BaseModel  # type: ignore[attr-defined]
    )
    before = dict(copyreg.dispatch_table)
    seen: List[str] = []

    class Parent(BaseModel):
        def __init_subclass__(cls, **kwargs: Any) -> None:
            seen.append(cls.__name__)
            super().__init_subclass__()

    class Child(Parent, flavour="sweet"):
        pass

    assert seen == ["Child"]
    assert Child.__init_subclass__.__func__ is Parent.__init_subclass__.__func__  # type: ignore[attr-defined]
    assert copyreg.dispatch_table == before
    with pytest.raises(TypeError):

        class Strict(METACLASS, flavour="sweet"):  # type: ignore[valid-type, call-arg]
            pass


def test_subclass_of_cloudpickler_is_covered() -> None:
    """Engines derive their own from it, some with a reducer_override that calls super()."""

    class Engine(cloudpickle.CloudPickler):
        def reducer_override(self, obj: Any) -> Any:
            return (str, ("secret",)) if obj is SECRET else super().reducer_override(obj)

    install()
    stream = io.BytesIO()
    Engine(stream).dump([Box[float](value=1), SECRET])
    loaded = pickle.loads(stream.getvalue())
    assert type(loaded[0]) is Box[float]
    assert loaded[1] == "secret"


SECRET = object()


def test_by_value_stays_by_value_where_the_origin_has_no_name() -> None:
    """The origin travels as cloudpickle likes; the specialization is taken from it on the other side."""
    install()

    class Local(BaseModel, Generic[T]):
        value: T

    payload = cloudpickle.dumps([Local[int](value=1), Local[int], Local, lambda: Local[int]])
    instance, specialization, origin, function = pickle.loads(payload)
    assert type(instance) is specialization is origin[int] is function()
    # A function's code names its file, which may lie in a folder that is called so.
    assert b"picklecheck" not in payload.replace(__file__.encode(), b"")


@pytest.fixture
def copy_of_cloudpickle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Lay out a vendored copy that nobody has imported yet."""
    source = Path(cloudpickle.__file__).parent
    target = tmp_path / "an_engine" / "_vendored" / "cloudpickle"
    target.mkdir(parents=True)
    (tmp_path / "an_engine" / "__init__.py").touch()
    (tmp_path / "an_engine" / "_vendored" / "__init__.py").touch()
    for file in source.glob("*.py"):
        (target / file.name).write_text(
            file.read_text().replace("from cloudpickle", "from an_engine._vendored.cloudpickle")
        )
    monkeypatch.syspath_prepend(str(tmp_path))
    name = "an_engine._vendored.cloudpickle"
    assert name not in sys.modules
    return name


@pytest.mark.parametrize("when", ["before", "after"])
def test_vendored_copy(copy_of_cloudpickle: str, when: str) -> None:
    """Imported before or after install; restored afterwards."""
    if when == "before":
        importlib.import_module(copy_of_cloudpickle)
    install()
    vendored = importlib.import_module(copy_of_cloudpickle)
    try:
        assert vendored.CloudPickler is not cloudpickle.CloudPickler
        payload = vendored.dumps(Box[float](value=1))
        assert type(pickle.loads(payload)) is Box[float]
        assert len(payload) < 300
        loader: Any = sys.modules[vendored.CloudPickler.__module__].__loader__
        assert "exec_module" not in vars(loader)
        uninstall()
        override = vars(vendored.CloudPickler)["reducer_override"]
        assert override.__code__.co_filename.startswith(str(Path(str(vendored.__file__)).parent))
        assert len(vendored.dumps(Box[float](value=1))) > 1_000
    finally:
        for name in [name for name in sys.modules if name.startswith("an_engine")]:
            del sys.modules[name]


def test_copy_imported_after_uninstall_is_left_alone(copy_of_cloudpickle: str) -> None:
    """The watcher is gone."""
    install()
    uninstall()
    vendored = importlib.import_module(copy_of_cloudpickle)
    try:
        assert len(vendored.dumps(Box[float](value=1))) > 1_000
    finally:
        for name in [name for name in sys.modules if name.startswith("an_engine")]:
            del sys.modules[name]


def test_odd_modules_are_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs put all kinds of things into sys.modules; looking at their attributes could do anything."""

    class Trap(types.ModuleType):
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

    class Untyped:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(name)

    monkeypatch.setitem(sys.modules, "a_trap", Trap("a_trap"))
    monkeypatch.setitem(sys.modules, "untyped", Untyped())
    monkeypatch.setitem(sys.modules, "nothing", None)
    install()


def test_root_model_and_tuple_of_arguments() -> None:
    """Shapes of their own."""
    install()
    classes: List[Any] = [Root[List[int]], Both[int, str], Both[int, Tuple[str, ...]]]
    for cls in classes:
        assert pickle.loads(pickle.dumps(cls)) is cls


class Root(RootModel[T], Generic[T]):
    """A generic root model."""


U = TypeVar("U")


class Both(BaseModel, Generic[T, U]):
    """Two parameters."""
