"""How a report for people is to be drawn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """How to draw: the width in columns, ASCII or not, and how much to say (-1 quiet, 0, 1 every failed cell).

    ``used`` is how many bytes of the place for it are taken, where that is limited.
    """

    width: int = 80
    ascii_only: bool = False
    verbosity: int = 0
    used: int = 0
