"""Values of the user's own: what becomes of them, and of code of theirs that does what it likes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import Ended, Place

MODELS = """
import datetime as dt
import uuid
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")


class Order(BaseModel, Generic[T]):
    id: uuid.UUID = Field(default_factory=uuid.uuid4)
    at: dt.datetime = Field(default_factory=dt.datetime.now)
    item: T


class Stamp(BaseModel):
    id: uuid.UUID = Field(default_factory=uuid.uuid4)

    def __call__(self):
        raise RuntimeError("a value is not to be called")
"""

# Where the value stands is told by the line of its function, so lines count here.
JOBS = """import functools, os, sys, threading
from models import Order, Stamp
AT_MODULE_SCOPE = Order[int]
VALUES = {"stamps": [Stamp()], "words": {"a", "b"}}
STAMP = Stamp()
PARTIAL = functools.partial(Stamp, id=Stamp().id)
def module_scope(): return AT_MODULE_SCOPE(item=1)
def in_function(): return Order[str](item="a")
def plain(): return Stamp()
@functools.lru_cache()
def cached(): return Stamp()
def lock(): return threading.Lock()
def many(): return list(range(30_000))
def fails(): raise LookupError("no [/bold] order")
def leaves(): os._exit(0)
def keeps(): return (lambda box: lambda: box)(Order[bytes](item=b""))
def prints():
    while True:
        sys.stdout.write("x" * 1000)
        sys.stderr.write("x" * 1000)
def build(): return Stamp()
def producer(): return Stamp()
def receiver(): return Stamp()
class Shop:
    @staticmethod
    def order(): return Stamp()
class Node:
    pass
def long():
    first = node = Node()
    for number in range(250):
        node.next = Node()
        node = node.next
    return first
class Shy:
    def __reduce__(self): return print_and_go, ()
def print_and_go():
    print("gone")
    os._exit(0)
def goes(): return Shy()
"""

FIXED = """from picklecheck.reducers import install
from models import Order
install()
def order(): return Order[float](item=1.0)
"""
# Makes importable, in its own process, what the others do not find.
FAR = """import sys
sys.path.insert(0, "far")
from away import Away
def value(): return Away[int]()
VALUE = value()
"""
AWAY = """from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Away(BaseModel, Generic[T]): pass
Away[int]
"""
A_STAMP = "from models import Stamp\ndef value(): return Stamp()\n"

MODULES = {
    "models": MODELS,
    "jobs": JOBS,
    "fixed": FIXED,
    "far": FAR,
    "far/away": AWAY,
    "broken": "import nothing_of_the_kind\n",
    # Names that stand beside the programs of the check.
    "catalog": A_STAMP,
    "serve": A_STAMP,
    "repros": A_STAMP,
}
RECEIVERS = ("bare", "bare-module", "cold", "warm", "warm-function", "warm-other", "warm-built", "warm-same", "relay")
# A new interpreter takes its time: not each of them is started in each state.
SOME_RECEIVERS = ("bare-module", "warm-function", "warm-built", "relay")
PASS = ("pass", None, True, None)
NOT_BUILT = ("undecided", "PC904", None)
NOT_DUMPED = ("dump-error", "PC104", False)
# What pickle says of a function that stands in none of the modules.
NOT_LOCAL = "_pickle.PicklingError" if sys.version_info >= (3, 14) else "AttributeError"
NOT_THERE = ("dump-error", "PC101", False, "_pickle.PicklingError")
NOT_FOUND = ("load-error", "PC203", False, "ModuleNotFoundError")
A_CLASS = ("undecided", "PC803", None, None)
A_COPY = ("wrong-type", "PC301", False, None)

# Target -> where it stands, and what comes of it with pickle and with cloudpickle, whoever receives it.
EXPECTED: dict[str, tuple[str | None, tuple[object, ...], tuple[object, ...]]] = {
    "jobs:module_scope": ("jobs.py:7", PASS, PASS),
    "jobs:in_function": ("jobs.py:8", NOT_THERE, A_COPY),
    "jobs:plain": ("jobs.py:9", PASS, PASS),
    "jobs:cached": ("jobs.py:10", PASS, PASS),
    "jobs:Shop.order": ("jobs.py:25", PASS, PASS),
    "jobs:long": ("jobs.py:29", PASS, PASS),
    "jobs:VALUES": ("jobs.py:1", PASS, PASS),
    "jobs:STAMP": ("jobs.py:1", PASS, PASS),
    "jobs:PARTIAL": ("jobs.py:1", PASS, PASS),
    "jobs:Stamp": ("jobs.py:1", A_CLASS, A_CLASS),
    "jobs:AT_MODULE_SCOPE": ("jobs.py:1", A_CLASS, A_CLASS),
    "jobs:lock": ("jobs.py:12", (*NOT_DUMPED, "TypeError"), (*NOT_DUMPED, "TypeError")),
    "jobs:keeps": ("jobs.py:16", (*NOT_DUMPED, NOT_LOCAL), A_COPY),
    "jobs:fails": ("jobs.py:14", (*NOT_BUILT, "LookupError"), (*NOT_BUILT, "LookupError")),
    "jobs:build": ("jobs.py:21", PASS, PASS),
    "jobs:producer": ("jobs.py:22", PASS, PASS),
    "jobs:receiver": ("jobs.py:23", PASS, PASS),
    "jobs:nothing": (None, (*NOT_BUILT, "AttributeError"), (*NOT_BUILT, "AttributeError")),
    "jobs:leaves": ("jobs.py:15", ("undecided", "PC901", None, None), ("undecided", "PC901", None, None)),
    "jobs:goes": ("jobs.py:40", ("undecided", "PC901", None, None), ("undecided", "PC901", None, None)),
    "broken:value": (None, (*NOT_BUILT, "ModuleNotFoundError"), (*NOT_BUILT, "ModuleNotFoundError")),
    "absent:value": (None, (*NOT_BUILT, "ModuleNotFoundError"), (*NOT_BUILT, "ModuleNotFoundError")),
    "fixed:order": ("fixed.py:4", PASS, PASS),
    "far:value": ("far.py:4", NOT_FOUND, NOT_FOUND),
    "catalog:value": ("catalog.py:2", PASS, PASS),
    "serve:value": ("serve.py:2", PASS, PASS),
    "repros:value": ("repros.py:2", PASS, PASS),
}
MET_ELSEWHERE = ("load-error", "PC201", False, "AttributeError")
# Those who go through a process that has not installed the fix, those who know where to look, and (on Pydantic 2.14.2
# and later) those who met the specialization before the module that the payload names.
BEYOND = {
    **{
        f"{target}/{serializer}/own/{receiver}/none": MET_ELSEWHERE
        for target in ("jobs:module_scope", "jobs:AT_MODULE_SCOPE")
        for serializer in ("pickle", "cloudpickle")
        for receiver in ("warm", "warm-function", "warm-other")
    },
    **{
        f"far:value/{serializer}/own/{receiver}/none": PASS
        for serializer in ("pickle", "cloudpickle")
        for receiver in ("warm-built", "warm-same")
    },
    "fixed:order/pickle/own/relay/none": NOT_THERE,
    "fixed:order/cloudpickle/own/relay/none": A_COPY,
}
# With more in it than a portrait has lines.
MANY = "jobs:many/pickle/own/cold/none"
PRINTING = "jobs:prints/pickle/own/cold/none"


@pytest.fixture
def project(place: Place) -> Path:
    """The user's modules, in the working folder."""
    for name, source in MODULES.items():
        path = place.work / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return place.work


