"""Plans in many environments: real workers of this interpreter, in environments that are written by hand."""

from __future__ import annotations

import contextlib
import platform
import sys
import threading
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pydantic
import pytest
from fake_installer import FakeInstaller
from report_builders import make_cell
from waiting import SLOW, wait_until

from picklecheck.environments.cache import EnvironmentCache
from picklecheck.errors import EnvironmentUnavailableError
from picklecheck.harness.matrix_runner import Event, MatrixRunner, Note, Options, Reused
from picklecheck.harness.result_store import ResultStore
from picklecheck.harness.settings import RunSettings
from picklecheck.harness.staging import StagingFolder
from picklecheck.harness.worker import Worker
from picklecheck.model import Cell, Environment, EnvironmentSpec, Outcome, Result
from picklecheck.plan.environments import EnvironmentPlan
from picklecheck.plan.targets import targets_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picklecheck.model import Scenario

HERE = EnvironmentSpec(sys.executable, platform.python_version(), pydantic.VERSION, version("cloudpickle"))
# Of these the cache can be told that they are installed; the interpreter is this one all the same.
OTHER = replace(HERE, pydantic="2.0.1")
ABSENT = replace(HERE, pydantic="2.99.0")
CELLS = tuple(
    make_cell(f"{scenario}/{rest}")
    for scenario in ("controls.plain_model", "shapes.specialization")
    for rest in ("pickle/main/cold/class", "pickle/main/warm/class", "cloudpickle/function/cold/class")
)
SETTINGS = RunSettings("fork", 2, 30.0)


@dataclass
class Installers:
    """Installs each release of Pydantic in its own way."""

    by_pydantic: dict[str, FakeInstaller] = field(default_factory=dict)

    def __call__(self, spec: EnvironmentSpec, folder: Path, *, afresh: bool) -> None:
        self[spec](spec, folder, afresh=afresh)

    def __getitem__(self, spec: EnvironmentSpec) -> FakeInstaller:
        return self.by_pydantic.setdefault(spec.pydantic, FakeInstaller(starts=True))


@pytest.fixture(scope="module")
def catalogue() -> tuple[Scenario, ...]:
    """What the built-in catalogue holds."""
    with StagingFolder() as folder, Worker(Path(sys.executable), SETTINGS, folder, threading.Event()) as worker:
        return worker.scenarios()


