"""The matrix for real: environments that uv builds, releases that differ, payloads from one to another."""

from __future__ import annotations

import contextlib
import glob
import json
import signal
import socketserver
import sqlite3
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from test_versions import REPRODUCTION, find_python
from waiting import SLOW, interrupted, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended, Place

pytestmark = pytest.mark.network

BOX = "shapes.specialization"
VERSIONS = ("2.0.3", "2.13.5", "2.14.1", "2.14.3")
SPECS = [word for version in VERSIONS for word in ("--pydantic", version)]


def read(ended: Ended) -> dict[str, Any]:
    """Read a report from stdout."""
    assert ended.stderr == ""
    document: dict[str, Any] = json.loads(ended.stdout)
    assert document["exit_status"] == ended.status
    return document


def outcomes(document: dict[str, Any], pydantic: str) -> dict[str, str]:
    """Return the outcome of each cell in one version."""
    (name,) = [one["id"] for one in document["environments"] if one["pydantic"] == pydantic]
    return {cell["id"]: cell["outcome"] for cell in document["cells"] if cell["environment"] == name}


def test_versions_differ(picklecheck: Callable[..., Ended], place: Place) -> None:
    ended = picklecheck("matrix", BOX, "controls.*", *SPECS, "--format", "json", "--output", "record=record.json")

    document = read(ended)
    assert ended.status == 0
    assert [one["pydantic"] for one in document["environments"]] == list(VERSIONS)
    assert {one["packages"]["pydantic"] for one in document["environments"]} == set(VERSIONS)
    assert document["cells_planned"] == len(document["cells"])
    for version in VERSIONS:
        found = outcomes(document, version)
        for where, outcome in REPRODUCTION[version].items():
            assert found[f"{BOX}/pickle/{where}/none"] == outcome
        assert {found[name] for name in found if name.startswith("controls.") or name.endswith("/class")} == {"pass"}
    # Who evaluates at module scope of main has the class registered, on releases that differ on where.
    registered = {
        cell["environment"].split("-")[1]: cell["registered_in_producer"]
        for cell in document["cells"]
        if cell["id"] == f"{BOX}/pickle/main/cold/none"
    }
    assert registered == {
        "pydantic2.0.3": ["repros.shapes"],
        "pydantic2.13.5": ["repros.shapes"],
        "pydantic2.14.1": ["__main__"],
        "pydantic2.14.3": ["__main__"],
    }
    record = json.loads((place.work / "record.json").read_text())
    assert record["cells"][f"{BOX}/pickle/main/warm/none"] == {
        "2.0.3": "pass",
        "2.14.1": "dump-error PC102",
        "2.14.3": "pass",
    }
    assert place.left_behind() == []


def test_a_cell_is_the_same_in_run_and_in_matrix(
    picklecheck: Callable[..., Ended], environment: Callable[..., Path]
) -> None:
    axes = (
        "values.*",
        "--site",
        "main",
        "--site",
        "origin",
        "--receiver",
        "cold",
        "--receiver",
        "relay",
        "--format",
        "json",
    )
    alone = json.loads(picklecheck("run", *axes, "--python", str(environment("2.14.3"))).stdout)

    together = read(picklecheck("matrix", *axes, "--pydantic", "2.14.3", "--pydantic", "2.0.3"))

    assert outcomes(together, "2.14.3") == {cell["id"]: cell["outcome"] for cell in alone["cells"]}
    assert outcomes(together, "2.14.3") != outcomes(together, "2.0.3")


def test_an_environment_that_cannot_be_had_is_a_row_with_a_reason(
    picklecheck: Callable[..., Ended], place: Place
) -> None:
    python = find_python("3.13")
    if python is None:
        pytest.skip("no Python 3.13 on this machine")
    arguments = (BOX, "--pydantic", "2.0.3", "--pydantic", "2.14.3", "--python", python, "--fix", "class")

    document = read(picklecheck("matrix", *arguments, "--format", "json"))

    old, new = document["environments"]
    assert (old["status"], new["status"]) == ("unavailable", "ok")
    assert "no usable wheels" in old["reason"]
    assert "\n" not in old["reason"]
    assert document["exit_status"] == 3
    assert {cell["environment"] for cell in document["cells"]} == {new["id"]}
    shown = picklecheck("matrix", *arguments)
    assert shown.status == 3
    assert "no usable wheels" in " ".join(shown.stdout.split())
    excluded = picklecheck("matrix", *arguments, "--exclude", "python>=3.13 pydantic<2.8")
    assert excluded.status == 0
    assert "Left out by the rule 'python>=3.13 pydantic<2.8': 2.0.3" in " ".join(excluded.stdout.split())
    assert place.left_behind() == []


