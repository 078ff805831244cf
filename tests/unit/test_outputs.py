"""Where a report goes: a file is written whole or not at all."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from pathlib import Path

import pytest
from report_builders import make_report, make_result

from picklecheck.cli import outputs
from picklecheck.errors import UsageError
from picklecheck.gate import ExitStatus
from picklecheck.model import Outcome
from picklecheck.reports import grid, json_report

REPORT = make_report([make_result(), make_result("shapes.pair/pickle/main/cold/none", Outcome.UNSUPPORTED)])
STATUS = ExitStatus.AS_EXPECTED


def test_an_output_is_a_format_and_a_path(tmp_path: Path) -> None:
    assert outputs.parse_output(f"json={tmp_path}/a.json") == ("json", tmp_path / "a.json")
    assert outputs.parse_output(f"grid={tmp_path}/a=b.txt") == ("grid", tmp_path / "a=b.txt")


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert outputs.parse_output("json=report.json") == ("json", Path("report.json"))


@pytest.mark.parametrize("text", ["", "json", "json=", "=a.json", "xml=a.xml", "JSON=a.json", "a.json=json"])
def test_what_is_no_output_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        outputs.parse_output(text)

    assert caught.value.message == f"--output {text!r} does not say what and where."
    assert caught.value.hint == "Write FORMAT=PATH, where FORMAT is one of grid, json."


@pytest.mark.parametrize("path", [".", "folder", "nowhere/a.json", "file/a.json"])
def test_what_cannot_be_written_is_refused_before_any_work(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()

    with pytest.raises(UsageError) as caught:
        outputs.parse_output(f"json={path}")

    assert caught.value.message == f"--output 'json={path}' cannot be written."


def test_a_folder_that_nobody_may_write_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: int) -> bool:
        assert (path, mode) == (tmp_path, os.W_OK)
        return False

    monkeypatch.setattr(os, "access", refuse)

    with pytest.raises(UsageError, match="cannot be written"):
        outputs.parse_output(f"json={tmp_path}/a.json")


def test_all_outputs_are_checked(tmp_path: Path) -> None:
    good = f"json={tmp_path}/a.json"

    assert outputs.check_all([]) == []
    assert outputs.check_all([good, good]) == [("json", tmp_path / "a.json")] * 2
    with pytest.raises(UsageError, match="'xml=a' does not say"):
        outputs.check_all([good, "xml=a"])


def test_a_json_file_holds_the_document(tmp_path: Path) -> None:
    outputs.write("json", tmp_path / "a.json", REPORT, ExitStatus.FINDINGS, 0)

    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text == json_report.render(REPORT, 1)
    assert json.loads(text)["exit_status"] == 1
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("verbosity", [-1, 0, 1])
def test_a_grid_file_is_for_any_reader_and_never_quiet(tmp_path: Path, verbosity: int) -> None:
    outputs.write("grid", tmp_path / "a.txt", REPORT, STATUS, verbosity)

    expected = grid.render(REPORT, grid.Look(verbosity=max(verbosity, 0))).plain
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == expected
    assert "✓" in expected


def test_a_file_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("old" * 10000)

    outputs.write("json", tmp_path / "a.json", REPORT, STATUS, 0)

    assert (tmp_path / "a.json").read_text(encoding="utf-8") == json_report.render(REPORT, 0)


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_file_is_readable_by_whom_the_umask_says(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        outputs.write("json", tmp_path / "a.json", REPORT, STATUS, 0)
        after = os.umask(mask)
    finally:
        os.umask(before)

    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o666 & ~mask
    assert after == mask


class FullDisk(io.StringIO):
    """Takes nothing, as a full disk does."""

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fail_to_write(descriptor: int, *_arguments: object, **_options: object) -> io.StringIO:
    """Stand in for ``os.fdopen``."""
    os.close(descriptor)
    return FullDisk()


def fail_to_rename(_path: Path, _target: Path) -> Path:
    """Stand in for ``Path.replace``."""
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("form", outputs.FORMATS)
@pytest.mark.parametrize(
    ("where", "name", "stand_in", "reason"),
    [
        (os, "fdopen", fail_to_write, "No space left on device"),
        (Path, "replace", fail_to_rename, "Input/output error"),
    ],
)
def test_an_older_file_survives_a_failed_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, where: object, name: str, stand_in: object, reason: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    with monkeypatch.context() as patch:
        patch.setattr(where, name, stand_in)
        with pytest.raises(UsageError) as caught:
            outputs.write(form, path, REPORT, STATUS, 0)

    assert caught.value.message == f"{path} could not be written: {reason}."
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.json" / "b").mkdir(parents=True)

    with pytest.raises(UsageError, match="could not be written: Is a directory"):
        outputs.write("json", tmp_path / "a.json", REPORT, STATUS, 0)

    assert (tmp_path / "a.json" / "b").is_dir()
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_that_vanishes_meanwhile_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="could not be written: No such file or directory"):
        outputs.write("json", tmp_path / "gone" / "a.json", REPORT, STATUS, 0)


def test_json_on_stdout_is_the_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    outputs.show("json", REPORT, STATUS, 0)

    captured = capsys.readouterr()
    assert (captured.out, captured.err) == (json_report.render(REPORT, 0), "")


def test_the_grid_on_stdout_is_80_columns_wide_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    reason = "Box[int] [/x] [bold]words[/bold] " * 10
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason=reason)])

    outputs.show("grid", report, STATUS, 0)

    out = capsys.readouterr().out
    assert out == grid.render(report, grid.Look()).plain
    assert out.count("[bold]words[/bold]") == 10


class Terminal(io.StringIO):
    """Says that it is a terminal, and has no encoding."""

    def isatty(self) -> bool:
        """Tell a lie."""
        return True


@pytest.mark.parametrize("width", [60, 90])
def test_the_grid_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "dumb")
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason="word " * 100)])

    outputs.show("grid", report, STATUS, 0)

    assert terminal.getvalue() == grid.render(report, grid.Look(width, ascii_only=True)).plain


@pytest.mark.parametrize(("encoding", "ascii_only"), [("ascii", True), ("latin-1", True), ("utf-8", False)])
def test_the_grid_is_ascii_where_the_encoding_cannot_do_better(
    monkeypatch: pytest.MonkeyPatch, encoding: str, *, ascii_only: bool
) -> None:
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding=encoding))

    outputs.show("grid", REPORT, STATUS, 0)
    sys.stdout.flush()

    expected = grid.render(REPORT, grid.Look(ascii_only=ascii_only)).plain
    assert file.getvalue().decode(encoding) == expected
    assert expected.isascii() is ascii_only
