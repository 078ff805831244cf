"""What GitHub Actions shows: the commands whole, and as the runner reads them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from document_builders import (
    COPIED,
    LOST,
    NASTY,
    make_comparison,
    make_document,
    make_lost_environment,
    make_row,
    make_standing,
    make_usual_document,
    shorten_pages,
)

from picklecheck.gate.baseline import Finding
from picklecheck.gate.compare import Status
from picklecheck.model import Outcome
from picklecheck.reports import markdown
from picklecheck.reports.github import step_summary, workflow_commands
from picklecheck.reports.phrases import one_line
from picklecheck.reports.text import printable

CRASH = Finding(Outcome.CRASH, "PC501")
UNDECIDED = Finding(Outcome.UNDECIDED, "PC901")


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pages(monkeypatch)


def cell(name: str, fix: str = "none") -> str:
    """Return the id of a cell of the scenario ``shapes.NAME``."""
    return f"shapes.{name}/pickle/main/cold/{fix}"


def read(commands: str) -> list[tuple[dict[str, str], str]]:
    """Read commands as the runner does: line by line, the properties first, and undo the escapes."""
    found = []
    for line in commands.splitlines():
        match = re.fullmatch(r"::error (.*?)::(.*)", line)
        assert match, line
        pairs = (one.split("=", 1) for one in match[1].split(","))
        found.append(({name: unescaped(value) for name, value in pairs}, unescaped(match[2])))
    return found


def unescaped(text: str) -> str:
    for escape, character in {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}.items():
        text = text.replace(escape, character)
    return text


USUAL = """\
::error file=models.py,line=12,title=PC201 load-error%3A regressed::shapes.box/pickle/main/cold/none in here: \
regressed: was pass, is load-error PC201 AttributeError (upstream changed: pydantic 2.14.3 -> 2.14.4)\
%0Aa reason%0A`Do` it.
::error title=fixed::shapes.list/pickle/main/cold/none in here: \
fixed: was load-error PC201 AttributeError, is pass \
(both changed: pydantic 2.14.3 -> 2.14.4, its source changed); \
it passes now, so the baseline is to be updated (`picklecheck baseline update`)%0Aa reason
::error title=missing::shapes.gone/pickle/main/cold/none in here: recorded as wrong-type PC301.\
%0AThe scenario is gone; `picklecheck baseline prune REPORT.json` takes such entries out.
::error title=environment unavailable::there: no wheel for Python 3.15
::error title=PC901 undecided::shapes.root/pickle/main/cold/none in here: no report came%0A`Do` it.
::notice title=picklecheck::1 recorded cell was not checked.
"""


def test_the_usual_document() -> None:
    assert workflow_commands(make_usual_document()) == USUAL


def test_all_is_well() -> None:
    assert workflow_commands(make_document([make_row(expected=True), make_row(LOST)])) == ""


def test_what_shares_a_cause_shares_an_annotation() -> None:
    rows = [
        make_row(LOST, cell("box", fix), expected=False, reason=f"reason {number}")
        for number, fix in enumerate(("none", "instance", "class"))
    ]
    rows += [make_row(LOST, cell("pair"), expected=False), make_row(COPIED, cell("box"), expected=False)]
    rows += [make_row(LOST, cell("box"), standing=make_standing(Status.CHANGED, then=COPIED))]
    comparison = make_comparison(*(make_standing(Status.MISSING, cell("old", fix)) for fix in ("none", "class")))

    assert (
        workflow_commands(make_document(rows, comparison=comparison))
        == """\
