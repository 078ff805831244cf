"""Switching on and off: twice, nested, in threads, and with others who use the same places."""

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import copyreg
import functools
import importlib
import pickle
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, Generic, Iterator, List, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel

import picklecheck
from picklecheck.reducers import Level, install, installed, is_installed, uninstall

T = TypeVar("T")
METACLASS = type(BaseModel)
LEVELS: List[Level] = ["class", "instance"]


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T


class Named(BaseModel):
    """No generic model."""


def surroundings() -> List[Any]:
    """Return what the levels put somewhere."""
    return [
        dict(copyreg.dispatch_table),
        vars(cloudpickle.CloudPickler)["reducer_override"],
        vars(BaseModel)["__reduce_ex__"],
        vars(METACLASS)["__init_subclass__"],
        list(sys.meta_path),
    ]


def is_portable() -> bool:
    """Tell whether a specialization that is registered nowhere can be pickled."""
    try:
        pickle.dumps(Box[complex](value=1j))
    except pickle.PicklingError:
        return False
    return True


@pytest.mark.parametrize("level", LEVELS)
def test_on_and_off(level: Level) -> None:
    """Twice is as good as once."""
    for _ in range(2):
        assert not is_installed()
        assert not is_portable()
        install(level)
        install(level)
        assert is_installed()
        assert is_installed(level)
        assert [is_installed(name) for name in LEVELS] == [name == level for name in LEVELS]
        assert is_portable()
        uninstall()
        uninstall()
    assert not is_portable()


def test_second_install_puts_nothing_on_top() -> None:
    """Else every call would make pickling slower."""
    for level in LEVELS:
        install(level)
    before = surroundings()
    for level in LEVELS:
        install(level)
    assert surroundings() == before


def test_levels_are_independent() -> None:
    """Both can be on; uninstall takes both."""
    install("class")
    install("instance")
    assert is_installed("class")
    assert is_installed("instance")
    assert type(pickle.loads(pickle.dumps(Box[complex](value=1j)))) is Box[complex]
    uninstall()
    assert not is_portable()


def test_unknown_level() -> None:
    """Says which there are."""
    wrong: Any = "klass"
    with pytest.raises(ValueError, match="level must be 'class' or 'instance', not 'klass'"):
        install(wrong)
    with pytest.raises(ValueError, match="klass"), installed(wrong):
        pass
    with pytest.raises(ValueError, match="klass"):
        is_installed(wrong)


@pytest.mark.parametrize("level", LEVELS)
def test_context_manager(level: Level) -> None:
    """Ends with its block, also by an exception; inner blocks and an earlier install are respected."""
    with installed(level):
        with installed(level):
            assert is_portable()
        assert is_portable()
    assert not is_portable()
    with pytest.raises(KeyError), installed(level):
        raise KeyError
    assert not is_installed()
    install(level)
    with installed(level):
        pass
    assert is_portable()


def test_install_within_a_block_outlives_it() -> None:
    """Somebody asked for it."""
    with installed():
        install()
    assert is_portable()


def test_uninstall_within_a_block() -> None:
    """Is meant."""
    with installed():
        uninstall()
        assert not is_portable()
        install()
    assert is_portable()


def test_blocks_that_overlap_in_threads() -> None:
    """The last one that ends switches off."""
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with installed():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    with installed():
        thread.start()
        assert inside.wait(10)
    assert is_portable()
    leave.set()
    thread.join()
    assert not is_portable()


def foreign_reducer(previous: Any) -> Callable[[type], Any]:
    """As another library might register it: it has a class of its own, and chains."""

    def reduce(cls: type) -> Any:
        if cls is Named:
            return str, ("foreign",)
        return cls.__qualname__ if previous is None else previous(cls)

    return reduce


@pytest.fixture
def _table_is_restored() -> Any:
    """Clean up what a foreign library leaves."""
    before = copyreg.dispatch_table.get(METACLASS)
    yield
    uninstall()
    if before is None:
        copyreg.dispatch_table.pop(METACLASS, None)


@pytest.mark.usefixtures("_table_is_restored")
def test_foreign_reducer_before_ours() -> None:
    """It is asked for what is no specialization, and is back, the very object, afterwards."""
    foreign = foreign_reducer(None)
    copyreg.dispatch_table[METACLASS] = foreign
    install()
    assert pickle.loads(pickle.dumps(Named)) == "foreign"
    assert is_portable()
    uninstall()
    assert copyreg.dispatch_table[METACLASS] is foreign
    assert pickle.loads(pickle.dumps(Named)) == "foreign"
    assert not is_portable()


