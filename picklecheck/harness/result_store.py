"""Results of earlier runs, kept beside the environments: used again where nothing that decides them has changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sqlite3
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from picklecheck.model import Environment, Outcome, Result, Verdict
from picklecheck.plan.scenarios import read_scenarios
from picklecheck.resources import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from picklecheck.model import Cell, Scenario

# Part of every key: a change of what is kept, or how, makes earlier files useless, not wrong.
_LAYOUT = 2
# What may come out differently the next time, though nothing changed.
_NOT_KEPT = (Outcome.UNDECIDED, Outcome.TIMEOUT, Outcome.CRASH)
_BATCH = 500
# What reading a row raises that is not what was written: of a file that was cut off, or that somebody has edited.
_ALTERED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
# What a result depends on: how a cell is run, by which programs, and how it is judged.
_DECIDING = (
    "harness/**/*.py",
    "plan/scenarios.py",
    "probe/*.py",
    "reducers/*.py",
    "verdicts/*.py",
    "model.py",
    "processes.py",
)
_NOTHING = type(None)
_OF_ENVIRONMENT = {
    "id": (str,),
    "status": (str,),
    **dict.fromkeys(("python", "pydantic", "cloudpickle", "platform", "reason"), (str, _NOTHING)),
}
_OF_RESULT: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("engine", "isolation", "outcome", "reason"), (str,)),
    **dict.fromkeys(("code", "exception"), (str, _NOTHING)),
    **dict.fromkeys(("registered_in_producer", "registered_in_receiver"), (list, _NOTHING)),
    "expected": (bool, _NOTHING),
    "protocol": (int, _NOTHING),
    "duration_s": (int, float),
}
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(?:\(([^)]*)|([^#\n]*))", re.MULTILINE)


class ResultStore:
    """An SQLite file; safe for threads and for several runs at once. A file that is broken is begun anew.

    ``tool`` is the digest of everything but environment and scenario that decides a result (see ``tool_digest``), and
    ``options`` are those of the command line that do.
    What cannot be written is not kept: the store is a convenience, and never the reason why a run fails.
    """

    def __init__(self, path: Path, tool: str, options: str) -> None:
        self._path = path
        self._tool = f"{_LAYOUT}-{tool[:16]}"
        self._options = options
        self._lock = threading.Lock()
        self._pending: list[tuple[str, str, str, str, str]] = []
        try:
            self._connection = self._connect()
        except (OSError, sqlite3.OperationalError):
            # A full disk, a read-only folder, a file that another run holds: it is not broken, and must not be removed.
            self._connection = _in_memory()
        except sqlite3.DatabaseError:
            self._connection = self._begin_anew()

    def scenarios(self, catalogue: Path, make: Callable[[], tuple[Scenario, ...]]) -> tuple[Scenario, ...]:
        """Return the scenarios of a catalogue as they were listed before, or as ``make`` lists them now."""
        name = f"catalogue {_digest(sorted(catalogue.glob('*.py')), catalogue)}"
        found = self._get(name)
        if found is not None:
            with contextlib.suppress(*_ALTERED):
                return _scenarios(found)
        scenarios = make()
        self._put(name, [asdict(one) for one in scenarios])
        return scenarios

    def environment(self, digest: str) -> Environment | None:
        """Return what an environment of that content said of itself."""
        found = self._get(f"environment {digest}")
        with contextlib.suppress(*_ALTERED):
            return _environment(found)
        return None

    def keep_environment(self, digest: str, environment: Environment) -> None:
        """Keep what an environment says of itself."""
        self._put(f"environment {digest}", asdict(environment))

    def results(
        self,
        digests: tuple[str, str],
        scenarios: Mapping[str, str],
        cells: Iterable[Cell],
        environments: tuple[str, str | None],
    ) -> list[Result]:
        """Return the results of ``cells`` that hold for these two environments' contents and scenarios' digests.

        ``environments`` are what the results are to call them, as in ``Result``.
        """
        wanted = {cell.id: cell for cell in cells}
        with self._lock:
            self._flush()
            rows = self._execute(
                "SELECT cell, scenario, result FROM results WHERE tool = ? AND environments = ?",
                (self._tool, self._pair(digests)),
            )
        found = []
        for name, scenario, text in rows:
            if name in wanted and scenarios[wanted[name].scenario] == scenario:
                with contextlib.suppress(*_ALTERED):
                    found.append(_result(_opened(text, name, scenario), wanted[name], environments))
        return found

    def keep(self, digests: tuple[str, str], scenario: str, result: Result) -> None:
        """Keep a result, its observation left out, if it would come out the same again."""
        if result.verdict.outcome in _NOT_KEPT:
            return
        name = result.cell.id
        row = (self._tool, self._pair(digests), name, scenario, _sealed(_kept(result), name, scenario))
        with self._lock:
            self._pending.append(row)
            if len(self._pending) >= _BATCH:
                self._flush()

    def close(self) -> None:
        """Write what is still to be written."""
        with self._lock:
            self._flush()
            self._connection.close()

    def _pair(self, digests: tuple[str, str]) -> str:
        # Short, since it stands in each row.
        return hashlib.sha256(" ".join((*digests, self._options)).encode()).hexdigest()[:24]

    def _flush(self) -> None:
        rows, self._pending = self._pending, []
        with contextlib.suppress(sqlite3.Error), self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", rows)

    def _get(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        with self._lock:
            rows = self._execute("SELECT value FROM facts WHERE tool = ? AND name = ?", (self._tool, name))
        with contextlib.suppress(*_ALTERED):
            return _opened(rows[0][0], name) if rows else None
        return None

    def _put(self, name: str, value: object) -> None:
        with self._lock, contextlib.suppress(sqlite3.Error), self._connection:
            row = (self._tool, name, _sealed(value, name))
            self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", row)

    def _execute(self, statement: str, values: Sequence[str]) -> list[tuple[str, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error:
            return []

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=10, check_same_thread=False)
        try:
            self._prepare(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        with contextlib.suppress(sqlite3.OperationalError):  # no timeout holds while another run is just doing it
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS facts (tool, name, value, PRIMARY KEY (tool, name)) WITHOUT ROWID"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS results (tool, environments, cell, scenario, result,"
            " PRIMARY KEY (tool, environments, cell)) WITHOUT ROWID"
        )
        # What another state of the tool found is of no use any more.
        connection.execute("DELETE FROM results WHERE tool != ?", (self._tool,))
        connection.execute("DELETE FROM facts WHERE tool != ?", (self._tool,))
        connection.commit()

    def _begin_anew(self) -> sqlite3.Connection:
        try:
            for path in self._path.parent.glob(self._path.name + "*"):
                path.unlink()
            return self._connect()
        except (OSError, sqlite3.DatabaseError):
            return _in_memory()


def _sealed(value: object, *names: str) -> str:
    """Return JSON with a checksum of it, and of what it is kept under, before it."""
    text = json.dumps(value)
    return f"{_joined(*names, text)[:16]} {text}"


def _opened(row: str, *names: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what was sealed; raises one of ``_ALTERED`` for what was not, or was altered since."""
    checksum, _, text = row.partition(" ")
    if checksum != _joined(*names, text)[:16]:
        msg = "the row was altered"
        raise ValueError(msg)
    return json.loads(text)