::error title=PC201 load-error%3A broken::shapes.box/pickle/main/cold/none in here: \
broken: it is to pass, and is load-error PC201 AttributeError: reason 0%0A`Do` it.%0A2 more of shapes.box are like this.
::error title=PC201 load-error%3A broken::shapes.pair/pickle/main/cold/none in here: \
broken: it is to pass, and is load-error PC201 AttributeError: a reason%0A`Do` it.
::error title=PC301 wrong-type%3A broken::shapes.box/pickle/main/cold/none in here: \
broken: it is to pass, and is wrong-type PC301: a reason%0A`Do` it.
::error title=PC201 load-error%3A changed::shapes.box/pickle/main/cold/none in here: \
changed: was wrong-type PC301, is load-error PC201 AttributeError (neither versions nor source changed)%0Aa reason\
%0ALook at what is new; if it is meant, record it with `picklecheck baseline update REPORT.json`.
::error title=missing::shapes.old/pickle/main/cold/none in here: recorded as pass.\
%0AThe scenario is gone; `picklecheck baseline prune REPORT.json` takes such entries out.\
%0A1 more of shapes.old are like this.
"""
    )


def test_the_worst_come_first() -> None:
    rows = [
        make_row(UNDECIDED, cell("undecided")),
        make_row(LOST, cell("broken"), expected=False),
        make_row(CRASH, cell("crash"), expected=False),
        make_row(LOST, cell("regressed"), standing=make_standing(Status.REGRESSED)),
        make_row(Finding(Outcome.TIMEOUT, "PC502"), cell("timeout"), expected=False),
    ]
    document = make_document(
        rows,
        environments=[make_lost_environment()],
        comparison=make_comparison(make_standing(Status.MISSING, cell("gone"))),
        planned=9,
        interrupted=True,
    )

    assert [message.split("\n")[0].partition("/")[0] for _, message in read(workflow_commands(document))] == [
        "Interrupted: 5 of 9 cells were checked.",
        "shapes.crash",
        "shapes.regressed",
        "shapes.timeout",
        "shapes.broken",
        "shapes.gone",
        "there: no wheel for Python 3.15",
        "shapes.undecided",
    ]


def test_nothing_was_checked() -> None:
    assert workflow_commands(make_document(exit_status=4)) == "::error title=picklecheck::Nothing was checked.\n"


def test_a_part_of_the_run_is_missing() -> None:
    assert workflow_commands(make_document([make_row()], planned=1000, exit_status=3)) == (
        "::error title=picklecheck::A part of the run is missing: 1 of 1,000 cells are here.\n"
    )


@pytest.mark.parametrize(("number", "shown"), [(9, 9), (10, 10), (11, 10), (500, 10)])
def test_there_are_no_more_than_ten(number: int, shown: int) -> None:
    rows = [make_row(LOST, cell(f"box{one}"), expected=False) for one in range(number)]
    found = read(workflow_commands(make_document(rows)))

    assert len(found) == shown
    assert found[8][1].startswith("shapes.box8/")
    assert (found[-1][0] == {"title": "picklecheck"}) == (number > 10)


def test_the_tenth_tells_what_was_left_out() -> None:
    rows = [make_row(LOST, cell(f"box{one}"), expected=False) for one in range(8)]
    rows += [make_row(CRASH, cell(f"tree{one}", fix), expected=False) for one in range(3) for fix in ("none", "class")]
    rows += [make_row(UNDECIDED, cell("root", fix)) for fix in ("none", "class")]
    standings = [make_standing(Status.MISSING, cell(f"gone{one}")) for one in range(1500)]
    document = make_document(
        rows, environments=[make_lost_environment()], comparison=make_comparison(*standings), exit_status=1
    )
    commands = workflow_commands(document)

    assert commands.count("\n") == 10
    assert commands.splitlines()[-1] == (
        "::error title=picklecheck::There was no room for 2 findings, 1,500 missing entries, "
        "1 unavailable environment, 2 undecided cells; the whole report is in the other outputs."
    )


def test_whatever_users_write_a_command_is_a_line_and_comes_back() -> None:
    row = make_row(LOST, expected=False, reason=NASTY, environment=NASTY, location=f"{NASTY}:7")
    document = make_document(
        [replace(row, cell=replace(row.cell, scenario=NASTY))],
        environments=[make_lost_environment(NASTY)],
        comparison=make_comparison(make_standing(Status.MISSING, NASTY)),
    )
    commands = workflow_commands(document)
    found, gone, lost = read(commands)

    assert re.findall(r"^::error ", commands, re.MULTILINE) == ["::error "] * 3
    assert found[0] == {"file": one_line(NASTY), "line": "7", "title": "PC201 load-error: broken"}
    assert found[1].startswith(f"{printable(NASTY)}/pickle/main/cold/none in {printable(NASTY)}: broken: ")
    assert found[1].endswith(f"{printable(NASTY)}\n`Do` it.")
    assert gone[1].startswith(f"{printable(NASTY)} in here: ")
    assert lost[1] == f"there: {printable(NASTY)}"
    assert commands.encode()


def test_the_summary_is_the_report_as_markdown() -> None:
    assert step_summary(make_usual_document()) == markdown.render(make_usual_document())


def test_the_summary_is_no_larger_than_github_allows() -> None:
    row = make_row(LOST, expected=False, reason="\N{SNOWMAN}" * 500)
    text = step_summary(make_document([row] * 1000, exit_status=1))

    assert 1_048_576 - 2000 < len(text.encode()) <= 1_048_576
    assert text.endswith(" of findings); the whole report is in the other outputs.\n")
