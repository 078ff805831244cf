"""What may be printed: text from users, from reports and from other programs, made harmless; in this one place.

A control character steers a terminal, and a line of the form ``::command::`` or with ``##[command]`` in it steers the
machine that keeps the log of a build: see "Workflow commands for GitHub Actions" on docs.github.com, and "Logging
commands" of Azure Pipelines.
"""

from __future__ import annotations

import re

# What XML 1.0 cannot hold (most control characters, lone surrogates), the rest of the control characters, with which a
# text could steer a terminal, and the marks that turn the direction of a text: Unicode's Bidi_Control.
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
UNPRINTABLE = re.compile(f"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[{_DIRECTIONS}]")
# A carriage return alone overwrites the line on a terminal, and ends it for a log.
_RETURN = re.compile("\r(?!\n)")
# GitHub looks for ``::`` behind any space at the beginning of a line, and for ``##[`` anywhere.
_COLONS = re.compile(r"(^|[\n\r])(\s*)::")
_HASHES = re.compile(r"##(?=\[|vso\[)")


def printable(text: str, *, is_line_start: bool = True) -> str:
    """Return ``text`` with escapes, as JSON and a literal of Python have them, for what is not harmless; lines stay.

    ``is_line_start`` says whether the text is to stand at the beginning of a line.
    """
    text = UNPRINTABLE.sub(_escaped, text)
    text = _HASHES.sub(r"#\\u0023", text)
    return _COLONS.sub(
        lambda found: found[0] if not found[1] and not is_line_start else f"{found[1]}{found[2]}\\u003a:", text
    )


def tame(text: str) -> str:
    """Return ``text`` as it may be written to a terminal, a log or a file that somebody may look at there."""
    return printable(_RETURN.sub(_escaped, text))


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")
