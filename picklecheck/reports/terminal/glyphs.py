"""One character a cell, and the abbreviations that head the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.gate.judgement import Judgement
from picklecheck.model import Outcome

if TYPE_CHECKING:
    from picklecheck.reports.document import Row

_UNICODE = {Outcome.PASS: "✓", Outcome.UNSUPPORTED: "–"}  # noqa: RUF001 - the dash is meant
_ASCII = {
    Outcome.PASS: ".",
    Outcome.DUMP_ERROR: "D",
    Outcome.LOAD_ERROR: "L",
    Outcome.WRONG_TYPE: "T",
    Outcome.WRONG_VALUE: "V",
    Outcome.CRASH: "X",
    Outcome.TIMEOUT: "H",
    Outcome.UNSUPPORTED: "-",
    Outcome.UNDECIDED: "?",
}
_STYLES = {Outcome.PASS: "green", Outcome.UNSUPPORTED: "dim", Outcome.UNDECIDED: "bold magenta"}

SITE_LETTERS = {"main": "m", "function": "f", "elsewhere": "e", "annotation": "a", "origin": "o", "own": "u"}
RECEIVER_LETTERS = {
    "cold": "c",
    "warm": "w",
    "warm-function": "f",
    "warm-same": "s",
    "warm-other": "o",
    "warm-built": "t",
    "bare": "b",
    "bare-module": "m",
    "mp-main": "p",
    "relay": "r",
}


def glyph(outcome: Outcome, *, ascii_only: bool) -> str:
    """Return the character of an outcome."""
    return _ASCII[outcome] if ascii_only else _UNICODE.get(outcome, _ASCII[outcome])


def style(row: Row) -> str:
    """Return the style of a cell: what is a finding stands out."""
    return style_of(row.outcome, False if row.judgement is Judgement.FINDING else None)


def style_of(outcome: Outcome, expected: bool | None) -> str:  # noqa: FBT001 - the word of a result
    """Return the style of an outcome: a broken promise stands out from a failure that nobody promised to avoid."""
    if expected is False:
        return "bold white on red"
    return _STYLES.get(outcome, "yellow")


def shortened(serializer: str, width: int) -> str:
    """Return the name of a serializer in at most ``width`` characters."""
    name, colon, protocol = serializer.partition(":")
    for candidate in (name, {"pickle": "pkl", "cloudpickle": "cloud", "dill": "dill"}[name], name[0]):
        if len(candidate + colon + protocol) <= width:
            return candidate + colon + protocol
    return (name[0] + protocol)[:width]
