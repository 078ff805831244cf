"""The report as Markdown, whole and as a reader of Markdown sees it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

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

from picklecheck.gate.baseline import Finding
from picklecheck.gate.compare import Status
from picklecheck.model import Outcome
from picklecheck.reports import markdown
from picklecheck.reports.markdown import code, escaped, render
from picklecheck.reports.phrases import one_line

if TYPE_CHECKING:
    from markdown_it.token import Token

    from picklecheck.reports.document import Document


# With tables and without HTML being dropped: as GitHub reads it, but for what it sanitizes.
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


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

The scenario is gone; `picklecheck baseline prune REPORT.json` takes such entries out.

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

- `there` is unavailable: ``no `uv` | here``
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


def make_long_document(findings: int = 60) -> Document:
    """Return a document whose table of findings takes most of the room."""
    rows = [make_row(LOST, BOX.replace("box", f"b\u00f6x{number}"), expected=False) for number in range(findings)]
    rows += [make_row(COPIED), make_row(Finding(Outcome.UNDECIDED, "PC901"))]
    return make_document(rows, exit_status=1, comparison=make_comparison(make_standing(Status.MISSING)))


def test_a_report_that_fits_is_not_cut() -> None:
    whole = render(make_long_document())

    assert render(make_long_document(), len(whole.encode())) == whole
    assert "were cut" in render(make_long_document(), len(whole.encode()) - 1)


def test_a_report_that_does_not_fit_loses_rows_and_says_so() -> None:
    text = render(make_long_document(1300), 2000)

    assert len(text.encode()) <= 2000
    assert "<details>" in text
    assert text.endswith(
        "\n... and 1,291 more rows were cut (1,289 of findings, 1 of undecided, 1 of missing); "
        "the whole report is in the other outputs.\n"
    )
    assert text.count("`shapes.b\u00f6x") == 11
    assert "### Undecided" not in text


def test_at_any_limit_the_report_fits_and_what_is_cut_is_counted() -> None:
    document = make_long_document(12)
    whole = render(document)
    for limit in range(0, len(whole.encode()), 3):
        text = render(document, limit)

        assert len(text.encode()) <= limit
        if limit > 200:
            cut = re.search(r"and (\d+) more rows were cut", text)
            assert cut
            kept = text.count("`shapes.b") + text.count("(1 cell)") + text.count("(12 cells)")
            assert kept + text.count("The answer") + text.count("| `here` | 3.11.7") + int(cut.group(1)) == 19


def cells(text: str) -> list[list[str]]:
    """Return what a reader sees in the rows of all tables, the heads left out."""
    rows: list[list[str]] = []
    for token in READER.parse(text):
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline" and token.level == 4 and rows:
            rows[-1].append(seen(token))
    return [row for row in rows if row[0] not in {"environment", "cell"}]


def seen(token: Token) -> str:
    """Return the words of a line; nothing but code may stand between them."""
    children = token.children or []
    assert {one.type for one in children} <= {"text", "code_inline", "text_special"}, children
    return "".join(one.content for one in children)


@pytest.mark.parametrize(
    "text", [NASTY, "Box[int]", "[/bold]", "a|b", "\\|", "\\", "`", "``a``", "a ` b", "<!-- -->", "# x", "~~x~~"]
)
def test_what_users_write_is_no_markup(text: str) -> None:
    standing = make_standing(Status.EXPIRED, then=LOST, reason=text)
    row = make_row(LOST, reason=text, environment=text, standing=standing)
    document = make_document(
        [replace(row, cell=replace(row.cell, scenario=text)), make_row()],
        exit_status=1,
        environments=[make_environment(), replace(make_lost_environment(text), id=text)],
        comparison=make_comparison(make_standing(Status.MISSING, text), make_standing(Status.NOT_CHECKED, text)),
    )
    plain = one_line(text)
    name = one_line(f"{text}/pickle/main/cold/none")

    assert cells(render(document)) == [
        ["here", "3.11.7", "2.14.3", "3.1.2", "1", "0", "0", "0", "0"],
        [name, plain, f"expired, {plain}".replace("@", "@\u200b"), "load-error", "PC201", plain],
        [plain, "here", "pass"],
    ]
    lost = next(one for one in READER.parse(render(document)) if one.type == "inline" and one.level == 3)
    assert seen(lost) == f"{plain} is unavailable: {plain}"


@given(st.text(alphabet=st.sampled_from("a|`\\ \n[]<>&*_~@#\x1b\udcff"), max_size=12))
def test_any_text_comes_back_out_of_a_table(text: str) -> None:
    table = "| a | b | c |\n| --- | --- | --- |\n" + markdown._row("x", code(text), escaped(text))
    plain = one_line(text)

    assert cells(table)[1:] == [["x", plain, plain.replace("@", "@\u200b")]]


def test_the_answer_is_no_markup() -> None:
    (_, _, _, _, answer, *_) = READER.parse(render(make_document(answer=[NASTY])))

    assert seen(answer) == one_line(NASTY).replace("@", "@\u200b")


def test_the_names_of_classes_are_readable_as_they_stand() -> None:
    assert code("Box[int]") == "`Box[int]`"
    assert code("a `b` | ``c``") == "``` a `b` | ``c`` ```"
    assert escaped("Box[int]") == r"Box\[int\]"
