"""How many of a number of cells pass, as the tables of a matrix print it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from picklecheck.model import Outcome
from picklecheck.reports.terminal.glyphs import glyph, style_of

if TYPE_CHECKING:
    from picklecheck.matrix_report import Mark


@dataclass
class Tally:
    """Counts of cells. ``judged`` holds neither what is unsupported nor what is undecided."""

    passed: int = 0
    judged: int = 0
    undecided: int = 0
    unsupported: int = 0
    broken: int = 0

    def add(self, mark: Mark) -> None:
        """Count one more cell."""
        self.passed += mark.outcome is Outcome.PASS
        self.judged += mark.outcome.is_judged
        self.undecided += mark.outcome is Outcome.UNDECIDED
        self.unsupported += mark.outcome is Outcome.UNSUPPORTED
        self.broken += mark.expected is False

    @property
    def style(self) -> str:
        """The style of the worst of them."""
        if self.broken:
            return style_of(Outcome.LOAD_ERROR, expected=False)
        if self.passed < self.judged:
            return style_of(Outcome.LOAD_ERROR, expected=None)
        if self.undecided:
            return style_of(Outcome.UNDECIDED, expected=None)
        return style_of(Outcome.PASS if self.judged else Outcome.UNSUPPORTED, expected=None)

    def number(self, *, ascii_only: bool) -> str:
        """Return ``12/15``; a dash if there is nothing to judge, nothing at all if nothing was run."""
        if self.judged:
            return f"{self.passed}/{self.judged}"
        if self.undecided:
            return "0/0"
        return glyph(Outcome.UNSUPPORTED, ascii_only=ascii_only) if self.unsupported else ""

    @property
    def doubt(self) -> str:
        """``?3`` if three cells could not be judged."""
        return f"?{self.undecided}" if self.undecided else ""
