"""The picture of the terminal."""

from __future__ import annotations

import os
from xml.etree import ElementTree as ET

import pytest
from document_builders import NASTY
from rich.text import Text

from picklecheck.reports.svg import render
from picklecheck.reports.view import View

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: str) -> list[tuple[float, float, str]]:
    """Return the runs of text in the terminal: the column and the line where each begins, and what it says."""
    root = ET.fromstring(picture.encode())
    matrix = root.find(f"{SVG}g/{SVG}g")
    assert matrix is not None
    return [
        (float(one.attrib["x"]) / 12.04, (float(one.attrib["y"]) - 20) / 24.4, (one.text or "").replace("\xa0", " "))
        for one in matrix.iterfind(f"{SVG}text")
        if (one.text or "").strip("\n")
    ]


def grid() -> Text:
    """Return a grid of two lines, in which each mark has a style of its own."""
    text = Text("receiver   cw\n", style="dim")
    return text.append("box        ").append("✓", style="green").append("L", style="bold white on red").append("\n")


def test_each_run_stands_in_its_column() -> None:
    runs = drawn(render(grid(), View(width=20), "a title"))

    assert [(round(column, 2), round(line, 2), text) for column, line, text in runs] == [
        (0, 0, "receiver   cw"),
        (0, 1, "box        "),
        (11, 1, "✓"),
        (12, 1, "L"),
    ]


def test_the_same_text_is_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    before = render(grid(), View(width=20), "a title")
    for name, value in {"NO_COLOR": "1", "COLUMNS": "13", "LINES": "3", "TERM": "dumb", "FORCE_COLOR": "1"}.items():
        monkeypatch.setitem(os.environ, name, value)

    assert render(grid(), View(width=20), "a title") == before
    assert render(grid(), View(width=20), "another") != before


def test_nothing_is_fetched_from_anywhere() -> None:
    picture = render(grid(), View(width=20), "a title")

    assert picture.replace('xmlns="http://www.w3.org/2000/svg"', "").count("//") == 0
    assert "@font-face" not in picture
    assert "url(" not in picture.replace("url(#", "")
    assert picture.count("monospace") == 2


def test_what_is_referred_to_is_there() -> None:
    root = ET.fromstring(render(Text("one\ntwo"), View(width=20), "a title").encode())
    made = {one.attrib["id"] for one in root.iter(f"{SVG}clipPath")}
    drawn_lines = [one for one in root.iter(f"{SVG}text") if (one.text or "").strip()]

    assert {one.attrib["clip-path"][5:-1] for one in drawn_lines if "clip-path" in one.attrib} <= made


def test_styles_are_kept_and_told_apart() -> None:
    picture = render(grid(), View(width=20), "a title")
    rules = {line.partition(" ")[2] for line in picture.splitlines() if "{ fill" in line}

    assert len(rules) == 4
    assert any("bold" in rule for rule in rules)
    assert '<rect fill="#cc555a"' in picture


def test_the_width_is_that_of_the_look() -> None:
    def width(columns: int) -> float:
        return float(ET.fromstring(render(grid(), View(width=columns), "a title").encode()).attrib["width"])

    assert width(100) - width(80) == pytest.approx(20 * 12.04, abs=1)


def test_a_line_that_is_too_long_loses_nothing() -> None:
    runs = drawn(render(Text("x" * 25 + "\n"), View(width=20), ""))

    assert [text for _, _, text in runs] == ["x" * 20, "x" * 5]


def test_what_users_write_is_no_markup() -> None:
    text = Text(f"Box[int] [/bold] [red]x[/red] :smile: <b>&amp;</b>\n{NASTY}\n", style="bold")
    picture = render(text, View(width=200), NASTY)
    said = [one for _, _, one in drawn(picture)]

    assert said[0] == "Box[int] [/bold] [red]x[/red] :smile: <b>&amp;</b>"
    assert "Box[int] [/bold] | `a` ``b`` <b> & \"c\" 'd' ]]> % @you" in said[1]
    assert picture.encode()


def test_a_character_that_svg_cannot_hold_leaves_the_styles_in_their_places() -> None:
    text = Text("a\x1b\udcffb").append("c", style="red").append("\n")

    assert [one for _, _, one in drawn(render(text, View(width=20), ""))] == ["a\ufffd\ufffdb", "c"]