def report(ended: Ended) -> dict[str, Any]:
    """Read a report from stdout."""
    assert ended.stderr == ""
    document: dict[str, Any] = json.loads(ended.stdout)
    assert document["exit_status"] == ended.status
    return document


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("isolation", "receivers"),
    [
        ("fork", SOME_RECEIVERS),
        pytest.param("fork", RECEIVERS, marks=pytest.mark.thorough),
        pytest.param("spawn", SOME_RECEIVERS, marks=pytest.mark.thorough),
    ],
)
def test_what_becomes_of_each_target(
    isolation: str, receivers: Sequence[str], place: Place, picklecheck: Callable[..., Ended]
) -> None:
    axes = [word for receiver in receivers for word in ("--receiver", receiver)]
    limit = ("--timeout", "1" if isolation == "fork" else "5")
    words = (*axes, *limit, "--isolation", isolation, "--format", "json")
    ended = picklecheck("run", *EXPECTED, MANY, PRINTING, *words, timeout=300)

    cells = {cell["id"]: cell for cell in report(ended)["cells"]}
    printing = cells.pop(PRINTING)
    assert (printing["outcome"], printing["code"], printing["expected"]) == ("undecided", "PC904", None)
    assert len(printing["observation"]["producer"]["stdout"]) < 10_000
    assert cells.pop(MANY)["outcome"] == "pass"
    wrong = {}
    for name, cell in cells.items():
        target, serializer, *_ = name.split("/")
        location, *rows = EXPECTED[target]
        expected = BEYOND.get(name, rows[serializer == "cloudpickle"])
        found = tuple(cell[key] for key in ("outcome", "code", "expected", "exception"))
        if found != expected or cell["location"] != location:
            wrong[name] = (found, cell["location"], cell["reason"])
    assert not wrong
    assert len(cells) == len(EXPECTED) * 2 * len(receivers)
    stopped = cells[f"jobs:lock/pickle/own/{receivers[0]}/none"]["observation"]["producer"]["facts"]
    stopped_at = stopped["unpicklable"]
    assert stopped_at == {"path": "value", "type": "_thread.lock"}
    assert ended.status == 1
    assert place.left_behind() == []


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("targets", "status"),
    [
        (("jobs:module_scope", "jobs:in_function"), 1),
        (("jobs:plain", "jobs:fails"), 3),
        (("jobs:in_function", "--fix", "class"), 0),
        (("jobs:in_function", "jobs:fails", "--exit-zero"), 3),
    ],
)
def test_exit_status(targets: tuple[str, ...], status: int, picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("run", *targets, "-q")

    assert ended.status == status
    assert ended.stderr == ""


@pytest.mark.thorough
def test_a_report_for_people_names_the_target_and_prints_their_words(
    project: Path, picklecheck: Callable[..., Ended]
) -> None:
    (project / "picklecheck.toml").write_text("scenarios = ['jobs:in_function', 'jobs:fails']\n")
    ended = picklecheck("run")

    assert ended.status == 1
    assert "jobs:in_function" in ended.stdout
    assert "no [/bold] order" in " ".join(ended.stdout.split())
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.thorough
def test_path_says_where_modules_lie(project: Path, picklecheck: Callable[..., Ended]) -> None:
    source = project / "src" / "shop"
    source.mkdir(parents=True)
    (source / "__init__.py").touch()
    for name in ("models", "jobs"):
        (source / f"{name}.py").write_text(MODULES[name].replace("from models", "from shop.models"))
        (project / f"{name}.py").unlink()

    (found,) = report(picklecheck("run", one("shop.jobs:plain"), "--path", "src", "--format", "json"))["cells"]
    assert (found["outcome"], found["location"]) == ("pass", "src/shop/jobs.py:9")
    (missing,) = report(picklecheck("run", one("shop.jobs:plain"), "--format", "json"))["cells"]
    assert (missing["outcome"], missing["code"]) == ("undecided", "PC904")


def one(target: str) -> str:
    """Return the id of one cell of a target."""
    return f"{target}/pickle/own/cold/none"


@pytest.mark.thorough
def test_the_hash_of_the_source_is_that_of_the_user_s_own_modules(
    project: Path, picklecheck: Callable[..., Ended]
) -> None:
    package = project / "shop"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "values.py").write_text("from shop import parts\nVALUE = parts.NUMBER\n")
    (package / "parts.py").write_text("NUMBER = 1\n")
    (package / "others.py").write_text("")

    def source() -> object:
        ended = picklecheck("run", one("shop.values:VALUE"), "--format", "json")
        (cell,) = report(ended)["cells"]
        assert cell["outcome"] == "pass"
        return cell["observation"]["producer"]["facts"]["source"]

    before = source()
    (package / "others.py").write_text("# of no part in it\n")
    (package / "notes.txt").write_text("nor this\n")
    (project / "models.py").write_text("nor = 'this'\n")
    assert source() == before
    (package / "parts.py").write_text("NUMBER = 1  # as before\n")
    assert source() != before


