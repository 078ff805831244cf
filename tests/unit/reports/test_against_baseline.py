"""The section about the baseline in the report for people, whole."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from document_builders import BOX, COPIED, LOST, NASTY, PASS, SOURCE, UPSTREAM, make_comparison, make_standing
from rich.console import Console

from picklecheck.gate.baseline import Finding
from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import BaselineCheck
from picklecheck.model import Outcome
from picklecheck.reports.phrases import one_line
from picklecheck.reports.terminal.against_baseline import render
from picklecheck.reports.view import View

if TYPE_CHECKING:
    from picklecheck.gate.compare import Comparison, Standing


def cell(name: str) -> str:
    """Return the id of a cell of the scenario ``shapes.NAME``."""
    return BOX.replace("box", name)


def plain(comparison: Comparison, view: View | None = None, *, allow_fixed: bool = False) -> str:
    """Return the section without its styles."""
    return render(BaselineCheck("baseline.json", comparison, allow_fixed), view or View()).plain


def one_of_each() -> list[Standing]:
    """Return a standing of each status."""
    return [
        make_standing(Status.REGRESSED, cell("regressed"), why=UPSTREAM),
        make_standing(Status.CHANGED, cell("changed"), then=COPIED, why=SOURCE),
        make_standing(Status.EXPIRED, cell("expired"), then=LOST, reason="see [#7]", until="2.14"),
        make_standing(Status.FIXED, cell("fixed"), then=LOST, now=PASS, why=f"{UPSTREAM}, {SOURCE}"),
        make_standing(Status.AS_RECORDED, cell("recorded"), then=LOST),
        make_standing(Status.NEW, cell("new")),
        make_standing(Status.MISSING, cell("missing"), then=COPIED),
        make_standing(Status.NOT_CHECKED, cell("unchecked"), then=COPIED),
    ]


def test_one_of_each() -> None:
    assert (
        plain(make_comparison(*one_of_each()))
        == """\
Against baseline.json: 1 regressed, 1 changed, 1 expired, 1 fixed, 1 missing, 1
as recorded, 1 new, 1 not checked.

1 regressed (upstream changed: 1)
  do   The report tells the cause of each code, and what to do; so does
       `picklecheck explain CODE`.
  - shapes.regressed/pickle/main/cold/none: was pass, is load-error PC201
      AttributeError (upstream changed: pydantic 2.14.3 -> 2.14.4)

1 changed (you changed: 1)
  do   Look at what is new; if it is meant, record it with `picklecheck baseline
       update REPORT.json`.
  - shapes.changed/pickle/main/cold/none: was wrong-type PC301, is load-error
      PC201 AttributeError (you changed: its source changed)

