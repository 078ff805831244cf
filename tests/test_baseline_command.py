"""``picklecheck baseline`` as users meet it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from written_reports import BOX, COPIED, LOST, PAIR, environment_of, record, write_report

from picklecheck.gate.baseline_file import read_baseline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended, Place

HERE, NEXT = environment_of("2.14.3"), environment_of("2.14.4")
NAME = "picklecheck-baseline.json"


def write_first(place: Place) -> str:
    """Write the report that is recorded."""
    return write_report(place.work / "first.json", {BOX: LOST, PAIR: "pass"})


def write_next(place: Place) -> str:
    """Write a report of the next patch of Pydantic, with one cell more that fails."""
    return write_report(place.work / "next.json", {BOX: LOST, PAIR: LOST}, pydantic="2.14.4")


@pytest.fixture
def recorded(place: Place) -> Path:
    """Return a baseline that was recorded."""
    return record(place.work / write_first(place))


def test_the_first_record(place: Place, picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("baseline", "update", write_first(place))

    assert (ended.status, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == [
        "2 cells added",
        f"  - {BOX}: load-error PC201 AttributeError",
        f"  - {PAIR}: pass",
        f"{NAME}: 2 cells recorded.",
    ]
    found = read_baseline(place.work / NAME).entries.values()
    assert {one.place.cell: str(one.finding) for one in found} == {BOX: LOST, PAIR: "pass"}


@pytest.mark.usefixtures("recorded")
def test_what_is_recorded_is_shown(picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("baseline", "show")

    assert (ended.status, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[2:] == [
        f"{HERE}: 1 pass, 1 load-error",
        f"  - {BOX}: load-error PC201 AttributeError",
        "",
        "2 cells of 2 scenarios are recorded.",
    ]


def test_a_run_that_does_not_differ(recorded: Path, picklecheck: Callable[..., Ended]) -> None:
    before = recorded.read_bytes()

    ended = picklecheck("baseline", "diff", "first.json")

    assert (ended.status, ended.stderr) == (0, "")
    assert ended.stdout == f"Against {NAME}: 2 as recorded.\n"
    assert recorded.read_bytes() == before


@pytest.mark.usefixtures("recorded")
def test_a_run_that_differs(place: Place, picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("baseline", "diff", write_next(place))

    assert (ended.status, ended.stderr) == (1, "")
    assert ended.stdout.startswith(f"Against {NAME}: 1 regressed, 1 as recorded.\n")
    assert f"{NEXT} is not recorded" in " ".join(ended.stdout.split())
    assert "(upstream changed: pydantic 2.14.3 -> 2.14.4)" in " ".join(ended.stdout.split())


def test_an_update_keeps_reasons_and_writes_what_is_new(
    recorded: Path, place: Place, picklecheck: Callable[..., Ended]
) -> None:
    document = json.loads(recorded.read_text(encoding="utf-8"))
    document["cells"][0]["reason"] = "see #7"
    recorded.write_text(json.dumps(document), encoding="utf-8")

    ended = picklecheck("baseline", "update", write_next(place))

    assert (ended.status, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == [
        f"{NEXT} takes the place of",
        f"{HERE}.",
        "1 cell changed",
        f"  - {PAIR}: load-error PC201 AttributeError",
        f"{NAME}: 2 cells recorded.",
    ]
    entries = read_baseline(recorded).entries.values()
    assert [(one.place.environment, one.reason) for one in entries] == [(NEXT, "see #7"), (NEXT, None)]


def test_a_prune_drops_what_no_report_has(recorded: Path, place: Place, picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("baseline", "prune", write_report(place.work / "short.json", {BOX: LOST}))

    assert (ended.status, ended.stderr) == (0, "")
    assert ended.stdout == f"1 cell dropped\n  - {PAIR}: pass\n{NAME}: 1 cell recorded.\n"
    assert [one.cell for one in read_baseline(recorded).entries] == [BOX]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"planned": 2, "interrupted": True}, "cut.json is a report of a run that was cut short."),
        ({"planned": 2}, "cut.json has 1 of the 2 cells of its plan."),
        ({"shard": (1, 2)}, "Shard 2 of 2 is not among the reports."),
    ],
)
def test_a_prune_wants_reports_of_whole_runs(
    recorded: Path, place: Place, picklecheck: Callable[..., Ended], members: dict[str, Any], words: str
) -> None:
    before = recorded.read_bytes()

    ended = picklecheck("baseline", "prune", write_report(place.work / "cut.json", {BOX: LOST}, **members))

    assert (ended.status, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"picklecheck: {words}\n  Prune with reports of whole runs")
    assert recorded.read_bytes() == before


@pytest.mark.parametrize("command", ["update", "prune"])
def test_what_judges_a_job_is_not_written_by_it(
    recorded: Path, place: Place, picklecheck: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    before = recorded.read_bytes()
    write_report(place.work / "short.json", {BOX: COPIED})
    monkeypatch.setenv("CI", "true")

    ended = picklecheck("baseline", command, "short.json")

    assert (ended.status, ended.stdout) == (2, "")
    assert "CI is set" in ended.stderr
    assert "--force" in ended.stderr
    assert recorded.read_bytes() == before

    assert picklecheck("baseline", command, "short.json", "--force").status == 0
    assert recorded.read_bytes() != before


def test_a_variable_that_says_no_is_no_ci(
    place: Place, picklecheck: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "False")

    assert picklecheck("baseline", "update", write_first(place)).status == 0


def test_a_report_may_come_from_stdin(place: Place) -> None:
    command = place.run_python(
        "-c",
        "import subprocess, sys;"
        " sys.exit(subprocess.run([sys.executable, '-m', 'picklecheck', 'baseline', 'update', '-'],"
        f" stdin=open({write_first(place)!r})).returncode)",
    )

    assert (command.status, command.stderr) == (0, "")
    assert len(read_baseline(place.work / NAME).entries) == 2


@pytest.mark.parametrize(
    ("command", "text"),
    [("update", "<<<<<<< HEAD\n"), ("prune", '{"schema_version": 2}')],
)
def test_what_is_no_baseline_is_refused_and_stays_as_it_is(
    place: Place, picklecheck: Callable[..., Ended], command: str, text: str
) -> None:
    (place.work / NAME).write_text(text)

    ended = picklecheck("baseline", command, write_first(place))

    assert (ended.status, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"picklecheck: The baseline '{NAME}' ")
    assert (place.work / NAME).read_text() == text


@pytest.mark.parametrize("arguments", [("prune", "first.json"), ("show",)])
def test_a_baseline_that_is_not_there_is_told(
    place: Place, picklecheck: Callable[..., Ended], arguments: tuple[str, ...]
) -> None:
    write_first(place)

    ended = picklecheck("baseline", *arguments, "--baseline", "b.json")

    assert ended.status == 2
    assert ended.stderr == (
        "picklecheck: There is no baseline 'b.json'.\n"
        "  Make a report with --no-baseline and --output json=REPORT.json, and"
        " 'picklecheck baseline update --baseline b.json REPORT.json' records one.\n"
    )
    assert [one.name for one in place.work.iterdir()] == ["first.json"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff", "is not UTF-8"), (None, "cannot be read: No such file or directory")],
)
def test_what_is_no_report_is_refused(
    place: Place, picklecheck: Callable[..., Ended], content: bytes | None, words: str
) -> None:
    if content is not None:
        (place.work / "a.json").write_bytes(content)

    ended = picklecheck("baseline", "update", "a.json")

    assert ended.status == 2
    assert ended.stderr.startswith("picklecheck: a.json ")
    assert words in ended.stderr
    assert not (place.work / NAME).exists()


def test_a_baseline_is_written_whole_or_not_at_all(place: Place, picklecheck: Callable[..., Ended]) -> None:
    write_first(place)
    # A file where the folder should be: not even root can write there.
    (place.work / "folder").touch()

    ended = picklecheck("baseline", "update", "first.json", "--baseline", "folder/b.json")

    assert (ended.status, ended.stdout) == (2, "")
    assert ended.stderr.startswith("picklecheck: folder/b.json could not be written: ")
    assert sorted(one.name for one in place.work.iterdir()) == ["first.json", "folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_folder_that_nobody_may_write_to_keeps_what_it_has(
    recorded: Path, place: Place, picklecheck: Callable[..., Ended]
) -> None:
    before = recorded.read_bytes()
    write_next(place)
    place.work.chmod(0o555)
    try:
        ended = picklecheck("baseline", "update", "next.json")
    finally:
        place.work.chmod(0o755)

    assert ended.status == 2
    assert ended.stderr.startswith(f"picklecheck: {NAME} could not be written: Permission denied.")
    assert recorded.read_bytes() == before