@pytest.mark.usefixtures("_table_is_restored")
def test_foreign_reducer_on_top_of_ours() -> None:
    """It is never taken away; ours passes on until it is installed again."""
    install()
    ours = copyreg.dispatch_table[METACLASS]
    foreign = foreign_reducer(ours)
    copyreg.dispatch_table[METACLASS] = foreign
    assert is_portable()
    uninstall()
    assert copyreg.dispatch_table[METACLASS] is foreign
    assert pickle.loads(pickle.dumps([Named, Box])) == ["foreign", Box]
    assert not is_portable()

    install()
    assert is_portable()
    assert pickle.loads(pickle.dumps(Named)) == "foreign"
    uninstall()
    assert copyreg.dispatch_table[METACLASS] is foreign

    copyreg.dispatch_table[METACLASS] = ours  # the other library uninstalls: it restores what it found
    assert not is_portable()
    assert pickle.loads(pickle.dumps([Named, Box])) == [Named, Box]
    install()
    assert is_portable()
    uninstall()
    assert METACLASS not in copyreg.dispatch_table


@pytest.mark.usefixtures("_table_is_restored")
def test_foreign_reducer_that_does_not_chain() -> None:
    """Whoever installs last is asked first; nobody's entry is lost."""
    install()
    foreign = foreign_reducer(None)
    copyreg.dispatch_table[METACLASS] = foreign
    assert not is_portable()
    install()
    assert is_portable()
    uninstall()
    assert copyreg.dispatch_table[METACLASS] is foreign


@pytest.mark.usefixtures("_table_is_restored")
def test_foreign_callable_of_any_kind() -> None:
    """Not hashable, no weak references: still only something to be called."""

    class Unhashable:
        __hash__ = None  # type: ignore[assignment]

        def __call__(self, cls: type) -> str:
            return cls.__qualname__

    class NotReferable:
        __slots__ = ()
        __call__ = Unhashable.__call__

    foreigners: List[Any] = [Unhashable(), NotReferable()]
    for foreign in foreigners:
        copyreg.dispatch_table[METACLASS] = foreign
        install()
        assert pickle.loads(pickle.dumps([Named, Box[complex]])) == [Named, Box[complex]]
        uninstall()
        assert copyreg.dispatch_table[METACLASS] is foreign