1 expired
  do   Mend what fails, or move its `until` in the baseline.
  - shapes.expired/pickle/main/cold/none: still load-error PC201 AttributeError;
      recorded with it: see [#7] (until 2.14)

1 fixed (both changed: 1)
  do   Record it with `picklecheck baseline update REPORT.json`, or let it be
       with `--allow-fixed`.
  - shapes.fixed/pickle/main/cold/none: was load-error PC201 AttributeError, is
      pass (both changed: pydantic 2.14.3 -> 2.14.4, its source changed)

1 missing
  do   The scenario is gone; `picklecheck baseline prune REPORT.json` takes such
       entries out.
  - shapes.missing/pickle/main/cold/none: recorded as wrong-type PC301
"""
    )


def test_all_as_recorded_is_one_line() -> None:
    standings = [make_standing(Status.AS_RECORDED, cell(f"box{number}"), then=LOST) for number in range(1234)]

    assert plain(make_comparison(*standings)) == "Against baseline.json: 1,234 as recorded.\n"


def test_nothing_to_compare() -> None:
    assert plain(make_comparison()) == "Against baseline.json: nothing to compare.\n"


def test_quiet_counts_and_lists_nothing() -> None:
    comparison = make_comparison(make_standing(Status.REGRESSED), references={"here": "there"})

    assert plain(comparison, View(verbosity=-1)) == "Against baseline.json: 1 regressed.\n"


def test_eight_are_listed() -> None:
    comparison = make_comparison(*(make_standing(Status.EXPIRED, cell(f"box{one}"), then=LOST) for one in range(10)))
    brief, whole = plain(comparison, View(width=100)), plain(comparison, View(width=100, verbosity=1))

    assert brief.endswith(
        "  - shapes.box7/pickle/main/cold/none: still load-error PC201 AttributeError\n  and 2 more (-v shows all)\n"
    )
    assert brief.count("\n  - ") == 8
    assert whole.count("\n  - ") == 10
    assert "more" not in whole


def test_verbose_lists_what_was_not_checked() -> None:
    comparison = make_comparison(make_standing(Status.NOT_CHECKED, then=LOST, reason="see #7"))

    assert (
        plain(comparison, View(width=100, verbosity=1))
        == """\
Against baseline.json: 1 not checked.

1 not checked
  - shapes.box/pickle/main/cold/none: recorded as load-error PC201 AttributeError; recorded with it:
      see #7
"""
    )


def test_who_changed_something_is_counted() -> None:
    whys = (
        UPSTREAM,
        "",
        f"{UPSTREAM}, {SOURCE}",
        SOURCE,
        UPSTREAM,
        "python 3.11.7 -> 3.12.1, cloudpickle None -> 3.1.2",
    )
    standings = [make_standing(Status.REGRESSED, cell(f"box{number}"), why=why) for number, why in enumerate(whys)]
    text = plain(make_comparison(*standings), View(width=100))

    assert (
        """
6 regressed (both changed: 1, neither versions nor source changed: 1, upstream changed: 3, you
  changed: 1)
"""
        in text
    )
    assert [" ".join(one.split()).rpartition(" (")[2] for one in text.split("\n  - ")[1:]] == [
        "upstream changed: pydantic 2.14.3 -> 2.14.4)",
        "neither versions nor source changed)",
        "both changed: pydantic 2.14.3 -> 2.14.4, its source changed)",
        "you changed: its source changed)",
        "upstream changed: pydantic 2.14.3 -> 2.14.4)",
        "upstream changed: python 3.11.7 -> 3.12.1, cloudpickle None -> 3.1.2)",
    ]


def test_environments_are_named_where_there_are_several() -> None:
    comparison = make_comparison(
        make_standing(Status.EXPIRED, then=LOST),
        make_standing(Status.EXPIRED, then=LOST, environment="a", receiver_environment="b"),
    )

    assert (
        plain(comparison)
        == """\
Against baseline.json: 2 expired.

2 expired
  do   Mend what fails, or move its `until` in the baseline.
  - shapes.box/pickle/main/cold/none here: still load-error PC201 AttributeError
  - shapes.box/pickle/main/cold/none a -> b: still load-error PC201
      AttributeError
"""
    )


def test_an_environment_that_is_held_against_another_is_told() -> None:
    comparison = make_comparison(
        make_standing(Status.AS_RECORDED, then=LOST),
        references={"py3.11-pydantic2.15": "py3.11-pydantic2.14", "a": "a"},
    )

    assert (
        plain(comparison)
        == """\
Against baseline.json: 1 as recorded.
  - py3.11-pydantic2.15 is not recorded; it is held against py3.11-pydantic2.14.
"""
    )


def test_what_is_fixed_and_allowed_is_dim_and_asks_for_nothing() -> None:
    comparison = make_comparison(make_standing(Status.FIXED, then=LOST, now=PASS))
    text = render(BaselineCheck("baseline.json", comparison, allow_fixed=True), View(width=100))

    assert (
        text.plain
        == """\
Against baseline.json: 1 fixed.

1 fixed (neither versions nor source changed: 1)
  - shapes.box/pickle/main/cold/none: was load-error PC201 AttributeError, is pass (neither versions
      nor source changed)
"""
    )
    assert styles_of(
        render(BaselineCheck("x", comparison, allow_fixed=True), View()).plain.index("shapes"), comparison
    ) == {"dim"}


def styles_of(place: int, comparison: Comparison) -> set[str]:
    """Return the styles of a character."""
    text = render(BaselineCheck("x", comparison, allow_fixed=True), View())
    return {str(text.style), *(str(one.style) for one in text.spans if one.start <= place < one.end)} - {""}


def test_only_headings_are_bold() -> None:
    comparison = make_comparison(*one_of_each())
    text = render(BaselineCheck("x", comparison), View(width=100))
    bold = "".join(text.plain[one.start : one.end] for one in text.spans if str(one.style) == "bold")

    assert str(text.style) == ""
    assert [line.split()[1] for line in bold.splitlines()[2:]] == [
        "regressed",
        "changed",
        "expired",
        "fixed",
        "missing",
    ]


@pytest.mark.parametrize("verbosity", [0, 1])
def test_what_users_write_is_no_markup(verbosity: int) -> None:
    words = f"Box[int] [/bold] {NASTY}"
    standing = make_standing(
        Status.REGRESSED, words, then=PASS, now=Finding(Outcome.CRASH, "PC501", words), reason=words
    )
    text = render(BaselineCheck(words, make_comparison(standing)), View(width=100, verbosity=verbosity))
    console = Console(file=io.StringIO(), width=100, highlight=False)
    console.print(text, end="", soft_wrap=True)
    printed = console.file.getvalue()  # type: ignore[attr-defined]

    assert " ".join(printed.split()).count(one_line(words)) == 4
    assert printed == text.plain
    assert max(map(len, printed.splitlines())) <= 100
