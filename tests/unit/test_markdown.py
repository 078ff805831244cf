"""The report as Markdown, whole and as a reader of Markdown sees it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from document_builders import (
    BOX,
    COPIED,
    LOST,
    NASTY,
    PASS,
    make_comparison,
    make_document,
    make_lost_environment,
    make_row,
    make_standing,
    make_usual_document,
    shorten_pages,
)
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_builders import make_environment

from picklecheck.baselines.compare import Status
from picklecheck.baselines.entries import Finding
from picklecheck.model import Outcome
from picklecheck.reports.markdown import code, escaped, render
from picklecheck.reports.words import one_line


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pages(monkeypatch)


USUAL = r"""## picklecheck: findings

1 cell could not be judged.

1 of 7 cells pass, Box\[int\] among them.

### Environments

| environment | Python | Pydantic | cloudpickle | passed | tolerated | unsupported | findings | undecided |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| `here` | 3.11.7 | 2.14.3 | 3.1.2 | 1 | 2 | 1 | 2 | 1 |

- `there` is unavailable: `no wheel for Python 3.15`

### Findings

| cell | environment | status | outcome | code | reason |
| --- | --- | --- | --- | --- | --- |
| `shapes.box/pickle/main/cold/none` | `here` | regressed, upstream changed: pydantic 2.14.3 -&gt; 2.14.4 | load-error | PC201 | `a reason` |
| `shapes.list/pickle/main/cold/none` | `here` | fixed, both changed: pydantic 2.14.3 -&gt; 2.14.4, its source changed | pass |  | `a reason` |

regressed: The report tells the cause of each code, and what to do; so does `picklecheck explain CODE`.

fixed: Record it with `picklecheck baseline update REPORT.json`, or let it be with `--allow-fixed`.

### Undecided

| cell | environment | code | reason |
| --- | --- | --- | --- |
| `shapes.root/pickle/main/cold/none` | `here` | PC901 | `no report came` |

### Causes

**PC201 load-error: title of PC201** (1 cell)

- **What happened:** This.
- **Why:** That.
- **What to do:** `Do` it.

**PC901 undecided: title of PC901** (1 cell)

- **What happened:** This.
- **Why:** That.
- **What to do:** `Do` it.

### Missing

The scenario is gone; `picklecheck baseline prune` takes such entries out.

| cell | environment | recorded |
| --- | --- | --- |
| `shapes.gone/pickle/main/cold/none` | `here` | wrong-type PC301 |

### Not checked

1 entry of the baseline had no part in this run: `shapes.old/pickle/main/cold/none`.

<details>
<summary>2 tolerated failures</summary>

- PC201 load-error: title of PC201 (1 cell)
- PC301 wrong-type: title of PC301 (1 cell)

</details>
"""  # noqa: E501 - a row of a table is a line


def test_the_usual_document() -> None:
    assert render(make_usual_document()) == USUAL


def test_a_run_in_which_all_is_well() -> None:
    assert (
        render(make_document([make_row(expected=True)]))
        == """\
## picklecheck: passed

The answer.

### Environments

| environment | Python | Pydantic | cloudpickle | passed | tolerated | unsupported | findings | undecided |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| `here` | 3.11.7 | 2.14.3 | 3.1.2 | 1 | 0 | 0 | 0 | 0 |
"""
    )


def test_no_environment_could_be_had() -> None:
    document = make_document(exit_status=3, environments=[make_lost_environment("no `uv` | here")])

    assert (
        render(document)
        == """\
## picklecheck: could not judge

The answer.

### Environments

- `there` is unavailable: ``no `uv` \\| here``
"""
    )


@pytest.mark.parametrize(
    ("exit_status", "finding", "expected", "word"),
    [
        (0, PASS, None, "passed"),
        (0, LOST, None, "passed"),
        (0, LOST, False, "findings, forgiven"),
        (1, LOST, False, "findings"),
        (3, PASS, None, "could not judge"),
        (4, PASS, None, "nothing was checked"),
        (130, PASS, None, "interrupted"),
    ],
)
def test_the_heading_is_the_verdict(exit_status: int, finding: Finding, expected: bool | None, word: str) -> None:  # noqa: FBT001
    text = render(make_document([make_row(finding, expected=expected)], exit_status=exit_status))

    assert text.splitlines()[0] == f"## picklecheck: {word}"


def test_the_worst_findings_come_first() -> None:
    rows = [
        make_row(LOST, BOX.replace("box", "first"), expected=False),
        make_row(Finding(Outcome.CRASH, "PC501"), BOX.replace("box", "second"), expected=False),
        make_row(LOST, BOX.replace("box", "third"), standing=make_standing(Status.REGRESSED)),
        make_row(Finding(Outcome.TIMEOUT, "PC502"), BOX.replace("box", "fourth"), expected=False),
    ]
    text = render(make_document(rows, exit_status=1))

    assert re.findall(r"^\| `shapes\.(\w+)", text, re.MULTILINE) == ["second", "third", "fourth", "first"]


def test_what_is_recorded_with_an_entry_is_told() -> None:
    standing = make_standing(Status.EXPIRED, then=LOST, reason="see [#7]", until="2.14")

    assert r"| expired, see \[#7\] (until 2.14) |" in render(make_document([make_row(LOST, standing=standing)]))


def test_cells_between_environments() -> None:
    rows = [make_row(LOST, environment="here", receiver_environment="there", expected=False), make_row()]
    text = render(make_document(rows, environments=[make_environment(), replace(make_environment(), id="there")]))

    assert "| `here` | 3.11.7 | 2.14.3 | 3.1.2 | 1 | 0 | 0 | 1 | 0 |" in text
    assert "| `there` | 3.11.7 | 2.14.3 | 3.1.2 | 0 | 0 | 0 | 0 | 0 |" in text
    assert "\nCells between two environments are counted where the value was dumped.\n" in text
    assert "| `shapes.box/pickle/main/cold/none` | `here -> there` | broken | load-error | PC201 |" in text


def test_of_what_was_not_checked_there_are_five_examples() -> None:
    left = [make_standing(Status.NOT_CHECKED, BOX.replace("box", f"box{number}")) for number in range(1234)]
    text = render(make_document([make_row()], comparison=make_comparison(*left)))

    assert "\n1,234 entries of the baseline had no part in this run: `shapes.box0/" in text
    assert text.count("`shapes.box") == 5
    assert text.endswith("/none` and 1,229 more.\n")


def long_document(findings: int = 60) -> str:
    """Return a long report's text: its findings take the most room."""
    return render(make_document(exit_status=1, **LONG(findings)))


def LONG(findings: int) -> dict[str, object]:
    return {}
