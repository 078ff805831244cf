"""The file that results are kept in: one that cannot be used is begun anew, and several runs share one."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from matrix_builders import make_environment
from report_builders import make_cell, make_result, make_scenario
from store_builders import COLD, HERE, SCENARIOS, WARM, find, ids, keep, open_store

from picklecheck.harness import result_store
from picklecheck.harness.result_store import ResultStore
from picklecheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be, in a folder that is not there yet."""
    return tmp_path / "cache" / "results.sqlite3"


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


@pytest.mark.parametrize(("old", "new"), [('"pass"', '"load-error"'), ("PC201", "PC999"), ("PC201", "PC202")])
def test_a_row_that_was_altered_is_not_believed(path: Path, old: str, new: str) -> None:
    keep(path, make_result(COLD, Outcome.LOAD_ERROR), make_result(WARM))
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        changed = other.execute("UPDATE results SET result = replace(result, ?, ?)", (old, new)).rowcount
        assert changed == 2

    assert len(find(path)) == 1


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
