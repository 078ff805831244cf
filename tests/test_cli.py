"""The command line as users meet it: words, exit statuses, files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

# What is typed -> exit status, words on stderr (all of which must be there).
BAD_INPUT: list[tuple[tuple[str, ...], int, tuple[str, ...]]] = [
    (("run", "shapes.specialisation"), 2, ("'shapes.specialisation'", "'shapes.specialization'", "picklecheck list")),
    (("run", "shape.*"), 2, ("'shape.*'", "picklecheck list")),
    (("run", "shapes.final/pickle/main/cold"), 2, ("is no cell", "SCENARIO/SERIALIZER/SITE/RECEIVER/FIX")),
    (("run", "shapes.final/pickle/main/warm-same/none"), 2, ("is no cell", "receiver")),
    (("run", "shapes.final/pickle/mian/cold/none"), 2, ("'mian'", "main, function")),
    (("run", "--serializer", "pickle:9"), 2, ("'pickle:9'", "pickle:5")),
    (("run", "--serializer", "marshal"), 2, ("'marshal'", "cloudpickle")),
    (("run", "--site", "moon"), 2, ("moon", "elsewhere")),
    (("run", "--python", "no/such/python"), 2, ("'no/such/python'", "--python")),
    (("run", "--python", "/dev/null"), 2, ("'/dev/null'", "--python")),
    (("run", "--output", "json"), 2, ("'json'", "FORMAT=PATH")),
    (("run", "--output", "xml=report.xml"), 2, ("'xml=report.xml'", "grid, json")),
    (("run", "--output", "json=no/such/folder/report.json"), 2, ("no/such/folder", "folder")),
    (("run", "--jobs", "0"), 2, ("--jobs",)),
    (("run", "--timeout", "0"), 2, ("--timeout",)),
    (("explain", "PC1"), 2, ("'PC1'", "PC101")),
    (("nonsense",), 2, ("nonsense",)),
]


@pytest.mark.parametrize(("arguments", "status", "words"), BAD_INPUT, ids=[" ".join(row[0]) for row in BAD_INPUT])
def test_bad_input(
    arguments: tuple[str, ...], status: int, words: tuple[str, ...], picklecheck: Callable[..., Ended], place: Place
) -> None:
    ended = picklecheck(*arguments)

    assert ended.status == status
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) <= 5
    for word in words:
        assert word in ended.stderr
    assert place.left_behind() == []


def interpreter(place: Place, source: str) -> str:
    """Write a program that is called like an interpreter."""
    path = place.work / "python"
    path.write_text(f"#!{sys.executable}\n{source}\n")
    path.chmod(0o755)
    return str(path)


def test_an_interpreter_that_is_none(place: Place, picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("run", "--python", interpreter(place, "raise SystemExit('I am a teapot')"))

    assert ended.status == 3
    assert "I am a teapot" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert place.left_behind() == []


def test_an_environment_without_pydantic(place: Place, picklecheck: Callable[..., Ended]) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place.work / "bare"], check=True)

    ended = picklecheck("run", "--python", str(place.work / "bare"))

    assert ended.status == 3
    assert "cannot import pydantic" in ended.stderr
    assert "Install pydantic" in ended.stderr


def test_an_environment_with_pydantic_1(place: Place, picklecheck: Callable[..., Ended]) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place.work / "old"], check=True)
    (site_packages,) = (place.work / "old" / "lib").glob("python*/site-packages")
    (site_packages / "pydantic.py").write_text("VERSION = '1.10.26'\n")

    ended = picklecheck("run", "--python", str(place.work / "old" / "bin" / "python"))

    assert ended.status == 3
    assert "has pydantic 1.10.26" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.thorough
def test_a_serializer_that_is_not_there(place: Place, picklecheck: Callable[..., Ended]) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place.work / "one"], check=True)
    (site_packages,) = (place.work / "one" / "lib").glob("python*/site-packages")
    import pydantic  # noqa: PLC0415 - its place is what is wanted
    import pydantic_core  # noqa: PLC0415

    for package in (pydantic, pydantic_core):
        folder = os.path.dirname(package.__file__ or "")  # noqa: PTH120
        for name in os.listdir(os.path.dirname(folder)):  # noqa: PTH120, PTH208
            if name.startswith(("pydantic", "annotated_types", "typing_extensions", "typing_inspection")):
                link = site_packages / name
                if not link.exists():
                    link.symlink_to(os.path.join(os.path.dirname(folder), name))  # noqa: PTH118, PTH120

    python = str(place.work / "one" / "bin" / "python")
    ended = picklecheck("run", "shapes.specialization", "--python", python)
    assert ended.status == 3
    assert "cloudpickle is not installed" in ended.stderr

    ended = picklecheck("run", "shapes.specialization", "--python", python, "--serializer", "pickle", "-q")
    assert ended.status == 0
    assert ended.stderr == ""


def test_help_and_version(picklecheck: Callable[..., Ended]) -> None:
    for arguments in (
        ("--help",),
        ("-h",),
        ("run", "--help"),
        ("list", "--help"),
        ("explain", "--help"),
        ("vendor", "-h"),
    ):
        ended = picklecheck(*arguments)
        assert ended.status == 0
        assert ended.stdout.startswith("Usage: picklecheck")
        assert max(map(len, ended.stdout.splitlines())) <= 80
    ended = picklecheck("--version")
    assert re.fullmatch(r"picklecheck \d+\.\d+\.\d+ \(pydantic 2\.\S+, cloudpickle \S+\)\n", ended.stdout)


def test_help_imports_nothing_heavy(place: Place) -> None:
    code = (
        # What click itself needs is not ours: on Python 3.10 that is subprocess, by way of uuid and platform.
        "import sys, click; before = set(sys.modules);"
        "from picklecheck.cli import cli; cli.main(['--help'], standalone_mode=False);"
        "heavy = {'pydantic', 'rich', 'cloudpickle', 'subprocess'} & (set(sys.modules) - before);"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    ended = place.run_python("-c", code)
    assert ended.status == 0, ended.stderr


def test_list(picklecheck: Callable[..., Ended]) -> None:
    lines = picklecheck("list").stdout.splitlines()
    rows = json.loads(picklecheck("list", "--format", "json").stdout)

    assert [line.split()[0] for line in lines] == [row["id"] for row in rows]
    assert max(map(len, lines)) <= 80
    assert {"shapes.specialization", "collisions.same_name_arguments", "order.created_in_function_first"} <= {
        row["id"] for row in rows
    }
    assert all(row["summary"] for row in rows)


def test_explain(picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("explain", "pc201")

    assert ended.status == 0
    assert ended.stdout.startswith("# PC201: ")
    assert "## What to do" in ended.stdout


def test_the_report_of_one_scenario(picklecheck: Callable[..., Ended], place: Place) -> None:
    ended = picklecheck("run", "shapes.specialization")

    assert ended.status == 0
    assert ended.stderr == ""
    assert max(map(len, ended.stdout.splitlines())) <= 80
    last = " ".join(ended.stdout.split("\n\n")[-1].split())
    assert re.fullmatch(
        r"1 of 1 reproductions reproduced here; the instance fix repairs all of them; "
        r"the class fix repairs all of them\. 24 cells in \d+\.\d s\.",
        last,
    )
    assert place.left_behind() == []


def test_quiet_prints_the_answer_alone_and_verbose_every_cell(picklecheck: Callable[..., Ended]) -> None:
    cell = "shapes.specialization/pickle/function/cold/none"
    quiet, verbose = picklecheck("run", cell, "-q"), picklecheck("run", cell, "-v")

    assert len(quiet.stdout.splitlines()) <= 2
    assert f"- {cell}: " in verbose.stdout


def test_a_cell_is_accepted_back(picklecheck: Callable[..., Ended]) -> None:
    cell = "shapes.specialization/pickle:4/elsewhere/warm-same/class"
    (found,) = cells(picklecheck("run", cell, "--format", "json"))

    assert found["id"] == cell
    assert found["protocol"] == 4
    assert found["outcome"] == "pass"


@pytest.mark.thorough
def test_every_protocol(picklecheck: Callable[..., Ended]) -> None:
    serializers = [word for protocol in range(6) for word in ("--serializer", f"pickle:{protocol}")]
    scenarios = ("controls.plain_model", "state.out_of_band_buffer", "shapes.specialization")
    ended = picklecheck("run", *scenarios, *serializers, "--fix", "class", "--format", "json")

    assert ended.status == 0
    assert {(cell["protocol"], cell["outcome"]) for cell in cells(ended)} == {(one, "pass") for one in range(6)}


def cells(ended: Ended) -> list[dict[str, Any]]:
    """Return the cells of a report on stdout."""
    found: list[dict[str, Any]] = json.loads(ended.stdout)["cells"]
    return found


def test_one_run_feeds_all_outputs(picklecheck: Callable[..., Ended], place: Place) -> None:
    (place.work / "report.json").write_text("old")
    ended = picklecheck(
        "run", "shapes.specialization", "--output", "json=report.json", "--output", "grid=report.txt", "--fix", "none"
    )

    assert ended.stdout == (place.work / "report.txt").read_text()
    document = json.loads((place.work / "report.json").read_text())
    assert document["schema_version"] == 1
    assert document["exit_status"] == ended.status == 0
    assert len(document["cells"]) == 8
    assert sorted(path.name for path in place.work.iterdir()) == ["report.json", "report.txt"]


@pytest.mark.thorough
def test_unsupported_alone_is_nothing_checked(picklecheck: Callable[..., Ended]) -> None:
    if sys.version_info >= (3, 12):
        pytest.skip("Python 3.12 has PEP 695")
    ended = picklecheck("run", "generics.pep695_class", "-q")

    assert ended.status == 4


def test_a_timeout_of_a_child(picklecheck: Callable[..., Ended]) -> None:
    """No child is done within a ten-thousandth of a second, so each promise under the fix is broken."""
    arguments = ("run", "shapes.specialization", "--timeout", "0.0001", "--fix", "class", "--format", "json")
    ended, forgiven = picklecheck(*arguments), picklecheck(*arguments, "--exit-zero")

    # The children of the catalogue's own listing are the harness's: it could not judge.
    assert (ended.status, forgiven.status) == (3, 3)
    assert "catalogue" in ended.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_ascii_where_the_encoding_cannot_do_better(place: Place, locale: str) -> None:
    environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = place.run_python("-m", "picklecheck", "run", "shapes.specialization", environment=environment)

    assert ended.status == 0
    assert ended.stdout.isascii()
    assert "L. DD" in ended.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has this device")  # noqa: PTH110
@pytest.mark.parametrize("arguments", [("--version",), ("vendor", "copied"), ("run", "controls.plain_model", "-q")])
def test_a_stdout_that_is_full(arguments: tuple[str, ...], place: Place) -> None:
    command = f"{sys.executable} -m picklecheck {' '.join(arguments)} > /dev/full"
    ended = subprocess.run(
        command, shell=True, cwd=place.work, env=place.environment, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.thorough
def test_a_reader_that_goes_away(place: Place) -> None:
    command = f"{sys.executable} -m picklecheck run shapes.specialization -v --output json=all.json | head -n 1"
    ended = subprocess.run(
        command, shell=True, cwd=place.work, env=place.environment, capture_output=True, text=True, check=False
    )

    assert ended.stdout.startswith("python 3.")
    assert "Traceback" not in ended.stderr
    assert len(json.loads((place.work / "all.json").read_text())["cells"]) == 24
    assert place.left_behind() == []
