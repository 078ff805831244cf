"""What a worker did before it loads: the same words mean the same for targets, tests and plain programs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pydantic
import pytest

from picklecheck.testing import ColdRoundtrip, NotPortableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Ended, Place

BOX = """from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    value: T
"""
APP = "from box import Box\nIntBox = Box[int]\ndef build(): return IntBox(value=5)\n"
OTHER = "from box import Box\nMINE = Box[int]\n"
PRODUCER = "import app, pickle\nopen('payload', 'wb').write(pickle.dumps(app.build()))\n"

# Receiver state -> a plain program that does the same, without the line that loads.
PLAIN = {
    "bare": "",
    "cold": "import box\n",
    "warm": "import box\nWARM = box.Box[int]\n",
    "warm-function": "import box\ndef evaluate(): return box.Box[int]\nHELD = evaluate()\n",
    "warm-other": "import other\n",
    "warm-same": "import app\n",
    "warm-built": "import app\nHELD = app.build()\n",
}
IN_FUNCTION = "def load():\n    with open('payload', 'rb') as file:\n        return pickle.load(file)\nvalue = load()\n"
AT_MODULE_SCOPE = "value = pickle.load(open('payload', 'rb'))\n"
PLAIN_LOADS = {**{state: done + IN_FUNCTION for state, done in PLAIN.items()}, "bare-module": AT_MODULE_SCOPE}
# Tell whether it is the class that the sender's module has.
JUDGE = "import app\nassert type(value) is app.IntBox\n"

# Those that evaluated the specialization before the module that the payload names did: it is registered elsewhere.
FAIL_SINCE_2_14_2 = {"warm", "warm-function", "warm-other"}
IS_SINCE_2_14_2 = tuple(map(int, pydantic.VERSION.split(".")[:3])) >= (2, 14, 2)


@pytest.fixture
def project(place: Place) -> Path:
    """The modules, in the working folder."""
    for name, source in {"box": BOX, "app": APP, "other": OTHER}.items():
        (place.work / f"{name}.py").write_text(source)
    return place.work


@pytest.fixture(scope="module")
def roundtrip() -> Iterator[ColdRoundtrip]:
    """A server for all tests here."""
    with ColdRoundtrip() as opened:
        yield opened


def plain(work: Path, program: str) -> bool:
    """Run a plain program and say whether it went well."""
    ended = subprocess.run([sys.executable, "-c", program], cwd=work, capture_output=True, check=False, timeout=60)
    return ended.returncode == 0


def run(picklecheck: Callable[..., Ended], *arguments: str, serializer: str = "pickle") -> dict[str, dict[str, object]]:
    """Return the cells of a run by receiver."""
    document = json.loads(picklecheck("run", *arguments, "--serializer", serializer, "--format", "json").stdout)
    return {cell["receiver"]: cell for cell in document["cells"]}


@pytest.mark.thorough
def test_each_state_of_a_targets_receiver_is_what_a_plain_program_is(
    project: Path, picklecheck: Callable[..., Ended]
) -> None:
    words = [word for state in PLAIN_LOADS for word in ("--receiver", state)]
    cells = run(picklecheck, "app:build", *words)

    assert plain(project, PRODUCER)
    truth = {state: plain(project, f"import pickle\n{text}{JUDGE}") for state, text in PLAIN_LOADS.items()}
    assert {state: cell["outcome"] == "pass" for state, cell in cells.items()} == truth


@pytest.mark.thorough
@pytest.mark.skipif(not IS_SINCE_2_14_2, reason="of the releases from 2.14.2 on")
@pytest.mark.usefixtures("project")
def test_a_default_run_shows_that_a_worker_that_met_the_class_elsewhere_cannot_load_it(
    picklecheck: Callable[..., Ended],
) -> None:
    cells = run(picklecheck, "app:build")

    assert {state: cell["outcome"] for state, cell in cells.items()} == {
        "cold": "pass",
        "warm": "load-error",
        "warm-function": "load-error",
        "warm-same": "pass",
    }


@pytest.mark.parametrize("state", sorted(set(PLAIN_LOADS) - {"warm-same", "warm-built"}))
def test_in_a_test_they_mean_the_same(
    state: str, project: Path, roundtrip: ColdRoundtrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(project))
    try:
        import app  # type: ignore[import-not-found] # noqa: PLC0415 - written by the fixture

        if IS_SINCE_2_14_2 and state in FAIL_SINCE_2_14_2:
            with pytest.raises(NotPortableError):
                roundtrip(app.build(), receiver=state)
        else:
            assert roundtrip(app.build(), receiver=state)
    finally:
        for name in ("app", "box"):
            sys.modules.pop(name, None)


@pytest.mark.thorough
def test_what_nobody_can_evaluate_is_left_out_of_a_warm_receiver(
    project: Path, picklecheck: Callable[..., Ended]
) -> None:
    (project / "mixed.py").write_text(
        "from box import Box\ndef local():\n    from pydantic import BaseModel\n"
        "    class Local(BaseModel): pass\n    return Box[Local](value=Local())\n"
    )
    cells = run(picklecheck, "mixed:local", "--receiver", "warm", serializer="cloudpickle")

    assert {cell["code"] for cell in cells.values()} == {"PC305"}


def test_bare_module_loads_at_module_scope(place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "where.py").write_text(
        "import sys\nclass Where:\n    def __reduce__(self): return look, ()\n"
        "def look():\n    frame = sys._getframe(1)\n"
        "    assert frame.f_locals is frame.f_globals and frame.f_globals['__name__'] == '__main__', frame\n"
        "    return Where()\nWHERE = Where()\n"
    )
    words = ["--receiver", "bare-module", "--receiver", "bare"]
    for isolation in ("fork", "spawn"):
        cells = run(picklecheck, "where:WHERE", *words, "--isolation", isolation)
        assert {state: cell["outcome"] for state, cell in cells.items()} == {
            "bare-module": "pass",
            "bare": "load-error",
        }


BY_VALUE = """import box, cloudpickle
cloudpickle.register_pickle_by_value(box)
def build(): return box.Box[int](value=5)
"""
ITS_PRODUCER = """import byvalue, cloudpickle
from picklecheck.reducers import install
install()
open('payload', 'wb').write(cloudpickle.dumps(byvalue.build()))
"""


@pytest.mark.parametrize("state", ["bare", "bare-module"])
def test_what_fails_at_module_scope_alone_has_a_receiver_that_shows_it(
    state: str, project: Path, picklecheck: Callable[..., Ended]
) -> None:
    """Pydantic 2.13 and older look at the caller's frame; whether that is a KeyError depends on release and fix."""
    (project / "byvalue.py").write_text(BY_VALUE)
    words = ["--receiver", state, "--fix", "class"]
    cells = run(picklecheck, "byvalue:build", *words, serializer="cloudpickle")

    assert plain(project, ITS_PRODUCER)
    assert (cells[state]["outcome"] != "load-error") == plain(project, f"import pickle\n{PLAIN_LOADS[state]}")