BAD_INPUT = [
    ("jobs:", "'jobs:' is no target", "MODULE:NAME"),
    ("a b:c", "'a b:c' is no target", "MODULE:NAME"),
    ("jobs:plain/pickle/main/cold/none", "site 'own'", "only one"),
    ("jobs:plain/pickle/own/mp-main/none", "no receiver 'mp-main'", "another receiver"),
]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("word", "what", "hint"), BAD_INPUT, ids=[row[0] for row in BAD_INPUT])
def test_bad_input(word: str, what: str, hint: str, place: Place, picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("run", word)

    assert ended.status == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    words = " ".join(ended.stderr.split())
    assert what in words
    assert hint in words
    assert place.left_behind() == []


@pytest.mark.thorough
def test_targets_whose_names_are_nearly_the_same_run_programs_of_their_own(
    project: Path, picklecheck: Callable[..., Ended]
) -> None:
    names = {"my.jobs:order": "dump-error", "my_jobs:order": "pass", "m:Order.example": "dump-error"}
    names |= {"m:Order_example": "pass", "m:order_example": "dump-error", f"m:{'long_' * 60}": "dump-error"}
    (project / "my").mkdir()
    (project / "box.py").write_text(
        "from typing import Generic, TypeVar\nfrom pydantic import BaseModel\nT = TypeVar('T')\n"
        "class Box(BaseModel, Generic[T]):\n    value: T\n"
    )
    (project / "my_jobs.py").write_text("def order(): return 5\n")
    sent = "from box import Box\ndef order(): return Box[int](value=5)\n"
    (project / "my" / "jobs.py").write_text(sent)
    long = f"{'long_' * 60} = order_example = order\n"
    (project / "m.py").write_text(f"{sent}{long}Order_example = 5\nclass Order:\n    example = staticmethod(order)\n")
    ended = picklecheck("run", *(f"{name}/pickle/own/bare/none" for name in names), "--format", "json")

    assert {cell["scenario"]: cell["outcome"] for cell in report(ended)["cells"]} == names