def test_every_version_reads_what_every_version_wrote(picklecheck: Callable[..., Ended]) -> None:
    arguments = (BOX, "--cross", "--pydantic", "2.0.3", "--pydantic", "2.13.5", "--pydantic", "2.14.3", "--evidence")

    document = read(picklecheck("matrix", *arguments, "--format", "json"))

    assert document["cross"] is True
    assert len(document["cells"]) == 3 * 3 * 24
    found = {
        (cell["environment"].split("-")[1], cell["receiver_environment"].split("-")[1], cell["id"]): cell
        for cell in document["cells"]
    }
    old, middle, new = "pydantic2.0.3", "pydantic2.13.5", "pydantic2.14.3"
    warm = f"{BOX}/pickle/main/warm/none"
    assert found[old, middle, warm]["outcome"] == found[new, new, warm]["outcome"] == "pass"
    assert found[middle, new, warm]["outcome"] == found[new, middle, warm]["outcome"] == "load-error"
    assert {cell["outcome"] for key, cell in found.items() if key[2].endswith("/class")} == {"pass"}
    # Each payload is produced once: all who read it report the very same producer.
    durations: dict[tuple[str, str, str], set[float]] = {}
    for (writer, _, name), cell in found.items():
        sender = (writer, name.rsplit("/", 2)[0], cell["fix"])
        durations.setdefault(sender, set()).add(cell["observation"]["producer"]["duration_s"])
    assert {len(one) for one in durations.values()} == {1}


def test_a_shape_that_the_reader_rejects_is_no_broken_promise(picklecheck: Callable[..., Ended]) -> None:
    arguments = ("shapes.classvar", "--cross", "--pydantic", "2.12.5", "--pydantic", "2.13.5", "--fix", "class")

    document = read(picklecheck("matrix", *arguments, "--format", "json"))

    found: dict[tuple[str, str], set[str]] = {}
    for cell in document["cells"]:
        pair = (cell["environment"].split("-")[1], cell["receiver_environment"].split("-")[1])
        found.setdefault(pair, set()).add(cell["outcome"])
    old, new = "pydantic2.12.5", "pydantic2.13.5"
    unsupported = {"unsupported"}
    assert found == {(old, old): unsupported, (old, new): unsupported, (new, old): unsupported, (new, new): {"pass"}}
    assert document["exit_status"] == 0