@dataclass
class Matrix:
    """All that a run needs, in a folder of its own; the cache and the store outlive a run."""

    root: Path
    folder: StagingFolder
    scenarios: tuple[Scenario, ...]
    install: Installers = field(default_factory=Installers)
    stop: threading.Event = field(default_factory=threading.Event)
    settings: RunSettings = SETTINGS

    @contextlib.contextmanager
    def open(
        self, *wanted: tuple[EnvironmentSpec, tuple[Cell, ...]], reuse: bool = False, keep: bool = False
    ) -> Iterator[MatrixRunner]:
        """Give the runner of a plan."""
        with contextlib.closing(ResultStore(self.root / "results.sqlite3", "tool", "options")) as store:
            options = Options(
                settings=self.settings,
                folder=self.folder,
                cache=EnvironmentCache(self.root, self.stop, install=self.install),
                store=store,
                digests={one.id: "digest" for one in self.scenarios if not one.is_target},
                reuse=reuse,
                keep_observations=keep,
            )
            plan = [EnvironmentPlan(spec, cells) for spec, cells in wanted]
            with MatrixRunner(plan, self.scenarios, options, self.stop) as runner:
                yield runner

    def run(
        self, *wanted: tuple[EnvironmentSpec, tuple[Cell, ...]], reuse: bool = False, keep: bool = False
    ) -> list[Event]:
        """Return all that comes of a plan."""
        with self.open(*wanted, reuse=reuse, keep=keep) as runner:
            return list(runner.run())

    def servers(self) -> int:
        """Return how many servers have been started so far: each has a log."""
        return len(list(self.folder.root.glob("server-*.log")))

    def processes(self) -> list[int]:
        """Return the processes that run programs of the staging folder: the servers and their children."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                if str(self.folder.root).encode() in path.read_bytes():  # a zombie's is empty
                    found.append(int(path.parent.name))
        return found


@pytest.fixture
def matrix(tmp_path: Path, catalogue: tuple[Scenario, ...]) -> Iterator[Matrix]:
    with StagingFolder() as folder:
        yield Matrix(tmp_path / "cache", folder, catalogue)


def results_of(events: list[Event]) -> list[Result]:
    return [one for one in events if isinstance(one, Result)]


def environments_of(events: list[Event]) -> dict[str, Environment]:
    return {one.id: one for one in events if isinstance(one, Environment)}


def notes_of(events: list[Event]) -> list[Note]:
    return [one for one in events if isinstance(one, Note)]


def test_an_environment_is_told_and_each_of_its_cells(matrix: Matrix) -> None:
    events = matrix.run((HERE, CELLS))

    (environment,) = environments_of(events).values()
    assert (environment.id, environment.status, environment.pydantic) == (HERE.id, "ok", pydantic.VERSION)
    assert isinstance(events[0], Environment)
    assert {one.cell for one in results_of(events)} == set(CELLS)
    assert {one.verdict.outcome for one in results_of(events)} == {Outcome.PASS}
    assert {(one.environment, one.receiver_environment) for one in results_of(events)} == {(HERE.id, None)}
    assert {one.observation for one in results_of(events)} == {None}
    assert len(events) == 1 + len(CELLS)


def test_the_evidence_is_kept_where_it_is_asked_for(matrix: Matrix) -> None:
    (result,) = results_of(matrix.run((HERE, CELLS[:1]), keep=True))

    assert result.observation is not None


def test_what_cannot_be_had_is_told_and_keeps_nobody_from_the_others(matrix: Matrix) -> None:
    matrix.install[ABSENT].error = EnvironmentUnavailableError("no such release")

    events = matrix.run((ABSENT, CELLS), (HERE, CELLS))

    assert {one.id: (one.status, one.reason) for one in environments_of(events).values()} == {
        ABSENT.id: ("unavailable", "no such release"),
        HERE.id: ("ok", None),
    }
    assert {one.environment for one in results_of(events)} == {HERE.id}
    assert len(results_of(events)) == len(CELLS)


def test_an_environment_that_does_not_start_is_built_anew(matrix: Matrix) -> None:
    matrix.install[HERE].broken = 1

    events = matrix.run((HERE, CELLS))

    (note,) = notes_of(events)
    assert note.environment == HERE.id
    assert note.text.startswith("Built anew, since it was damaged: ")
    assert len(matrix.install[HERE].calls) == 2
    assert len(results_of(events)) == len(CELLS)


def test_an_environment_that_never_starts_is_built_anew_once(matrix: Matrix) -> None:
    matrix.install[HERE].broken = 99

    events = matrix.run((HERE, CELLS))

    assert len(matrix.install[HERE].calls) == 2
    (environment,) = environments_of(events).values()
    assert environment.status == "unavailable"
    assert results_of(events) == []


def test_an_environment_that_says_that_it_is_another_is_not_used(matrix: Matrix) -> None:
    events = matrix.run((OTHER, CELLS))

    (environment,) = environments_of(events).values()
    assert (environment.id, environment.status) == (OTHER.id, "unavailable")
    assert environment.reason == f"{HERE.id} was found where {OTHER.id} was built."
    assert len(matrix.install[OTHER].calls) == 2
    assert results_of(events) == []


def test_results_of_an_earlier_run_need_no_server(matrix: Matrix) -> None:
    first = matrix.run((HERE, CELLS[:2]))
    more = matrix.run((HERE, CELLS[:3]), reuse=True)
    servers = matrix.servers()
    again = matrix.run((HERE, CELLS[:3]), reuse=True)

    assert [one.cell for one in results_of(more)] == [CELLS[2]]
    assert results_of(again) == []
    assert matrix.servers() == servers > 0
    assert len(matrix.install[HERE].calls) == 1
    assert environments_of(first) == environments_of(more) == environments_of(again)
    reused = {one.result.cell: one.result.verdict for one in again if isinstance(one, Reused)}
    assert reused == {one.cell: one.verdict for one in (*results_of(first), *results_of(more))}


def test_across_environments_each_payload_is_written_once_and_then_gone(matrix: Matrix) -> None:
    matrix.install[ABSENT].error = EnvironmentUnavailableError("no such release")

    with matrix.open((HERE, CELLS), (ABSENT, CELLS)) as runner:
        events = list(runner.cross())

    assert {one.cell for one in results_of(events)} == set(CELLS)
    assert len(results_of(events)) == len(CELLS)
    assert {(one.environment, one.receiver_environment) for one in results_of(events)} == {(HERE.id, HERE.id)}
    assert {one.verdict.outcome for one in results_of(events)} == {Outcome.PASS}
    assert {one.status for one in environments_of(events).values()} == {"ok", "unavailable"}
    assert list((matrix.folder.root / "payloads").iterdir()) == []


def test_a_run_that_is_stopped_tells_what_it_found_and_leaves_no_process(
    matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    matrix.scenarios = targets_in(["slow:fine", "slow:blocks"])
    matrix.settings = RunSettings("fork", 1, 1000.0, (str(tmp_path),))
    cells = tuple(make_cell(f"{name}/pickle/own/cold/none") for name in ("slow:fine", "slow:blocks"))

    def stop() -> None:
        wait_until((tmp_path / "running").exists)
        matrix.stop.set()

    waiting = threading.Thread(target=stop)
    waiting.start()
    events = matrix.run((HERE, cells))
    waiting.join()

    assert [one.cell.scenario for one in results_of(events)] == ["slow:fine"]
    assert matrix.processes() == []


def test_a_run_whose_reader_goes_away_leaves_no_process(matrix: Matrix) -> None:
    with matrix.open((HERE, CELLS)) as runner:
        assert isinstance(next(iter(runner.run())), Environment)

    wait_until(lambda: not matrix.processes())  # they were told to end, and nobody waits for them
