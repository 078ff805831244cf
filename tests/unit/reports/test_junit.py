"""The report for build servers, whole and read back by somebody else's reader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from document_builders import (
    BOX,
    COPIED,
    LOST,
    NASTY,
    PASS,
    SOURCE,
    make_comparison,
    make_document,
    make_lost_environment,
    make_row,
    make_standing,
    make_usual_document,
    shorten_pages,
)
from junitparser import Error, Failure, JUnitXml, Skipped

from picklecheck.gate.baseline import Finding
from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import Judgement
from picklecheck.model import Outcome
from picklecheck.reports.junit import render
from picklecheck.reports.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picklecheck.reports.document import Document, Row


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pages(monkeypatch)


def text_of(document: Document) -> str:
    """Return the whole file."""
    return "".join(render(document))


def read(document: Document) -> ET.Element:
    """Return the root as an XML parser reads the file's bytes."""
    return ET.fromstring(text_of(document).encode())


USUAL = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="picklecheck" tests="10" failures="3" errors="2" skipped="4" time="1.250">
  <testsuite name="here" tests="7" failures="2" errors="1" skipped="3" time="3.500">
    <testcase classname="here" name="shapes.box/pickle/main/cold/none" time="0.500" file="models.py" line="12">
      <failure type="PC201 load-error" message="regressed: was pass, is load-error PC201 AttributeError \
(upstream changed: pydantic 2.14.3 -&gt; 2.14.4)">PC201: title of PC201
What happened: This.
Why: That.
What to do: `Do` it.
This cell: a reason
Baseline: regressed: was pass, is load-error PC201 AttributeError \
(upstream changed: pydantic 2.14.3 -&gt; 2.14.4).</failure>
    </testcase>
    <testcase classname="here" name="shapes.pair/pickle/main/cold/none" time="0.500">
      <skipped message="as recorded: load-error PC201 AttributeError"/>
    </testcase>
    <testcase classname="here" name="shapes.tree/pickle/main/cold/none" time="0.500">
      <skipped message="until we move to [v2] (until 2.15)"/>
    </testcase>
    <testcase classname="here" name="shapes.list/pickle/main/cold/none" time="0.500">
      <failure type="fixed" message="fixed: was load-error PC201 AttributeError, is pass \
(both changed: pydantic 2.14.3 -&gt; 2.14.4, its source changed); \
it passes now, so the baseline is to be updated (`picklecheck baseline update`)">This cell: a reason
Baseline: fixed: was load-error PC201 AttributeError, is pass \
(both changed: pydantic 2.14.3 -&gt; 2.14.4, its source changed). \
Record it with `picklecheck baseline update REPORT.json`, or let it be with `--allow-fixed`.</failure>
    </testcase>
    <testcase classname="here" name="shapes.leaf/pickle/main/cold/none" time="0.500"/>
    <testcase classname="here" name="shapes.twin/pickle/main/cold/none" time="0.500">
      <skipped message="unsupported here: needs Pydantic 2.1"/>
    </testcase>
    <testcase classname="here" name="shapes.root/pickle/main/cold/none" time="0.500">
      <error type="PC901 undecided" message="no report came">PC901: title of PC901
What happened: This.
Why: That.
What to do: `Do` it.
This cell: no report came</error>
    </testcase>
  </testsuite>
  <testsuite name="there" tests="1" failures="0" errors="1" skipped="0" time="0.000">
    <testcase classname="there" name="environment">
      <error type="unavailable" message="no wheel for Python 3.15"/>
    </testcase>
  </testsuite>
  <testsuite name="baseline" tests="1" failures="1" errors="0" skipped="0" time="0.000">
    <testcase classname="here" name="shapes.gone/pickle/main/cold/none">
      <failure type="missing" message="missing: recorded as wrong-type PC301. \
The scenario is gone; `picklecheck baseline prune REPORT.json` takes such entries out."/>
    </testcase>
  </testsuite>
  <testsuite name="not checked" tests="1" failures="0" errors="0" skipped="1" time="0.000">
    <testcase classname="baseline" name="not checked">
      <skipped message="1 recorded cell was not checked."/>
    </testcase>
  </testsuite>
