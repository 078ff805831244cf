"""Where a report goes: a file is written whole or not at all."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path

import pytest
from report_builders import make_report, make_result

from picklecheck import files
from picklecheck.cli import outputs
from picklecheck.cli.options import Delivery
from picklecheck.errors import UsageError
from picklecheck.gate.exit_status import ExitStatus
from picklecheck.model import Outcome
from picklecheck.reports.formats import ADDED, RUN_FORMATS, run_formats
from picklecheck.reports.json_format import writer as json_report
from picklecheck.reports.terminal import run
from picklecheck.reports.view import View

REPORT = make_report([make_result(), make_result("shapes.pair/pickle/main/cold/none", Outcome.UNSUPPORTED)])
STATUS = ExitStatus.AS_EXPECTED


def test_an_output_is_a_format_and_a_path(tmp_path: Path) -> None:
    assert outputs.parse_output(f"json={tmp_path}/a.json", RUN_FORMATS) == ("json", tmp_path / "a.json")
    assert outputs.parse_output(f"grid={tmp_path}/a=b.txt", RUN_FORMATS) == ("grid", tmp_path / "a=b.txt")


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert outputs.parse_output("json=report.json", RUN_FORMATS) == ("json", Path("report.json"))


@pytest.mark.parametrize("text", ["", "json", "json=", "=a.json", "xml=a.xml", "JSON=a.json", "a.json=json"])
def test_what_is_no_output_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        outputs.parse_output(text, RUN_FORMATS)

    assert caught.value.message == f"--output {text!r} does not say what and where."
    assert (
        caught.value.hint
        == "Write FORMAT=PATH, where FORMAT is one of grid, json, junit, markdown, github, github-summary, svg."
    )


@pytest.mark.parametrize("path", [".", "folder", "nowhere/a.json", "file/a.json"])
def test_what_cannot_be_written_is_refused_before_any_work(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()

    with pytest.raises(UsageError) as caught:
        outputs.parse_output(f"json={path}", RUN_FORMATS)

    assert caught.value.message == f"--output 'json={path}' cannot be written."


def test_a_folder_that_nobody_may_write_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: int) -> bool:
        assert (path, mode) == (tmp_path, os.W_OK)
        return False

    monkeypatch.setattr(os, "access", refuse)

    with pytest.raises(UsageError, match="cannot be written"):
        outputs.parse_output(f"json={tmp_path}/a.json", RUN_FORMATS)


def test_all_outputs_are_checked(tmp_path: Path) -> None:
    good = f"json={tmp_path}/a.json"

    assert outputs.check_all([], RUN_FORMATS) == []
    assert outputs.check_all([good, "junit=-"], RUN_FORMATS) == [("json", tmp_path / "a.json"), ("junit", None)]
    with pytest.raises(UsageError, match=r"a\.json twice"):
        outputs.check_all([good, f"grid={tmp_path}/a.json"], RUN_FORMATS)
    with pytest.raises(UsageError, match="'xml=a' does not say"):
        outputs.check_all([good, "xml=a"], RUN_FORMATS)


def test_a_json_file_holds_the_document(tmp_path: Path) -> None:
    outputs.write("json", tmp_path / "a.json", run_formats(REPORT, ExitStatus.FINDINGS), 0)

    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text == json_report.render(REPORT, 1)
    assert json.loads(text)["exit_status"] == 1
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("verbosity", [-1, 0, 1])
def test_a_grid_file_is_for_any_reader_and_never_quiet(tmp_path: Path, verbosity: int) -> None:
    outputs.write("grid", tmp_path / "a.txt", run_formats(REPORT, STATUS), verbosity)

    expected = run.render(REPORT, View(verbosity=max(verbosity, 0))).plain
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == expected
    assert "✓" in expected


def test_a_file_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("old" * 10000)

    outputs.write("json", tmp_path / "a.json", run_formats(REPORT, STATUS), 0)

    assert (tmp_path / "a.json").read_text(encoding="utf-8") == json_report.render(REPORT, 0)


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_file_is_readable_by_whom_the_umask_says(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        outputs.write("json", tmp_path / "a.json", run_formats(REPORT, STATUS), 0)
        after = os.umask(mask)
    finally:
        os.umask(before)

    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o666 & ~mask
    assert after == mask


class FullDisk(io.BytesIO):
    """Takes nothing, as a full disk does."""

    def write(self, _data: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fail_to_write(path: Path, mode: str) -> io.BytesIO:
    """Stand in for ``Path.open``."""
    assert mode == "xb"
    path.touch()
    return FullDisk()


def fail_to_rename(_path: Path, _target: Path) -> Path:
    """Stand in for ``Path.replace``."""
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("form", sorted({*RUN_FORMATS} - {*ADDED}))
@pytest.mark.parametrize(
    ("where", "name", "stand_in", "reason"),
    [
        (Path, "open", fail_to_write, "No space left on device"),
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
            outputs.write(form, path, run_formats(REPORT, STATUS), 0)

    assert caught.value.message == f"{path} could not be written: {reason}."
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(("where", "name"), [(files, "write_pieces"), (Path, "replace")])
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, ValueError])
def test_no_exception_leaves_a_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, error: type[BaseException]
) -> None:
    def stand_in(*_arguments: object) -> None:
        assert len(list(tmp_path.iterdir())) == 2
        raise error

    path = tmp_path / "a.json"
    path.write_text("old")

    with monkeypatch.context() as patch:
        patch.setattr(where, name, stand_in)
        with pytest.raises(error):
            outputs.write("json", path, run_formats(REPORT, STATUS), 0)

    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]
    assert path.read_text() == "old"


@pytest.mark.parametrize("form", RUN_FORMATS)
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path, form: str) -> None:
    outputs.write(form, tmp_path / "expected", run_formats(REPORT, STATUS), 0)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    # Nobody blocks: this end is open before the other one, and the report fits into the pipe.
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        outputs.write(form, path, run_formats(REPORT, STATUS), 0)
        received = os.read(reader, 1 << 16)
    finally:
        os.close(reader)

    assert received == (tmp_path / "expected").read_bytes()
    assert path.is_fifo()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["expected", "pipe"]


def test_a_device_is_written_to_and_no_file_is_made_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        pytest.fail("a device must not be replaced")

    (tmp_path / "null").symlink_to("/dev/null")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        outputs.write("json", Path("/dev/null"), run_formats(REPORT, STATUS), 0)
        outputs.write("json", tmp_path / "null", run_formats(REPORT, STATUS), 0)

    assert Path("/dev/null").is_char_device()
    assert (tmp_path / "null").is_symlink()


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_keeps_pointing_where_it_points(tmp_path: Path, *, exists: bool) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "files").mkdir()
    link, path = tmp_path / "links" / "a.json", tmp_path / "files" / "b.json"
    link.symlink_to(Path("..", "files", "b.json"))
    if exists:
        path.write_text("old")

    outputs.write("json", link, run_formats(REPORT, STATUS), 0)

    assert link.is_symlink()
    assert not path.is_symlink()
    assert path.read_text(encoding="utf-8") == json_report.render(REPORT, 0)
    assert [one.name for one in (tmp_path / "links").iterdir()] == ["a.json"]
    assert [one.name for one in (tmp_path / "files").iterdir()] == ["b.json"]


def test_a_name_may_be_as_long_as_the_file_system_lets_it(tmp_path: Path) -> None:
    path = tmp_path / ("x" * os.pathconf(tmp_path, "PC_NAME_MAX"))

    outputs.write("json", path, run_formats(REPORT, STATUS), 0)

    assert [one.name for one in tmp_path.iterdir()] == [path.name]


ODD = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason="half of \ud83d a character, \u20ac and \u2713")])


def test_half_a_character_is_escaped_in_a_file(tmp_path: Path) -> None:
    outputs.write("grid", tmp_path / "a.txt", run_formats(ODD, STATUS), 0)
    outputs.write("json", tmp_path / "a.json", run_formats(ODD, STATUS), 0)

    assert "half of \\ud83d a character, \u20ac and \u2713" in (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert r"half of \ud83d a" in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_a_folder_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.json" / "b").mkdir(parents=True)

    with pytest.raises(UsageError, match="could not be written: Is a directory"):
        outputs.write("json", tmp_path / "a.json", run_formats(REPORT, STATUS), 0)

    assert (tmp_path / "a.json" / "b").is_dir()
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_that_vanishes_meanwhile_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="could not be written: No such file or directory"):
        outputs.write("json", tmp_path / "gone" / "a.json", run_formats(REPORT, STATUS), 0)


def test_a_link_that_leads_to_itself_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")

    with pytest.raises(UsageError):  # the first one, before Python 3.13
        outputs.write(*parsed("json=loop"), run_formats(make_report([]), ExitStatus.AS_EXPECTED), 0)


def parsed(text: str) -> tuple[str, Path]:
    """Return format and path of an ``--output`` that has a path."""
    form, path = outputs.parse_output(text, RUN_FORMATS)
    assert path is not None
    return form, path


def test_an_anonymous_pipe_is_written_to(tmp_path: Path) -> None:
    read, write = os.pipe()
    form, path = outputs.parse_output(f"json=/dev/fd/{write}", RUN_FORMATS)
    assert path is not None
    outputs.write(form, path, run_formats(make_report([]), ExitStatus.AS_EXPECTED), 0)
    os.close(write)

    with os.fdopen(read, encoding="utf-8") as file:
        assert json.load(file)["schema_version"] == 1
    assert list(tmp_path.iterdir()) == []


def test_a_summary_is_added_to_what_stands_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("# of another command\n", encoding="utf-8")

    outputs.write("github-summary", path, run_formats(REPORT, STATUS), 0)
    outputs.write("github-summary", path, run_formats(REPORT, STATUS), 0)

    text = path.read_text(encoding="utf-8")
    assert text.startswith("# of another command\n## picklecheck")
    assert text.count("## picklecheck") == 2


def test_a_summary_takes_no_more_than_what_is_left_of_its_place(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("x" * (1 << 20), encoding="utf-8")

    outputs.write("github-summary", path, run_formats(REPORT, STATUS), 0)

    assert path.stat().st_size == 1 << 20


def test_a_named_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(UsageError, match="could not be written"):
        outputs.write("json", tmp_path / "pipe", run_formats(REPORT, STATUS), 0)


def test_a_file_that_cannot_be_written_takes_no_other_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = (("junit", tmp_path / "gone" / "a.xml"), ("json", tmp_path / "a.json"))
    delivery = Delivery("grid", targets, "never", 0, is_quiet=False, exit_zero=False, fallback="grid")

    with pytest.raises(UsageError, match=r"a\.xml could not be written"):
        delivery.deliver(run_formats(REPORT, STATUS))

    assert json.loads((tmp_path / "a.json").read_text())["schema_version"] == 1
    assert capsys.readouterr().out
