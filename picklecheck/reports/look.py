"""How a report for people is to be drawn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How to draw: the width in columns, ASCII or not, and how much to say (-1 quiet, 0, 1 every failed cell)."""

    width: int = 80
    ascii_only: bool = False
    verbosity: int = 0