def test_a_cloudpickle_that_cannot_be_imported_is_no_damage(picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("matrix", BOX, "--pydantic", "2.14.3", "--cloudpickle", "1.0.0")

    assert ended.status == 3
    assert "cloudpickle 1.0.0 cannot be imported there" in ended.stdout
    assert "damaged" not in ended.stdout


def test_results_are_reused_only_where_nothing_changed(picklecheck: Callable[..., Ended], place: Place) -> None:
    arguments = ("matrix", "shapes.*", "--pydantic", "2.13.5", "--fix", "none", "--cached", "--format", "json")
    first = read(picklecheck(*arguments))
    second = read(picklecheck(*arguments))
    spawned = read(picklecheck(*arguments[:2], *arguments[2:], "--isolation", "spawn", "--serializer", "pickle"))

    def judged(document: dict[str, Any]) -> dict[str, Any]:
        cells = [dict(cell) for cell in document["cells"]]
        assert sum(cell.pop("reused", False) for cell in cells) == document["cells_reused"]
        return {cell["id"]: cell for cell in cells}

    assert second["cells_reused"] == len(first["cells"])
    assert judged(second) == judged(first)
    assert second["environments"] == first["environments"]
    assert spawned["cells_reused"] == 0
    with contextlib.closing(sqlite3.connect(place.cache / "results.sqlite3")) as store, store:
        store.execute("UPDATE results SET scenario = 'another source' WHERE cell LIKE ?", (f"{BOX}/%",))
    third = read(picklecheck(*arguments))
    assert third["cells_reused"] == len(first["cells"]) - 8
    assert {name: one["outcome"] for name, one in judged(third).items()} == {
        name: one["outcome"] for name, one in judged(first).items()
    }
    shown = picklecheck(*arguments[:-2], "-q")
    assert f"{len(first['cells'])} taken from an earlier run" in " ".join(shown.stdout.split())


def in_cache(place: Place, pattern: str) -> set[str]:
    """Return what is there now; a folder that is renamed while it is looked into is no error, as it is for pathlib."""
    return set(glob.glob(f"environments/{pattern}", root_dir=place.cache))  # noqa: PTH207


def test_an_interrupt_while_environments_are_built(place: Place) -> None:
    place = replace(place, cache=place.work / "cache")
    process = place.start("matrix", BOX, *SPECS)
    status, stdout, stderr = interrupted(process, lambda: in_cache(place, ".building-*"))

    assert status == 130
    assert "cells were checked" in stdout
    assert stderr == ""
    assert list(place.cache.glob("environments/.building-*")) == []
    assert place.left_behind() == []


@pytest.mark.parametrize("words", [(), ("--cross",)])
def test_an_interrupt_while_cells_run(words: tuple[str, ...], place: Place) -> None:
    (place.work / "slow.py").write_text(SLOW, encoding="utf-8")
    axes = ("--serializer", "pickle", "--receiver", "cold", "--jobs", "1", "--timeout", "1000")
    process = place.start("matrix", "slow:fine", "slow:blocks", "--pydantic", "2.14.3", *axes, *words)
    status, stdout, stderr = interrupted(process, (place.work / "running").exists)

    assert status == 130
    # With --cross nothing is received before all was sent.
    assert f"Interrupted: {0 if words else 1} of 2 cells were checked" in stdout
    assert stderr == ""
    assert place.left_behind() == []


def test_being_killed_leaves_a_cache_that_the_next_run_uses(place: Place) -> None:
    place = replace(place, cache=place.work / "cache")
    # What there is when it is killed: a folder, an interpreter, a package, an environment.
    for pattern in (".*", ".*/bin/python", ".*/lib/python3*/site-packages/pydantic*", "[!.]*"):
        before = in_cache(place, pattern)
        process = place.start("matrix", BOX, *SPECS)

        def has_come_so_far(pattern: str = pattern, before: set[str] = before) -> bool:
            return not before.issuperset(in_cache(place, pattern))

        interrupted(process, has_come_so_far, (signal.SIGKILL,))
    wait_until(lambda: not place.processes())

    ended = place.run_python("-m", "picklecheck", "matrix", BOX, *SPECS, "-q")

    assert ended.status == 0
    assert "4 of 4 environments checked" in ended.stdout
    assert [path.name for path in (place.cache / "environments").iterdir() if path.name.startswith(".")] == []


# What is run then: so many cells that both workers come, and each could find the damage; and with some results that
# are taken from the run before.
@pytest.mark.parametrize("selection", [("shapes.*",), (BOX, "state.*", "--cached")])
def test_a_damaged_environment_is_built_anew(selection: tuple[str, ...], place: Place) -> None:
    place = replace(place, cache=place.work / "cache")

    def matrix(*arguments: str) -> Ended:
        return place.run_python("-m", "picklecheck", "matrix", *arguments, "--pydantic", "2.13.5")

    matrix(BOX)
    (main,) = place.cache.glob("environments/*/lib/python3*/site-packages/pydantic/main.py")
    size = main.stat().st_size
    main.unlink()  # it may be a link into uv's own cache, which is not to be damaged
    main.write_text("raise ImportError('gnawed')\n".ljust(size))

    ended = matrix(*selection, "--fix", "class", "--jobs", "2")

    assert ended.status == 0
    assert " ".join(ended.stdout.split()).count("Built anew, since it was damaged") == 1
    assert "gnawed" in " ".join(ended.stdout.split())
    assert "gnawed" not in matrix(BOX).stdout


def test_bisect(picklecheck: Callable[..., Ended]) -> None:
    cell = f"{BOX}/pickle/main/warm/none"
    ended = picklecheck("bisect", cell, "--good", "2.13.0", "--bad", "2.14.0", "--format", "json")

    found = json.loads(ended.stdout)
    assert ended.status == 0
    assert (found["last_unchanged"], found["first_changed"]) == ("2.13.5", "2.14.0")
    assert (found["before"], found["after"]) == ({cell: "pass"}, {cell: "dump-error PC102"})
    assert len(found["seen"]) <= 5 < found["releases"]
    whole_line = picklecheck("bisect", f"{BOX}/cloudpickle/main/warm/none", "--fix", "none")
    assert "changed in 2.14.0; 2.13.5 is as before" in " ".join(whole_line.stdout.split())
    repaired = picklecheck("bisect", cell, "--good", "2.14.1", "--bad", "2.14.3", "--outcome", "pass")
    assert "changed in 2.14.2; 2.14.1 is as before" in " ".join(repaired.stdout.split())
    backwards = picklecheck("bisect", cell, "--good", "2.14.0", "--bad", "2.13.4")
    assert "changed in 2.14.0; 2.13.5 is still otherwise" in " ".join(backwards.stdout.split())
    same = picklecheck("bisect", cell, "--good", "2.14.2", "--bad", "2.14.3")
    assert same.status == 2
    assert "2.14.2 and 2.14.3 have the same outcome: pass" in same.stderr


def test_a_release_that_does_not_exist(picklecheck: Callable[..., Ended], place: Place) -> None:
    ended = picklecheck("matrix", BOX, "--pydantic", "2.14.3", "--pydantic", "2.14.99")

    assert ended.status == 2
    assert ended.stdout == ""
    assert "There is no pydantic 2.14.99" in ended.stderr
    assert place.left_behind() == []


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.0 200 OK\r\n\r\n<html>garbage", b"HTTP/1.0 500 No\r\n\r\n"])
def test_an_index_that_answers_garbage(answer: bytes, place: Place, tmp_path: Path) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), responder(answer)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/simple"
        variables = {"UV_DEFAULT_INDEX": url, "PIP_RETRIES": "0", "PICKLECHECK_CACHE_DIR": str(tmp_path / "cache")}
        ended = place.run_python("-m", "picklecheck", "matrix", BOX, "--pydantic", "latest", environment=variables)
        server.shutdown()

    assert ended.status == 3
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert "pydantic" in ended.stderr
    assert "--offline" in ended.stderr
    assert place.left_behind() == []


def responder(answer: bytes) -> type[socketserver.BaseRequestHandler]:
    """Return a handler that says the same to everybody."""

    class Responder(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(answer)

    return Responder
