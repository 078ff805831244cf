"""What stdout gets: colors or none, and the characters that the user's locale asks for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from report_builders import make_report, make_result

from picklecheck.cli import outputs
from picklecheck.model import Outcome
from picklecheck.reports.formats import run_formats

REPORT = make_report([make_result(), make_result("shapes.box/pickle/main/warm/none", Outcome.LOAD_ERROR)])
ESCAPE = "\x1b["


@pytest.mark.parametrize(
    ("choice", "environment", "is_terminal", "is_wanted"),
    [
        ("auto", {"TERM": "xterm"}, True, True),
        ("auto", {"TERM": "xterm"}, False, False),
        ("auto", {}, True, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1", "TERM": "xterm"}, True, False),
    ],
)
def test_when_there_are_colors(choice: str, environment: dict[str, str], *, is_terminal: bool, is_wanted: bool) -> None:
    assert outputs.is_color_wanted(choice, environment, is_terminal=is_terminal) is is_wanted


@pytest.mark.parametrize(
    ("environment", "is_wanted"),
    [
        ({}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8"}, False),
        ({"LC_ALL": "C"}, True),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, True),
        ({"LC_CTYPE": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LANG": "C"}, True),
        # What Python makes of LANG=C, and of no locale at all.
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}, False),
        ({"LC_ALL": "C", "PYTHONUTF8": "1"}, False),
    ],
)
def test_when_the_characters_are_ascii(environment: dict[str, str], *, is_wanted: bool) -> None:
    assert outputs.is_ascii_wanted(environment) is is_wanted


@pytest.mark.parametrize("term", ["dumb", "xterm-256color", None])
@pytest.mark.parametrize("choice", ["always", "never"])
def test_the_choice_decides_alone(
    choice: str, term: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("TERM", raising=False)
    if term is not None:
        monkeypatch.setenv("TERM", term)

    outputs.show("grid", run_formats(REPORT, 0), 0, choice)

    assert (ESCAPE in capsys.readouterr().out) is (choice == "always")


def test_colors_change_nothing_else(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TERM", "xterm")
    texts = []
    for choice in ("always", "never"):
        outputs.show("grid", run_formats(REPORT, 0), 0, choice)
        texts.append(capsys.readouterr().out)

    parts = texts[0].split(ESCAPE)
    assert "".join([parts[0], *(part.partition("m")[2] for part in parts[1:])]) == texts[1]


@pytest.mark.thorough
def test_the_c_locale_gets_ascii() -> None:
    """As Python itself sees such a locale, whose characters it takes for UTF-8."""
    environment = {name: one for name, one in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    shown = {}
    for locale in ("C", "C.UTF-8"):
        ended = subprocess.run(
            [sys.executable, "-m", "picklecheck", "run", "controls.plain_model", "--fix", "none"],
            env={**environment, "LC_ALL": locale},
            capture_output=True,
            check=True,
            timeout=60,
        )
        shown[locale] = ended.stdout.decode()

    assert shown["C"].isascii()
    assert ". pass" in shown["C"]
    assert "✓ pass" in shown["C.UTF-8"]
