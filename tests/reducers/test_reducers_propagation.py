"""Payloads that install the fix where they are loaded: what they name, and what they leave alone."""

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import pickle
import pickletools
import subprocess
import sys
from pathlib import Path
from typing import Any, Generic, Iterator, List, Set, TypeVar

import cloudpickle
import pytest
from pydantic import BaseModel

import picklecheck
from picklecheck.reducers import (
    Level,
    PortableGenericsMixin,
    _install,
    install,
    install_on_load,
    installed,
    is_installed,
    reduce_specialization,
    uninstall,
)

T = TypeVar("T")
LEVELS: List[Level] = ["class", "instance"]
DUMPS = [pickle.dumps, cloudpickle.dumps]


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T


class Mixed(PortableGenericsMixin, BaseModel, Generic[T]):
    """With the mixin."""

    value: T


@pytest.fixture(autouse=True)
def _undecided() -> Iterator[None]:
    """Other tests have called uninstall(): here the process has not decided anything yet, as a new one."""
    _install._is_declined = False
    yield
    uninstall()


def globals_of(payload: bytes) -> Set[str]:
    """Read the modules and names off a payload of protocol 3."""
    return {str(argument) for opcode, argument, _ in pickletools.genops(payload) if opcode.name == "GLOBAL"}


def box() -> Any:
    """Make an instance of a specialization that is registered nowhere."""
    return Box[List[Box[complex]]](value=[])


def payload_of(level: Level, value: Any) -> bytes:
    """Dump as a process that propagates would, and forget that it did."""
    with installed(level, propagate=True):
        return pickle.dumps(value, 3)


@pytest.mark.parametrize("level", LEVELS)
def test_payload_names_one_function_of_ours_by_its_public_name(level: Level) -> None:
    names = globals_of(payload_of(level, box()))
    assert {name for name in names if "picklecheck" in name} == {"picklecheck.reducers install_on_load"}


@pytest.mark.parametrize("level", LEVELS)
def test_loading_installs_the_level_and_propagates(level: Level) -> None:
    payload = payload_of(level, box())
    assert not is_installed()
    loaded = pickle.loads(payload)
    assert type(loaded) is type(box())
    assert [is_installed(name) for name in LEVELS] == [name == level for name in LEVELS]
    assert globals_of(pickle.dumps(loaded, 3)) == globals_of(payload)


def test_both_levels_propagate_the_one_that_covers_both() -> None:
    with installed("instance", propagate=True), installed("class", propagate=True):
        payload = pickle.dumps(box(), 3)
    pickle.loads(payload)
    assert [is_installed(level) for level in LEVELS] == [True, False]


@pytest.mark.parametrize("level", LEVELS)
def test_a_process_that_has_installed_it_itself_stays_as_it_is(level: Level) -> None:
    payload = payload_of(level, box())
    install(level)
    pickle.loads(payload)
    assert b"install_on_load" not in pickle.dumps(box())


@pytest.mark.parametrize("level", LEVELS)
def test_a_process_that_has_uninstalled_it_stays_without(level: Level) -> None:
    payload = payload_of(level, box())
    uninstall()
    assert type(pickle.loads(payload)) is type(box())
    assert not is_installed()
    install("class")  # decided anew
    pickle.loads(payload)
    assert is_installed(level)


def test_it_stays_on_until_uninstall() -> None:
    """A library that calls install() for itself does not switch it off."""
    install(propagate=True)
    install()
    assert b"install_on_load" in pickle.dumps(box())
    uninstall()
    install()
    assert b"install_on_load" not in pickle.dumps(box())


def test_block_limits_it() -> None:
    install()
    with installed(propagate=True):
        with installed():
            pass
        assert b"install_on_load" in pickle.dumps(box())
    assert b"install_on_load" not in pickle.dumps(box())


@pytest.mark.parametrize("dumps", DUMPS)
def test_mixin_and_public_reducer_take_part(dumps: Any) -> None:
    """Whichever way a specialization is written, it is the process that propagates."""
    value: Any = Mixed[List[Box[complex]]](value=[])
    with installed("instance", propagate=True):
        assert dumps(value).count(b"install_on_load") == 1
        reduced: Any = reduce_specialization(type(value))
        subject, _ = reduced[1]
        assert subject is not Mixed
    assert b"install_on_load" not in dumps(value)


def test_function_is_frozen() -> None:
    """Stored payloads call it so, whatever later versions add; a later version's payload may say more."""
    assert install_on_load(Box, "class") is Box
    assert is_installed("class")
    uninstall()
    _install._is_declined = False
    assert install_on_load(Box, "a level of later days", "and more") is Box
    assert not is_installed()


# A sender with the fix, and a worker without: what the sender holds when the worker hands the object back.
WORKER = """
import sys
import cloudpickle
import round_trip_models as models


def work():
    for line in sys.stdin:
        box = cloudpickle.loads(bytes.fromhex(line))
        print(cloudpickle.dumps(box).hex(), flush=True)

work()
"""


def round_trip(folder: Path, sender: str) -> bool:
    """Send by cloudpickle, have it sent back, and say whether the very class came back."""
    (folder / "round_trip_models.py").write_text(
        "from typing import Generic, TypeVar\nfrom pydantic import BaseModel\nT = TypeVar('T')\n"
        "class Box(BaseModel, Generic[T]):\n    value: T\n"
    )
    (folder / "worker.py").write_text(WORKER)
    (folder / "sender.py").write_text(f"""
import subprocess, sys
import cloudpickle
from round_trip_models import Box
from picklecheck import reducers
{sender}

def send():
    value = Box[int](value=1)  # kept: the tracker holds classes weakly, as Pydantic's cache does
    worker = subprocess.run([sys.executable, "worker.py"], input=cloudpickle.dumps(value).hex(),
                            capture_output=True, text=True, timeout=60)
    assert worker.returncode == 0, worker.stderr
    return type(cloudpickle.loads(bytes.fromhex(worker.stdout.strip()))) is type(value)

print(send())
""")
    done = subprocess.run(
        [sys.executable, "sender.py"],
        cwd=folder,
        env={"PYTHONPATH": str(Path(picklecheck.__file__).parent.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return {"True\n": True, "False\n": False}[done.stdout]


@pytest.mark.thorough
def test_worker_without_the_fix_hands_an_object_back(tmp_path: Path) -> None:
    """cloudpickle's own tracker maps back what it sent by value; what the fix sent, only propagation brings back."""
    assert round_trip(tmp_path, "")
    assert not round_trip(tmp_path, "reducers.install()")
    assert round_trip(tmp_path, "reducers.install(propagate=True)")
