"""The pages of the named causes, and the short texts that are read off them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from picklecheck.errors import UsageError
from picklecheck.resources import PACKAGE
from picklecheck.verdicts import causes
from picklecheck.verdicts.causes import FIX, Cause, cause, known_codes, remedies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = re.compile(r'"(PC\d{3})"')
# A report shows each of these on a few lines of 80 columns.
LONGEST_PARAGRAPH = 200

PAGE = """\
# PC777: the class went astray

A line that no report shows.

## What happened

The class
went  astray.

A second paragraph.

## Why

Nobody looked.
### A heading below

## What to do

Look.
"""


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder that takes the place of docs/codes; it holds PC777 alone."""
    (tmp_path / "PC777.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "README.md").write_text("no cause", encoding="utf-8")
    monkeypatch.setattr(causes, "resource", {"codes": tmp_path}.__getitem__)
    cause.cache_clear()
    yield tmp_path
    cause.cache_clear()


@pytest.mark.parametrize("code", known_codes())
def test_each_page_has_a_title_and_three_sections_that_begin_briefly(code: str) -> None:
    found = cause(code)

    assert found.code == code
    assert found.page.startswith(f"# {code}: {found.title}\n")
    assert found.title
    for paragraph in (found.happened, found.why, *found.cure.splitlines()):
        assert 0 < len(paragraph) <= LONGEST_PARAGRAPH, paragraph


def test_each_code_in_the_source_has_a_page_and_each_page_a_use() -> None:
    used = {
        code
        for name in ("verdicts/diagnosis", "verdicts/culprits", "verdicts/receiver_states", "model", "harness/worker")
        for code in CODE.findall((PACKAGE / f"{name}.py").read_text("utf-8"))
    }

    assert used == set(known_codes())
    assert len(used) > 20


def test_a_page_is_read_by_its_headings(pages: Path) -> None:
    assert known_codes() == ["PC777"]
    assert cause("PC777") == Cause(
        code="PC777",
        title="the class went astray",
        happened="The class went astray.",
        why="Nobody looked.",
        cure="Look.",
        page=(pages / "PC777.md").read_text(encoding="utf-8"),
    )


def test_remedies_are_the_paragraphs_in_front_of_the_list(pages: Path) -> None:
    (pages / "PC778.md").write_text(
        PAGE.replace("Look.", "Call\nit.\n\nEvaluate that.\n\nGive names.\n\nLook.\n\n- More.\n\nMove on."),
        encoding="utf-8",
    )

    assert cause("PC778").cure == "Call it.\nEvaluate that.\nGive names.\nLook."
    assert [one.kind for one in remedies(cause("PC778"))] == ["class", "origin", "hand", "advice"]


@pytest.mark.parametrize("code", known_codes())
def test_the_fix_is_told_in_the_same_words_on_each_page(code: str) -> None:
    assert [one for one in remedies(cause(code)) if one.kind == "class"] in ([], [FIX])


def test_a_section_that_is_missing_is_empty(pages: Path) -> None:
    (pages / "PC778.md").write_text("# PC778: half a page\n\n## Why\n\nNo time.\n", encoding="utf-8")

    found = cause("PC778")

    assert (found.happened, found.why, found.cure) == ("", "No time.", "")


@pytest.mark.parametrize("spelling", ["pc777", " PC777\n", "Pc777"])
@pytest.mark.usefixtures("pages")
def test_a_code_is_known_in_any_spelling(spelling: str) -> None:
    assert cause(spelling).code == "PC777"


@pytest.mark.usefixtures("pages")
def test_an_unknown_code_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        cause("pc77")

    assert caught.value.message == "No cause is called 'pc77'."
    assert caught.value.hint == "Did you mean 'PC777'? There are: PC777."


@pytest.mark.usefixtures("pages")
def test_a_word_that_is_like_no_code_gets_the_list() -> None:
    with pytest.raises(UsageError) as caught:
        cause("../README")

    assert caught.value.hint == "There are: PC777."