</testsuites>
"""


def test_the_usual_document() -> None:
    assert text_of(make_usual_document()) == USUAL


def test_another_reader_counts_the_same() -> None:
    document = make_usual_document()
    found = JUnitXml.fromstring(text_of(document).encode())
    judgements = [row.judgement for row in document.rows()]

    assert [suite.name for suite in found] == ["here", "there", "baseline", "not checked"]
    results = [[type(result) for case in suite for result in case.result] for suite in found]
    assert results == [[Failure, Skipped, Skipped, Failure, Skipped, Error], [Error], [Failure], [Skipped]]
    assert judgements.count(Judgement.FINDING) == results[0].count(Failure)
    for suite, kinds in zip(found, results, strict=True):
        assert (suite.failures, suite.errors, suite.skipped) == tuple(
            kinds.count(kind) for kind in (Failure, Error, Skipped)
        )
    told = (found.tests, found.failures, found.errors, found.skipped)
    found.update_statistics()  # type: ignore[no-untyped-call]
    assert (found.tests, found.failures, found.errors, found.skipped) == told == (10, 3, 2, 4)


def test_nothing_at_all() -> None:
    assert (
        text_of(make_document())
        == """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="picklecheck" tests="0" failures="0" errors="0" skipped="0" time="1.250">
</testsuites>
"""
    )


@pytest.mark.parametrize(
    ("row", "tag", "message"),
    [
        (
            make_row(LOST, expected=False),
            "failure",
            "broken: it is to pass, and is load-error PC201 AttributeError: a reason",
        ),
        (make_row(LOST), "skipped", "nothing is promised here: load-error PC201 AttributeError: a reason"),
        (
            make_row(LOST, standing=make_standing(Status.AS_RECORDED, then=LOST, until="2030-01-01")),
            "skipped",
            "as recorded: load-error PC201 AttributeError (until 2030-01-01)",
        ),
        (
            make_row(LOST, standing=make_standing(Status.EXPIRED, then=LOST, until="2.14")),
            "failure",
            "expired: still load-error PC201 AttributeError",
        ),
        (
            make_row(COPIED, standing=make_standing(Status.CHANGED, then=LOST, now=COPIED, why=SOURCE)),
            "failure",
            "changed: was load-error PC201 AttributeError, is wrong-type PC301 (you changed: its source changed)",
        ),
        (
            make_row(LOST, standing=make_standing(Status.REGRESSED)),
            "failure",
            "regressed: was pass, is load-error PC201 AttributeError (neither versions nor source changed)",
        ),
    ],
)
def test_a_cell_that_does_not_pass(row: Row, tag: str, message: str) -> None:
    (element,) = read(make_document([row])).iterfind("testsuite/testcase/")

    assert (element.tag, element.get("message")) == (tag, message)


def test_the_body_tells_what_was_recorded_with_the_entry() -> None:
    standing = make_standing(Status.EXPIRED, then=LOST, reason="see #7", until="2.14")
    body = read(make_document([make_row(LOST, standing=standing)])).findtext("testsuite/testcase/failure") or ""

    assert body.splitlines()[-2:] == [
        (
            "Baseline: expired: still load-error PC201 AttributeError. "
            "Mend what fails, or move its `until` in the baseline."
        ),
        "Recorded with it: see #7 (until 2.14)",
    ]


def test_a_fixed_cell_that_is_allowed_passes() -> None:
    standing = make_standing(Status.FIXED, then=LOST, now=PASS)
    (case,) = read(make_document([make_row(PASS, standing=standing, allow_fixed=True)])).iterfind("testsuite/testcase")

    assert len(case) == 0


def test_a_pair_of_environments_is_a_suite() -> None:
    rows = [
        make_row(environment="a", receiver_environment=receiver, cell=cell)
        for receiver in (None, "b")
        for cell in (BOX, BOX.replace("box", "pair"))
    ]
    found = read(make_document(rows))

    assert [(one.get("name"), one.get("tests")) for one in found] == [("a", "2"), ("a -> b", "2")]
    assert {one.get("classname") for one in found[1]} == {"a -> b"}


def test_rows_that_do_not_come_by_environment_are_still_put_together() -> None:
    rows = [make_row(environment=one, cell=BOX.replace("box", f"box{number}")) for number, one in enumerate("abacb")]
    found = read(make_document(rows))

    assert [(one.get("name"), one.get("tests"), [case.get("name") for case in one]) for one in found] == [
        ("a", "2", [rows[0].cell.id, rows[2].cell.id]),
        ("b", "2", [rows[1].cell.id, rows[4].cell.id]),
        ("c", "1", [rows[3].cell.id]),
    ]


def test_a_cell_is_written_before_the_next_is_read() -> None:
    taken = 0

    def rows() -> Iterator[Row]:
        nonlocal taken
        taken = 0
        for number in range(50):
            taken += 1
            yield make_row(cell=BOX.replace("box", f"box{number}"))

    first = next(piece for piece in render(replace(make_document(), rows=rows)) if "<testcase" in piece)

    assert "shapes.box0/" in first
    assert taken == 1


def test_an_interrupted_run_does_not_look_like_one_that_passed() -> None:
    found = read(make_document([make_row()], planned=30, interrupted=True, exit_status=130))

    assert found.get("errors") == "1"
    assert found[-1].get("name") == "picklecheck"
    assert found[-1][0][0].get("message") == "Interrupted: 1 of 30 cells were checked."


def test_a_run_that_checked_nothing_does_not_look_like_one_that_passed() -> None:
    row = make_row(Finding(Outcome.UNSUPPORTED, "PC801"))
    found = read(make_document([row], exit_status=4))

    assert [(one.get("name"), one.get("skipped"), one.get("errors")) for one in found] == [
        ("here", "1", "0"),
        ("picklecheck", "0", "1"),
    ]


def test_a_run_of_which_a_part_is_missing_does_not_look_like_one_that_passed() -> None:
    found = read(make_document([make_row()], planned=1000, exit_status=3))
    told = read(make_document([make_row(Finding(Outcome.UNDECIDED, "PC901"))], exit_status=3))

    assert found[-1][0][0].get("message") == "A part of the run is missing: 1 of 1,000 cells are here."
    assert [one.get("name") for one in told] == ["here"]


def test_whatever_users_write_it_is_xml_and_comes_back() -> None:
    standing = make_standing(Status.EXPIRED, then=LOST, reason=NASTY, until="2.14")
    excused = make_standing(Status.AS_RECORDED, then=LOST, reason=NASTY)
    base = make_row(LOST, standing=standing, reason=NASTY, environment=NASTY, location=f"{NASTY}:7")
    row = replace(base, cell=replace(base.cell, scenario=NASTY))
    lost = make_lost_environment(NASTY)
    document = make_document(
        [row, make_row(LOST, standing=excused, environment=NASTY)],
        environments=[replace(lost, id=NASTY)],
        comparison=make_comparison(make_standing(Status.MISSING, NASTY, environment=NASTY)),
    )
    found = read(document)
    case = found[0][0]

    assert text_of(document).isascii()
    assert [suite.get("name") for suite in found] == [printable(NASTY), printable(NASTY), "baseline"]
    assert case.get("name") == printable(row.cell.id)
    assert (case.get("file"), case.get("line")) == (printable(NASTY), "7")
    assert f"This cell: {printable(NASTY)}\n" in (case[0].text or "")
    assert found[0][1][0].get("message") == printable(NASTY)
    assert found[1][0][0].get("message") == printable(NASTY)
    assert found[2][0].get("name") == printable(NASTY)
    assert len(JUnitXml.fromstring(text_of(document).encode())) == 3


@pytest.mark.parametrize(
    "code", [*range(0x100), 0x2028, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10FFFF]
)
def test_every_character_leaves_the_document_readable(code: int) -> None:
    found = read(make_document([make_row(Finding(Outcome.UNDECIDED), reason=f"<{chr(code)}>")]))
    told = found[0][0][0].get("message")

    assert told == printable(f"<{chr(code)}>")
    assert (len(told) == 3) == (
        chr(code) in "\t\n\r" or 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or code in {0xE000, 0xFFFD, 0x10FFFF}
    )
