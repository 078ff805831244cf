"""Results of earlier runs: found again where nothing has changed, and never in the way."""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
import threading
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import grimp
import pytest
from matrix_builders import make_environment
from report_builders import make_cell, make_observation, make_result, make_scenario

from picklecheck.harness import result_store
from picklecheck.harness.result_store import ResultStore, scenario_digests, tool_digest
from picklecheck.model import Outcome, Result, Scenario
from picklecheck.resources import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLD, WARM = "shapes.box/pickle/main/cold/none", "shapes.box/pickle:4/main/warm/class"
HERE = ("digest-of-here", "digest-of-here")
SCENARIOS = {"shapes.box": "digest-of-box", "shapes.pair": "digest-of-pair"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be, in a folder that is not there yet."""
    return tmp_path / "cache" / "results.sqlite3"


@contextlib.contextmanager
def open_store(path: Path, tool: str = "tool", options: str = "fork 30.0") -> Iterator[ResultStore]:
    with contextlib.closing(ResultStore(path, tool, options)) as store:
        yield store


def keep(path: Path, *results: Result, tool: str = "tool") -> None:
    """Keep results in a store that is opened and closed for it."""
    with open_store(path, tool) as store:
        for result in results:
            store.keep(HERE, SCENARIOS[result.cell.scenario], result)


def find(
    path: Path,
    *cells: str,
    digests: tuple[str, str] = HERE,
    scenario: str = "digest-of-box",
    options: str = "fork 30.0",
    tool: str = "tool",
    environments: tuple[str, str | None] = ("here", None),
) -> list[Result]:
    """Return what a store that is opened for it finds."""
    with open_store(path, tool, options) as store:
        wanted = map(make_cell, cells or (COLD, WARM))
        return store.results(digests, {**SCENARIOS, "shapes.box": scenario}, wanted, environments)


def ids(results: Sequence[Result]) -> list[str]:
    return sorted(result.cell.id for result in results)


@pytest.mark.parametrize("registered", [None, (), ("__main__",), ("__main__", "repros.shapes")])
@pytest.mark.parametrize("reader", [None, "there"])
@pytest.mark.parametrize("expected", [None, True, False])
def test_a_result_comes_back_as_it_was(
    path: Path, registered: tuple[str, ...] | None, reader: str | None, *, expected: bool | None
) -> None:
    result = replace(
        make_result(WARM, Outcome.LOAD_ERROR, expected=expected, reason="No 'Box[int]' ☃ \udcff."),
        protocol=4,
        duration_s=0.1234567,
        registered_in_producer=registered,
        registered_in_receiver=None if registered else ("other",),
        receiver_environment=reader,
    )
    keep(path, result)

    assert find(path, environments=("here", reader)) == [result]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.PASS,
        Outcome.DUMP_ERROR,
        Outcome.LOAD_ERROR,
        Outcome.WRONG_TYPE,
        Outcome.WRONG_VALUE,
        Outcome.UNSUPPORTED,
    ],
)
def test_an_outcome_that_would_come_out_the_same_is_kept(path: Path, outcome: Outcome) -> None:
    keep(path, make_result(outcome=outcome))

    assert [one.verdict.outcome for one in find(path)] == [outcome]


@pytest.mark.parametrize("outcome", [Outcome.UNDECIDED, Outcome.TIMEOUT, Outcome.CRASH])
def test_an_outcome_that_may_be_another_one_next_time_is_not(path: Path, outcome: Outcome) -> None:
    keep(path, make_result(outcome=outcome))

    assert find(path) == []


def test_the_evidence_is_not_kept(path: Path) -> None:
    result = make_result(observation=make_observation())
    keep(path, result)

    assert find(path) == [replace(result, observation=None)]


def test_only_the_cells_that_are_asked_for_are_found(path: Path) -> None:
    keep(path, make_result(COLD), make_result(WARM))

    assert ids(find(path, WARM, "shapes.pair/pickle/main/cold/none")) == [WARM]


@pytest.mark.parametrize(
    "other",
    [
        {"digests": ("digest-of-there", "digest-of-there")},
        {"digests": ("digest-of-here", "digest-of-there")},
        {"digests": ("digest-of-there", "digest-of-here")},
        {"scenario": "another"},
        {"options": "spawn 30.0"},
        {"options": "fork 0.1"},
        {"tool": "another"},
    ],
)
def test_what_was_found_in_other_circumstances_does_not_count(path: Path, other: dict[str, object]) -> None:
    keep(path, make_result())

    assert find(path, **other) == []  # type: ignore[arg-type]


def test_each_scenario_has_its_own_digest(path: Path) -> None:
    other = "shapes.pair/pickle/main/cold/none"
    keep(path, make_result(COLD), make_result(other))

    assert ids(find(path, COLD, other, scenario="changed meanwhile")) == [other]


def test_writing_and_reading_are_not_the_same(path: Path) -> None:
    to_new = replace(make_result(outcome=Outcome.LOAD_ERROR), environment="old", receiver_environment="new")
    to_old = replace(make_result(), environment="new", receiver_environment="old")
    with open_store(path) as store:
        store.keep(("old", "new"), SCENARIOS["shapes.box"], to_new)
        store.keep(("new", "old"), SCENARIOS["shapes.box"], to_old)

    assert find(path, digests=("old", "new"), environments=("old", "new")) == [to_new]
    assert find(path, digests=("new", "old"), environments=("new", "old")) == [to_old]


def test_a_pair_that_is_one_environment_is_the_same_with_and_without_cross(path: Path) -> None:
    keep(path, replace(make_result(), receiver_environment="here"))

    assert find(path) == [make_result()]


def test_a_result_that_is_kept_again_takes_the_place_of_the_first(path: Path) -> None:
    keep(path, make_result(reason="before"))
    keep(path, make_result(reason="after"))

    assert [one.verdict.reason for one in find(path)] == ["after"]


def test_a_store_finds_what_it_has_not_written_yet(path: Path) -> None:
    with open_store(path) as store:
        store.keep(HERE, SCENARIOS["shapes.box"], make_result())

        assert store.results(HERE, SCENARIOS, [make_cell(COLD)], ("here", None)) == [make_result()]


def test_a_run_that_is_killed_loses_no_more_than_a_batch(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_store, "_BATCH", 3)
    cells = [f"shapes.box/pickle:{protocol}/main/cold/none" for protocol in range(5)]
    with open_store(path) as store:
        for cell in cells:
            store.keep(HERE, SCENARIOS["shapes.box"], make_result(cell))

        assert ids(find(path, *cells)) == cells[:3]
    assert ids(find(path, *cells)) == cells


def test_what_another_state_of_the_tool_found_is_removed(path: Path) -> None:
    keep(path, make_result())
    find(path, tool="newer")

    assert find(path) == []


def test_the_catalogue_is_listed_once_for_each_state_of_the_tool(path: Path) -> None:
    scenarios = (
        make_scenario(before="import x", warm=("Box[str]", "Box[int]"), beyond=("instance",)),
        make_scenario("values.in_list", (), module="other"),
    )
    listed = []

    def make() -> tuple[Scenario, ...]:
        listed.append("")
        return scenarios

    for tool in ("tool", "tool", "newer"):
        with open_store(path, tool) as store:
            assert store.scenarios(path.parent, make) == scenarios
            assert store.scenarios(path.parent, make) == scenarios

    assert len(listed) == 2


def test_a_catalogue_that_changed_is_listed_again(path: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "repros"
    catalogue.mkdir()
    with open_store(path) as store:
        for name in ("shapes.box", "shapes.pair"):
            (catalogue / "shapes.py").write_text(f"{name}\n")
            scenario = make_scenario(name)
            assert store.scenarios(catalogue, functools.partial(tuple, [scenario])) == (scenario,)


@pytest.mark.parametrize("cloudpickle", ["3.1.2", None])
def test_what_an_environment_says_of_itself_comes_back(path: Path, cloudpickle: str | None) -> None:
    environment = make_environment(cloudpickle=cloudpickle)
    with open_store(path) as store:
        store.keep_environment("digest", environment)
    with open_store(path) as store:
        assert store.environment("digest") == environment
        assert store.environment("another") is None


def test_the_same_digest_of_an_environment_and_of_results_do_not_meet(path: Path) -> None:
    with open_store(path) as store:
        assert store.environment("catalogue") is None
        store.scenarios(Path("catalogue"), lambda: (make_scenario(),))
        assert store.environment("catalogue") is None


# A file that cannot be used


def works(path: Path) -> bool:
    """Tell whether results are kept from one store to the next."""
    with open_store(path) as store:
        store.keep_environment("digest", make_environment())
    keep(path, make_result())
    with open_store(path) as store:
        return find(path, COLD) == [make_result()] and store.environment("digest") == make_environment()


def test_a_new_store_works(path: Path) -> None:
    assert works(path)


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"garbage", b"garbage" * 10_000, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_store_is_begun_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    assert find(path) == []
    assert works(path)


@pytest.mark.parametrize("part", [0.0001, 0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_begun_anew(path: Path, part: float) -> None:
    keep(path, make_result())
    with open_store(path) as store:
        for number in range(200):
            store.keep_environment(str(number), make_environment())
    whole = path.read_bytes()
    path.write_bytes(whole[: max(1, int(len(whole) * part))])

    assert find(path) == []
    assert works(path)


@pytest.mark.parametrize("lost", [1, 50, 100, 200, 300])
def test_of_a_file_that_lost_its_last_bytes_what_is_whole_is_found(path: Path, lost: int) -> None:
    keep(path, make_result(), make_result(WARM))
    with open_store(path) as store:
        store.keep_environment("digest", make_environment())
        # SQLite reads a page that ends too early as if zeros followed.
        kept = (("results", "cell", "result", COLD), ("facts", "name", "value", "environment digest"))
        for table, name, column, value in kept:
            store._connection.execute(
                f"UPDATE {table} SET {column} = substr({column}, 1, length({column}) - ?) || char(0) WHERE {name} = ?",
                (lost, value),
            )
        store._connection.commit()

    assert ids(find(path)) == [WARM]
    with open_store(path) as store:
        assert store.environment("digest") is None
    assert works(path)


def test_what_lies_beside_a_broken_file_is_gone_too(path: Path) -> None:
    path.parent.mkdir()
    for name in ("results.sqlite3", "results.sqlite3-wal", "results.sqlite3-shm"):
        (path.parent / name).write_bytes(b"garbage" * 10_000)
    (path.parent / "environments").mkdir()

    assert works(path)
    assert (path.parent / "environments").is_dir()


def fill(store: ResultStore) -> None:
    """Do all that a run does; none of it may fail."""
    store.keep(HERE, SCENARIOS["shapes.box"], make_result())
    store.keep_environment("digest", make_environment())
    assert store.environment("digest") is None
    assert store.results(HERE, SCENARIOS, [make_cell(COLD)], ("here", None)) == []
    assert store.scenarios(Path("catalogue"), lambda: (make_scenario(),)) == (make_scenario(),)


def test_a_folder_in_its_place_is_left_alone(path: Path) -> None:
    (path / "inside").mkdir(parents=True)
    with open_store(path) as store:
        fill(store)

    assert [one.name for one in path.iterdir()] == ["inside"]


@pytest.mark.parametrize("name", ["results.sqlite3", "deeper/results.sqlite3"])
def test_a_place_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("a file, not a folder", "utf-8")
    with open_store(tmp_path / "file" / name) as store:
        fill(store)

    assert (tmp_path / "file").read_text("utf-8") == "a file, not a folder"


def test_a_place_that_cannot_be_written_any_more_is_no_reason_to_fail(path: Path) -> None:
    with open_store(path) as store, contextlib.closing(sqlite3.connect(path)) as other:
        store._connection.execute("PRAGMA query_only = ON")  # what a disk that is full or read-only comes to
        fill(store)
        assert other.execute("SELECT count(*) FROM results").fetchone() == (0,)


def test_closing_twice_does_no_harm(path: Path) -> None:
    store = ResultStore(path, "tool", "fork 30.0")
    store.close()
    store.close()


# Several at once


def test_a_file_that_another_run_holds_is_not_taken_from_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    keep(path, make_result(COLD))
    with contextlib.closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(sqlite3, "connect", lambda at, **options: connect(at, **{**options, "timeout": 0.01}))
        with open_store(path) as store:
            fill(store)
        monkeypatch.undo()
        other.rollback()

    assert ids(find(path)) == [COLD]


def test_stores_may_be_opened_at_the_same_time(path: Path) -> None:
    meeting = threading.Barrier(4, timeout=10)
    cells = [f"shapes.box/pickle:{protocol}/main/cold/none" for protocol in range(4)]

    def work(cell: str) -> None:
        meeting.wait()
        keep(path, make_result(cell))

    threads = [threading.Thread(target=work, args=(cell,)) for cell in cells]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ids(find(path, *cells)) == cells


def test_two_stores_share_a_file(path: Path) -> None:
    with open_store(path) as one, open_store(path) as other:
        one.keep(HERE, SCENARIOS["shapes.box"], make_result(COLD))
        other.keep(HERE, SCENARIOS["shapes.box"], make_result(WARM))
        cells = [make_cell(COLD), make_cell(WARM)]

        assert ids(one.results(HERE, SCENARIOS, cells, ("here", None))) == [COLD]
        assert ids(other.results(HERE, SCENARIOS, cells, ("here", None))) == [COLD, WARM]
        assert ids(one.results(HERE, SCENARIOS, cells, ("here", None))) == [COLD, WARM]


def test_a_store_outlives_the_close_of_another(path: Path) -> None:
    with open_store(path) as longer:
        keep(path, make_result(COLD))
        longer.keep(HERE, SCENARIOS["shapes.box"], make_result(WARM))

    assert ids(find(path)) == [COLD, WARM]


def test_threads_may_share_a_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_store, "_BATCH", 7)
    cells = [f"shapes.box/pickle:{protocol}/main/{state}/none" for protocol in range(6) for state in ("cold", "warm")]
    with open_store(path) as store:

        def work(some: Sequence[str]) -> None:
            for cell in some:
                store.keep(HERE, SCENARIOS["shapes.box"], make_result(cell))
                store.keep_environment(cell, make_environment())
                store.results(HERE, SCENARIOS, [make_cell(cell)], ("here", None))

        threads = [threading.Thread(target=work, args=(cells[number::4],)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert ids(find(path, *cells)) == sorted(cells)


# What a result hangs on


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue of small modules, as text only: nothing of it is imported."""
    folder = tmp_path / "repros"
    folder.mkdir()
    modules = {
        "__init__": "def scenario(*expressions): ...\n",
        "shapes": "from repros import scenario  # all do\nfrom repros.base import Box\n",
        "base": "import os\n\nfrom pydantic import BaseModel\n",
        "values": "from repros import (scenario, shapes as s)\n",
        "plain": "import repros.base\n",
        "late": "def build():\n    from repros.base import Box\n",
        "several": "from repros import (\n    base,  # of all\n    scenario,\n)\n",
        "row": "import os, repros.base\n",
        "told": 'SCENARIO = dict(before="import repros.base")\n',
        "round": "import repros.about\n",
        "about": "import repros.round\nimport repros.base\n",
        "newer": "from repros.base import Box\ntype Alias[T: int = bool] = Box[T]\nx = t'{Alias!r:>{y}}'\n",
        "alone": "from repros import scenario\n",
    }
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


def digest(catalogue: Path, name: str, *, module: str = "") -> str:
    """Return the digest of a scenario that is defined in ``repros.NAME``."""
    (found,) = scenario_digests(catalogue, [make_scenario(f"{name}.one", module=module)]).values()
    return found


def change(catalogue: Path, name: str) -> None:
    with (catalogue / f"{name}.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")


EVERY = ("shapes", "values", "plain", "late", "several", "row", "told", "round", "newer")


@pytest.mark.parametrize("name", ["alone", *EVERY])
def test_a_change_of_its_own_module_changes_a_scenarios_digest(catalogue: Path, name: str) -> None:
    before = digest(catalogue, name)
    change(catalogue, name)

    assert digest(catalogue, name) != before


@pytest.mark.parametrize("name", EVERY)
def test_so_does_a_change_of_what_the_module_imports_however_it_says_so(catalogue: Path, name: str) -> None:
    before = digest(catalogue, name)
    change(catalogue, "base")

    assert digest(catalogue, name) != before


@pytest.mark.parametrize("name", ["alone", "shapes", "values", "several"])
def test_so_does_a_change_of_the_package(catalogue: Path, name: str) -> None:
    before = digest(catalogue, name)
    change(catalogue, "__init__")

    assert digest(catalogue, name) != before


@pytest.mark.parametrize("name", ["alone", *EVERY])
def test_a_change_of_another_module_does_not(catalogue: Path, name: str) -> None:
    (catalogue / "unrelated.py").write_text("from repros import scenario\n", "utf-8")
    before = digest(catalogue, name)
    change(catalogue, "unrelated")

    assert digest(catalogue, name) == before


def test_a_change_of_a_module_that_imports_it_does_not(catalogue: Path) -> None:
    before = digest(catalogue, "base")
    change(catalogue, "shapes")

    assert digest(catalogue, "base") == before


def test_the_module_in_which_the_expressions_are_evaluated_counts_too(catalogue: Path) -> None:
    before = digest(catalogue, "alone", module="repros.shapes")
    change(catalogue, "base")
    after = digest(catalogue, "alone", module="repros.shapes")

    assert len({before, after, digest(catalogue, "alone")}) == 3


def test_a_module_outside_of_the_catalogue_counts_for_nothing(catalogue: Path) -> None:
    before = digest(catalogue, "alone", module="builtins")
    (catalogue.parent / "builtins.py").write_text("x = 1\n", "utf-8")

    assert digest(catalogue, "alone", module="builtins") == before


def test_the_digest_does_not_hang_on_where_the_catalogue_lies(catalogue: Path, tmp_path: Path) -> None:
    before = digest(catalogue, "values")
    (tmp_path / "elsewhere").mkdir()
    catalogue.rename(tmp_path / "elsewhere" / "repros")

    assert digest(tmp_path / "elsewhere" / "repros", "values") == before


def test_what_moves_from_one_module_to_another_is_a_change(catalogue: Path) -> None:
    before = digest(catalogue, "values")
    shapes, base = (catalogue / f"{name}.py" for name in ("shapes", "base"))
    base.write_bytes(shapes.read_bytes() + base.read_bytes())
    shapes.write_bytes(b"")

    assert digest(catalogue, "values") != before


def test_every_scenario_has_a_digest(catalogue: Path) -> None:
    found = scenario_digests(catalogue, [make_scenario(name) for name in ("shapes.one", "shapes.two", "alone.one")])

    assert list(found) == ["shapes.one", "shapes.two", "alone.one"]
    assert found["shapes.one"] == found["shapes.two"] != found["alone.one"]


def test_the_built_in_order_scenarios_hang_on_the_modules_whose_order_they_try() -> None:
    catalogue = Path(__file__).resolve().parents[3] / "repros"
    files = {path.name for path in result_store._imported(catalogue, "repros.order")}

    assert files == {"__init__.py", "order.py", "order_first.py", "order_second.py"}


def test_the_digest_of_the_tool_is_stable() -> None:
    assert tool_digest() == tool_digest()


def test_all_that_a_result_comes_from_is_part_of_the_digest() -> None:
    worker = "picklecheck.harness.worker"
    parts = {worker, *grimp.build_graph("picklecheck").find_upstream_modules(worker)}
    # Where things lie and how they are called, and which interpreters there are: no verdict hangs on those.
    parts -= {"picklecheck.resources", "picklecheck.errors"}
    files = {find_spec(name).origin for name in parts if ".environments." not in name}  # type: ignore[union-attr]
    counted = {str(path) for one in result_store._DECIDING for path in PACKAGE.glob(one)}

    assert files <= counted
    assert len(files) > 10


@pytest.mark.parametrize("pattern", result_store._DECIDING)
def test_the_digest_of_the_tool_is_made_of_files_that_are_there(pattern: str) -> None:
    assert list(PACKAGE.glob(pattern))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("probe/receive.py", True),
        ("probe/new.py", True),
        ("reducers/_class.py", True),
        ("verdicts/diagnosis.py", True),
        ("gate/exit_status.py", False),
        ("reports/grid.py", False),
        ("probe/__pycache__/receive.cpython-311.pyc", False),
    ],
)
def test_a_change_of_the_tool_counts_where_it_decides_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, counts: bool
) -> None:
    for file in (
        "probe/receive.py",
        "reducers/_class.py",
        "verdicts/diagnosis.py",
        "gate/exit_status.py",
        "reports/grid.py",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(file, "utf-8")
    monkeypatch.setattr(result_store, "PACKAGE", tmp_path)
    before = tool_digest()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("changed" + os.linesep, "utf-8")

    assert (tool_digest() != before) is counts
