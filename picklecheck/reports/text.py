"""Lines of words: wrapped, cut and counted. What comes from users is never read as markup."""

from __future__ import annotations

import textwrap
from io import StringIO

from rich.console import Console
from rich.text import Text

from picklecheck.reports.printable import printable as printable  # noqa: PLC0414 - documents take it from here

_WIDEST = 100
# Needed to take a text apart; nothing is printed there.
_CONSOLE = Console(file=StringIO())


def harmless(text: Text) -> Text:
    """Return a styled text in which nothing steers a terminal or a log, wherever its pieces come from."""
    found = Text(end=text.end)
    for piece in text.render(_CONSOLE):
        is_line_start = not found.plain.rpartition("\n")[2].strip()
        found.append(printable(piece.text, is_line_start=is_line_start), style=piece.style)
    return found


def wrapped(words: str, width: int, first: str = "", rest: str = "", style: str = "") -> Text:
    """Return ``words`` in lines of at most ``width`` columns, and at most 100; ``first`` and ``rest`` indent."""
    lines = textwrap.wrap(
        printable(words),
        width=min(width, _WIDEST),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    return Text("\n".join(lines) + "\n", style=style)


def cut(name: str, width: int) -> str:
    """Return ``name`` in at most ``width`` characters; two dots stand for what is missing."""
    return name if len(name) <= width else name[: width - 2] + ".."


def counted(number: int, noun: str) -> str:
    """Return ``1 cell``, ``47,520 cells``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def named(names: list[str], most: int | None) -> str:
    """Return ``names`` with commas between; no more than ``most`` of them, and how many are left out."""
    shown = names if most is None else names[:most]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more (-v shows all)" if more else "")
