"""What stdout gets: the whole report, as wide as the terminal and in the characters that it has."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from report_builders import make_report, make_result

from picklecheck.cli import outputs
from picklecheck.errors import UsageError
from picklecheck.gate.exit_status import ExitStatus
from picklecheck.model import Outcome
from picklecheck.reports.formats import RUN_FORMATS, run_formats
from picklecheck.reports.json_format import writer as json_report
from picklecheck.reports.terminal import run
from picklecheck.reports.view import View

REPORT = make_report([make_result(), make_result("shapes.pair/pickle/main/cold/none", Outcome.UNSUPPORTED)])
STATUS = ExitStatus.AS_EXPECTED
ODD = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason="half of \ud83d a character, \u20ac and \u2713")])


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "half of \\ud83d a character, \u20ac and \u2713"),
        ("cp1252", "half of \\ud83d a character, \u20ac and \\u2713"),
        ("ascii", "half of \\ud83d a character, \\u20ac and \\u2713"),
    ],
)
def test_what_stdout_has_no_character_for_is_escaped(
    monkeypatch: pytest.MonkeyPatch, encoding: str, expected: str
) -> None:
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding=encoding))

    outputs.show("grid", run_formats(ODD, STATUS), 0)
    outputs.show("json", run_formats(ODD, STATUS), 0)
    sys.stdout.flush()

    shown = " ".join(file.getvalue().decode(encoding).split())
    assert expected in shown
    assert r"half of \ud83d a character, \u20ac and \u2713" in shown


def test_json_on_stdout_is_the_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    outputs.show("json", run_formats(REPORT, STATUS), 0)

    captured = capsys.readouterr()
    assert (captured.out, captured.err) == (json_report.render(REPORT, 0), "")


def test_the_grid_on_stdout_is_80_columns_wide_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    reason = "Box[int] [/x] [bold]words[/bold] " * 10
    report = make_report([make_result(outcome=Outcome.LOAD_ERROR, reason=reason)])

    outputs.show("grid", run_formats(report, STATUS), 0)

    out = capsys.readouterr().out
    assert out == run.render(report, View()).plain
    assert out.count("[bold]words[/bold]") == 10


@pytest.mark.parametrize("form", RUN_FORMATS)
def test_a_stdout_that_is_closed_wants_nothing(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        outputs.show(form, run_formats(REPORT, STATUS), 0)


@pytest.mark.parametrize("form", RUN_FORMATS)
def test_a_reader_that_goes_away_has_what_it_wanted(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    # Leaving the block flushes once more, which must not fail either.
    with os.fdopen(writer, "w", encoding="utf-8") as file, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", file)
        outputs.show(form, run_formats(REPORT, STATUS), 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
# Of annotations there may be none.
@pytest.mark.parametrize("form", sorted({*RUN_FORMATS} - {"github"}))
def test_a_stdout_that_takes_nothing_is_told(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as file, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", file)
        with pytest.raises(UsageError) as caught:
            outputs.show(form, run_formats(REPORT, STATUS), 0)

    assert caught.value.message == "The report could not be printed: No space left on device."
    assert caught.value.hint == "Send stdout somewhere else, or write it with --output."


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

    outputs.show("grid", run_formats(report, STATUS), 0)

    assert terminal.getvalue() == run.render(report, View(width, ascii_only=True)).plain


@pytest.mark.parametrize(("encoding", "ascii_only"), [("ascii", True), ("latin-1", True), ("utf-8", False)])
def test_the_grid_is_ascii_where_the_encoding_cannot_do_better(
    monkeypatch: pytest.MonkeyPatch, encoding: str, *, ascii_only: bool
) -> None:
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding=encoding))

    outputs.show("grid", run_formats(REPORT, STATUS), 0)
    sys.stdout.flush()

    expected = run.render(REPORT, View(ascii_only=ascii_only)).plain
    assert file.getvalue().decode(encoding) == expected
    assert expected.isascii() is ascii_only
