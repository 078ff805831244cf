"""Lines of words: wrapped, cut and counted. What comes from users is never read as markup."""

from __future__ import annotations

import re
import textwrap

from rich.text import Text

_WIDEST = 100


# What XML 1.0 cannot hold (most control characters, lone surrogates), and the rest of the control characters, with
# which a text could steer a terminal.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return ``text`` with the escapes of a Python literal for what no document may hold; lines stay."""
    return UNPRINTABLE.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


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