def _in_memory() -> sqlite3.Connection:
    """Return a store without tables: there is nothing to find, and nothing is kept."""
    return sqlite3.connect(":memory:", check_same_thread=False)


def tool_digest() -> str:
    """Return a digest of the part of this package's source that decides a result."""
    return _digest(sorted(path for part in _DECIDING for path in PACKAGE.glob(part)), PACKAGE)


def scenario_digests(catalogue: Path, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Return, for each scenario, a digest of the catalogue's modules that it is made of."""
    by_module: dict[str, str] = {}
    for scenario in scenarios:
        for name in (scenario.defined_in, scenario.module):
            if name not in by_module:
                by_module[name] = _digest(sorted(_imported(catalogue, name)), catalogue)
    return {one.id: _joined(by_module[one.defined_in], by_module[one.module]) for one in scenarios}


def _joined(*digests: str) -> str:
    """Return one digest of several."""
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()


def _imported(catalogue: Path, name: str) -> set[Path]:
    """Return the files of the catalogue that a module is made of: its own, and those it names.

    Read as text: the syntax may be newer than this Python.
    """
    found: set[Path] = set()
    names = [name]
    while names:
        path = catalogue.parent.joinpath(*names.pop().split(".")).with_suffix(".py")
        if not path.is_file():
            path = path.with_suffix("") / "__init__.py"
        if not path.is_file() or path in found or catalogue not in path.parents:
            continue
        found.add(path)
        text = path.read_text("utf-8")
        names += re.findall(rf"\b{catalogue.name}(?:\.\w+)*", text)  # in strings too: scenarios import by ``before``
        for package, *members in _FROM.findall(text):
            names += [f"{package}.{member}" for member in re.findall(r"\w+", " ".join(members))]
    return found


def _digest(paths: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _kept(result: Result) -> dict[str, Any]:
    return {
        "engine": result.engine,
        "isolation": result.isolation,
        "outcome": result.verdict.outcome.value,
        "code": result.verdict.code,
        "reason": result.verdict.reason,
        "expected": result.expected,
        "duration_s": result.duration_s,
        "protocol": result.protocol,
        "registered_in_producer": result.registered_in_producer,
        "registered_in_receiver": result.registered_in_receiver,
        "exception": result.exception,
    }


def _require(found: Mapping[str, Any], kinds: Mapping[str, tuple[type, ...]]) -> None:
    """Raise TypeError or KeyError for what was not written like this: rows are read back as they are used."""
    for name, kind in kinds.items():
        if not isinstance(found[name], kind):
            msg = f"{name!r} is {type(found[name]).__name__}"
            raise TypeError(msg)
        if isinstance(found[name], list) and not all(isinstance(one, str) for one in found[name]):
            msg = f"{name!r} holds what is no string"
            raise TypeError(msg)


def _scenarios(found: Any) -> tuple[Scenario, ...]:  # noqa: ANN401 - whatever JSON holds
    for one in found:
        _require(one, {name: (list,) if name in ("expressions", "warm", "beyond") else (str,) for name in one})
    return read_scenarios(found)


def _environment(found: Any) -> Environment:  # noqa: ANN401 - whatever JSON holds
    _require(found, {**_OF_ENVIRONMENT, "serializers": (list,), "packages": (dict,)})
    return Environment(**{**found, "serializers": tuple(found["serializers"])})


def _result(kept: Mapping[str, Any], cell: Cell, environments: tuple[str, str | None]) -> Result:
    _require(kept, _OF_RESULT)

    def registered(role: str) -> tuple[str, ...] | None:
        modules = kept[f"registered_in_{role}"]
        return None if modules is None else tuple(modules)

    return Result(
        cell=cell,
        environment=environments[0],
        engine=kept["engine"],
        isolation=kept["isolation"],
        verdict=Verdict(Outcome(kept["outcome"]), kept["code"], kept["reason"]),
        expected=kept["expected"],
        duration_s=kept["duration_s"],
        observation=None,
        protocol=kept["protocol"],
        registered_in_producer=registered("producer"),
        registered_in_receiver=registered("receiver"),
        receiver_environment=environments[1],
        exception=kept["exception"],
    )
