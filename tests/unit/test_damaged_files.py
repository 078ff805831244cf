"""Files that were cut off, altered or made up: whoever reads them raises what a user can mend, and nothing else.

Seeded: a run tries the same every time. ``PICKLECHECK_DAMAGES`` is how many of each kind (default: a hundred).
"""

from __future__ import annotations

import copy
import json
import os
import pickle
import random
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.cli.config_file import find_config, read_config
from picklecheck.environments.index_settings import read_index_settings
from picklecheck.environments.inventory import list_entries
from picklecheck.environments.stamp import read_stamp
from picklecheck.errors import PicklecheckError
from picklecheck.gate.baseline_file import read_baseline
from picklecheck.harness.result_store import ResultStore, _sealed
from picklecheck.model import Cell, Environment, Outcome, Result, Scenario, Serializer, Verdict
from picklecheck.plan.matrix_file import read_matrix_file
from picklecheck.reports.json_format.merging import merge
from picklecheck.reports.json_format.reader import read_report
from picklecheck.reports.json_format.spool import CellSpool
from picklecheck.verdicts.payload import read_payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NUMBER = int(os.environ.get("PICKLECHECK_DAMAGES", "120"))


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    float("nan"),
    "",
    "\0",
    "\ud800",
    "x/y",
    "é\n::error::",
    [],
    {},
    [[]],
    {"": None},
    [{}],
    {"a": {"b": []}},
    nested(300),
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut, double, change or put in some bytes."""
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data) + 1), chance.randint(0, 12)
        piece = chance.choice(
            [b"", bytes(chance.randrange(256) for _ in range(length)), data[place : place + length] * 2]
        )
        end = len(data) if chance.random() < 0.05 else place + length
        data = data[:place] + piece + data[end:]
    return data


def altered(document: Any, chance: random.Random) -> Any:
    """Put something odd in the place of some member, take one out, or put one in."""
    document = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        holder = document
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(holder[key], dict | list) and chance.random() < 0.8:
                holder = holder[key]
                continue
            if isinstance(holder, dict) and chance.random() < 0.2:
                del holder[key]
            else:
                holder[key] = copy.deepcopy(chance.choice(ODD))
            break
    return document


def attempt(read: Callable[[], object], what: object) -> None:
    try:
        read()
    except PicklecheckError as error:
        assert error.message  # noqa: PT017 - it may as well be read
    except Exception as error:  # noqa: BLE001 - that there is none is what is tested
        pytest.fail(f"{type(error).__name__}: {error} escaped from {what!r}"[:1500])


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.node.name)


REPORT = {
    "schema_version": 1,
    "tool_version": "0.1.0",
    "command": ["run"],
    "started_at": "2026-01-01T00:00:00+00:00",
    "duration_s": 1.0,
    "environments": [
        {
            "id": "one",
            "python": "3.11.7",
            "pydantic": "2.13.5",
            "cloudpickle": "3.1.2",
            "platform": "x",
            "status": "ok",
            "reason": None,
            "serializers": ["pickle"],
            "packages": {"pydantic": "2.13.5"},
        }
    ],
    "scenarios": [{"id": "a.b", "summary": "s", "source": None}],
    "shard": None,
    "baseline": None,
    "configured": None,
    "cells_planned": 1,
    "interrupted": False,
    "cells": [
        {
            "id": "a.b/pickle/main/cold/none",
            "environment": "one",
            "engine": "process",
            "isolation": "fork",
            "outcome": "pass",
            "code": None,
            "reason": "r",
            "expected": None,
            "protocol": 5,
            "duration_s": 0.1,
            "exception": None,
            "location": None,
            "registered_in_producer": ["m"],
            "registered_in_receiver": None,
            "observation": {"producer": {"facts": {"stage": "done"}}},
        }
    ],
    "summary": {},
    "exit_status": 0,
}
BASELINE = {
    "schema_version": 1,
    "tool_version": "0.1.0",
    "environments": {"one": {"python": "3.11.7", "pydantic": "2.13.5", "cloudpickle": "3.1.2"}},
    "scenarios": {"a.b": "abc"},
    "cells": [
        {
            "cell": "a.b/pickle/main/cold/none",
            "environment": "one",
            "outcome": "load-error",
            "code": "PC201",
            "exception": "AttributeError",
            "until": "2.14",
        }
    ],
}
CONFIG = b"""
[tool.picklecheck]
scenarios = ["a:b"]
path = ["src"]
jobs = 2
timeout = 3.5
baseline = "b.json"
output = ["json=x.json"]
[tool.picklecheck.matrix]
pydantic = ["2.13.*"]
cross = true
[tool.uv]
index-url = "file:///x"
find-links = ["x"]
[[tool.uv.index]]
url = "file:///x"
"""
MATRIX = b"""
pydantic = ["2.13.5", ">=2.12,<2.14"]
python = "3.11"
exclude = ["python>=3.13 pydantic<2.8", {python = "3.8", fix = "none"}]
cross = false
serializer = ["pickle"]
"""


def merged(text: str, folder: Path) -> None:
    with CellSpool(folder / "cells.jsonl", with_evidence=True) as spool:
        merge((read_report("r", text),), spool, [], None)


def test_the_undamaged_ones_are_read(tmp_path: Path) -> None:
    merged(json.dumps(REPORT), tmp_path)
    (tmp_path / "baseline").write_text(json.dumps(BASELINE))
    assert read_baseline(tmp_path / "baseline").entries
    (tmp_path / "pyproject.toml").write_bytes(CONFIG)
    assert read_config(tmp_path / "pyproject.toml").values["matrix"]["cross"]
    (tmp_path / "matrix").write_bytes(MATRIX)
    assert read_matrix_file(tmp_path / "matrix").exclude


def test_reports(chance: random.Random, tmp_path: Path) -> None:
    for _ in range(NUMBER):
        text = json.dumps(altered(REPORT, chance))
        if chance.random() < 0.3:
            text = damaged(text.encode(), chance).decode("latin-1")
        attempt(lambda text=text: merged(text, tmp_path), text)  # type: ignore[misc]
    for depth in range(900, 1100, 5):
        text = "[" * depth + "]" * depth
        attempt(lambda text=text: merged(text, tmp_path), depth)  # type: ignore[misc]


def test_baselines(chance: random.Random, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    for _ in range(NUMBER):
        data = json.dumps(altered(BASELINE, chance)).encode()
        path.write_bytes(damaged(data, chance) if chance.random() < 0.3 else data)
        attempt(lambda: read_baseline(path), path.read_bytes())
    for depth in range(900, 1100, 5):
        path.write_text('{"schema_version": ' + "[" * depth + "]" * depth + "}")
        attempt(lambda: read_baseline(path), depth)


def test_configurations(chance: random.Random, tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    odd = [b'"a\\u0000b"', b"[]", b"[[]]", b"{a = 1}", b"1979-05-27", b"nan", b"''", b"9" * 5000, b"[" * 2000]
    for _ in range(NUMBER):
        data = CONFIG
        if chance.random() < 0.6:
            lines = data.splitlines()
            place = chance.choice([number for number, line in enumerate(lines) if b"=" in line])
            lines[place] = lines[place].partition(b"=")[0] + b"= " + chance.choice(odd)
            data = b"\n".join(lines)
        path.write_bytes(data if chance.random() < 0.5 else damaged(data, chance))

        def read() -> None:
            read_config(path)
            find_config(tmp_path)

        attempt(read, path.read_bytes())
        attempt(lambda: read_index_settings({"UV_FIND_LINKS": "http://["}, tmp_path), path.read_bytes())


def test_matrix_files(chance: random.Random, tmp_path: Path) -> None:
    path = tmp_path / "matrix.toml"
    for _ in range(NUMBER):
        path.write_bytes(damaged(MATRIX, chance))
        attempt(lambda: read_matrix_file(path), path.read_bytes())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of escapes in a string that pickletools reads
def test_payloads(chance: random.Random) -> None:
    pickles = [pickle.dumps([Cell, {"a": (1.5, b"x", "é")}, Outcome.PASS], protocol) for protocol in range(6)]
    for _ in range(NUMBER * 4):
        data = damaged(chance.choice(pickles), chance)
        attempt(lambda data=data: read_payload(data), data)  # type: ignore[misc]


def test_results_that_are_kept(chance: random.Random, tmp_path: Path) -> None:
    cell = Cell("a.b", Serializer("pickle"), "main", "cold", "none")
    result = Result(
        cell, "one", "process", "fork", Verdict(Outcome.PASS, None, "r"), None, 0.1, None, 5, ("m",), (), None, None
    )
    environment = Environment("one", "3.11.7", "2.13.5", "3.1.2", "x", "ok", None, ("pickle",), {"a": "1"})
    scenario = Scenario("a.b", "m", "b", "", ("Box[int]",), "m", "", (), "", ())
    path = tmp_path / "results.sqlite"
    store = ResultStore(path, "t" * 16, "o")
    store.keep(("d", "d"), "s", result)
    store.keep_environment("d", environment)
    store.scenarios(tmp_path, lambda: (scenario,))
    store.close()
    with sqlite3.connect(path) as before:
        kept = before.execute("SELECT result FROM results").fetchone()[0]
        facts = dict(before.execute("SELECT name, value FROM facts").fetchall())
    before.close()
    store = ResultStore(path, "t" * 16, "o")

    def read() -> None:
        for one in store.results(("d", "d"), {"a.b": "s"}, [cell], ("one", None)):
            json.dumps([one.verdict.reason.strip(), one.verdict.code, one.duration_s + 1, one.exception])
        found = store.environment("d")
        assert found is None or all(isinstance(word, str) for word in (found.id, *found.serializers))
        assert [one.id.strip() for one in store.scenarios(tmp_path, lambda: (scenario,))]

    read()
    with sqlite3.connect(path) as connection:
        for _ in range(NUMBER):
            connection.execute("UPDATE results SET result = ?", (_odd_row(kept, chance, cell.id, "s"),))
            for name, value in facts.items():
                connection.execute("UPDATE facts SET value = ? WHERE name = ?", (_odd_row(value, chance, name), name))
            connection.commit()
            attempt(read, connection.execute("SELECT value FROM facts UNION SELECT result FROM results").fetchall())
    connection.close()
    store.close()


def _odd_row(row: str, chance: random.Random, *names: str) -> Any:
    """Return what may stand in the place of a row; what is no damage but another picklecheck's has a right checksum."""
    if chance.random() < 0.1:
        return chance.choice([None, 5, b"\xff\x00", "", "[" * 5000])
    return _sealed(altered(json.loads(row.partition(" ")[2]), chance), *names)


def test_stamps(chance: random.Random, tmp_path: Path) -> None:
    folder = tmp_path / "environments" / "py3-abc"
    folder.mkdir(parents=True)
    stamp = {
        "layout": 1,
        "key": "k",
        "spec": {"python": "p", "python_version": "3", "pydantic": "2", "cloudpickle": "3", "requirements": []},
        "digest": "d",
        "packages": {"a": "1"},
        "notes": [],
        "built_at": "2026-01-01",
        "files": 1,
        "bytes": 1,
    }
    from picklecheck.environments.stamp import NAME  # noqa: PLC0415 - of no use elsewhere

    for _ in range(NUMBER):
        (folder / NAME).write_text(json.dumps(altered(stamp, chance)))
        attempt(lambda: (read_stamp(folder), list_entries(tmp_path)), (folder / NAME).read_bytes())
