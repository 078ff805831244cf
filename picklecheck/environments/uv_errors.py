"""What uv says when it fails, in one line."""

from __future__ import annotations

import re

_LONGEST = 300
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_MAIN = re.compile(r"^\s*(?:error:|\N{MULTIPLICATION SIGN})\s*(.*)$")
_CAUSE = re.compile(r"^\s*(?:cause:|Caused by:|[├╰]─▶)\s*(.*)$")
_END = re.compile(r"^\s*hint:")
_BOX = " │\t"
_CONCLUSION = re.compile(r"^Because (?P<premises>.+?), we can conclude that ", re.DOTALL)
_SECRET = re.compile(r"://[^/@\s]+@")
_NO_PLACE = re.compile(
    r"No space left on device|Read-only file system|Permission denied|quota exceeded|Operation not permitted",
    re.IGNORECASE,
)


def one_line(text: str) -> str:
    """Return the most telling part of what uv wrote to stderr; a known form or, failing that, its last line."""
    main, causes = _parse(_COLOUR.sub("", text))
    if main.startswith("No solution found") and causes:
        found = _premises(" ".join(causes[0]))
    elif main:
        found = _chain(main, causes)
    else:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found = lines[-1] if lines else "uv failed and said nothing"
    found = without_secrets(" ".join(found.split())).rstrip(".")
    return found if len(found) <= _LONGEST else found[: _LONGEST - 3] + "..."


def find_place_trouble(text: str) -> str | None:
    """Return what is wrong with the disk or its permissions, if that is why uv failed."""
    match = _NO_PLACE.search(text)
    return match[0] if match else None


def _parse(text: str) -> tuple[str, list[list[str]]]:
    """Split into the error and its causes, each as its lines; both the older drawing and the newer words."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if _MAIN.match(line) and not blocks:
            blocks.append([_MAIN.sub(r"\1", line)])
        elif blocks and _CAUSE.match(line):
            blocks.append([_CAUSE.sub(r"\1", line)])
        elif blocks and _END.match(line):
            break
        elif blocks and line.strip(_BOX):
            blocks[-1].append(line.strip(_BOX))
    return (" ".join(blocks[0]), blocks[1:]) if blocks else ("", [])


def _premises(text: str) -> str:
    """Return what the first conclusion of the solver rests on: that is what nothing else can mend."""
    match = _CONCLUSION.match(text)
    if match is None:
        return text
    premises = match["premises"]
    first, _, required = premises.rpartition(" and you require ")
    return first if first and required in first else premises


def _chain(main: str, causes: list[list[str]]) -> str:
    """Join the error and its root; a failed build's root is the last line that the build printed."""
    heads = [cause[0] for cause in causes]
    if main.startswith("Request failed after") and heads:
        main = heads.pop(0)
    if causes and any("[std" in line for line in causes[-1]):
        return f"{main}: {causes[-1][-1]}"
    return f"{main}: {heads[-1]}" if heads else main


def without_secrets(text: str) -> str:
    """Return ``text`` with the credentials in its addresses hidden."""
    return _SECRET.sub("://***@", text)