def test_foreign_wrapper_of_cloudpickle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under ours and over ours, with functools.wraps as people do."""

    class Pickled:
        pass

    def wrap(inner: Any) -> Any:
        @functools.wraps(inner)
        def reducer_override(self: Any, obj: Any) -> Any:
            return (str, ("foreign",)) if isinstance(obj, Pickled) else inner(self, obj)

        return reducer_override

    def roundtrip() -> Any:
        return pickle.loads(cloudpickle.dumps([Pickled(), Box[complex](value=1j)]))

    original = vars(cloudpickle.CloudPickler)["reducer_override"]
    under = wrap(original)
    with monkeypatch.context() as patch:
        patch.setattr(cloudpickle.CloudPickler, "reducer_override", under)
        install()
        assert roundtrip()[0] == "foreign"
        assert type(roundtrip()[1]) is Box[complex]
        uninstall()
        assert vars(cloudpickle.CloudPickler)["reducer_override"] is under

    install()
    over = wrap(vars(cloudpickle.CloudPickler)["reducer_override"])
    cloudpickle.CloudPickler.reducer_override = over
    assert len(cloudpickle.dumps(Box[complex](value=1j))) < 300
    uninstall()
    assert vars(cloudpickle.CloudPickler)["reducer_override"] is over
    assert roundtrip()[0] == "foreign"
    assert len(cloudpickle.dumps(Box[complex](value=1j))) > 1_000
    install()
    assert len(cloudpickle.dumps(Box[complex](value=1j))) < 300
    uninstall()
    cloudpickle.CloudPickler.reducer_override = original


def test_foreign_reduce_ex_on_base_model() -> None:
    """Asked for everything that is no specialization, and restored."""

    def foreign(self: BaseModel, protocol: Any) -> Any:
        return (str, ("foreign",)) if isinstance(self, Named) else object.__reduce_ex__(self, protocol)

    BaseModel.__reduce_ex__ = foreign  # type: ignore[method-assign, assignment]
    try:
        install("instance")
        assert pickle.loads(pickle.dumps(Named())) == "foreign"
        assert is_portable()
        over = vars(BaseModel)["__reduce_ex__"]

        def foreign_on_top(self: BaseModel, protocol: Any) -> Any:
            return over(self, protocol)

        BaseModel.__reduce_ex__ = foreign_on_top  # type: ignore[method-assign, assignment]
        on_top = vars(BaseModel)["__reduce_ex__"]
        uninstall()
        assert vars(BaseModel)["__reduce_ex__"] is on_top
        assert pickle.loads(pickle.dumps(Named())) == "foreign"
        assert not is_portable()
        BaseModel.__reduce_ex__ = over  # type: ignore[method-assign]
        uninstall()
        assert vars(BaseModel)["__reduce_ex__"] is foreign
    finally:
        del BaseModel.__reduce_ex__


@pytest.fixture
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_threads_take_turns_often")
@pytest.mark.parametrize("level", LEVELS)
def test_switching_while_other_threads_pickle(level: Level) -> None:
    """Each payload is either right or fails as it would without the fix; nothing else happens."""
    enough, too_long = time.monotonic() + 0.3, time.monotonic() + 30
    unexpected: List[BaseException] = []
    counts: Dict[bool, int] = {True: 0, False: 0}
    held = Box[complex]  # else each thread might make a class of its own at the same time

    def is_over() -> bool:
        now = time.monotonic()
        return now > too_long or (now > enough and all(counts.values()))

    def switch() -> None:
        while not is_over():
            install(level)
            uninstall()

    def work() -> None:
        while not is_over():
            try:
                payload = pickle.dumps([Box[complex](value=1j), Named()])
            except pickle.PicklingError:
                counts[False] += 1
                continue
            except BaseException as error:  # noqa: BLE001
                unexpected.append(error)
                return
            counts[True] += 1
            if type(pickle.loads(payload)[0]) is not held:
                unexpected.append(AssertionError(payload))

    with ThreadPoolExecutor(4) as pool:
        for one in (switch, switch, work, work):
            pool.submit(one)
    assert not unexpected
    assert counts[True]
    assert counts[False]
    assert not is_installed()


def test_folder_stands_alone(tmp_path: Path) -> None:
    """Copied under another name, it works; it imports nothing but the standard library and Pydantic."""
    source = Path(picklecheck.__file__).parent / "reducers"
    shutil.copytree(source, tmp_path / "copied", ignore=shutil.ignore_patterns("__pycache__"))
    program = """
import sys, pydantic
pydantic.BaseModel
before = set(sys.modules)
import copied
new = {name.partition(".")[0] for name in set(sys.modules) - before}
assert new <= {"copied"} | set(sys.stdlib_module_names), new
copied.install()
import pickle
from typing import Generic, TypeVar
T = TypeVar("T")
class Box(pydantic.BaseModel, Generic[T]):
    value: T
def make():
    return Box[int](value=1)
assert type(pickle.loads(pickle.dumps(make()))) is Box[int]
copied.uninstall()
"""
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_install_without_cloudpickle() -> None:
    """It is optional."""
    program = """
import sys
sys.modules["cloudpickle"] = None
import picklecheck.reducers as reducers
reducers.install()
assert reducers.is_installed()
reducers.uninstall()
"""
    command = [sys.executable, "-W", "error", "-c", program]
    root = Path(picklecheck.__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_two_copies_side_by_side(tmp_path: Path) -> None:
    """Somebody's copy of the folder and ours: each is a stranger to the other, in any order."""
    source = Path(picklecheck.__file__).parent / "reducers"
    shutil.copytree(source, tmp_path / "somebodys_copy", ignore=shutil.ignore_patterns("__pycache__"))
    sys.path.insert(0, str(tmp_path))
    try:
        theirs = importlib.import_module("somebodys_copy")
        for level in LEVELS:
            install(level)
            theirs.install(level)
            uninstall()
            assert is_portable()
            assert len(cloudpickle.dumps(Box[complex](value=1j))) < 400
            theirs.uninstall()
            assert not is_portable()
            install(level)
            assert is_portable()
            uninstall()
    finally:
        sys.path.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.startswith("somebodys_copy")]:
            del sys.modules[name]
