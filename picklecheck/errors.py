"""Errors that a user can act on: one sentence that names the input, and the next step. Printed in one place only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class PicklecheckError(Exception):
    """Something the user can mend. ``message`` says what happened, ``hint`` what to do next."""

    exit_status = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PicklecheckError):
    """The command line or a file it names is wrong (exit status 2)."""


class EnvironmentUnusableError(PicklecheckError):
    """The environment under test cannot be examined (exit status 3)."""

    exit_status = 3


class PlaceUnusableError(PicklecheckError):
    """A folder or file that picklecheck itself needs cannot be used: full, read-only, gone (exit status 3)."""

    exit_status = 3


class CouldNotJudgeError(PicklecheckError):
    """Nobody can say whether all is well (exit status 3)."""

    exit_status = 3


class InterruptedEarlyError(PicklecheckError):
    """A signal came before there was anything to report (exit status 130)."""

    exit_status = 130

    def __init__(self) -> None:
        super().__init__("Interrupted before there was anything to report.")


class ServerLostError(Exception):
    """A probe server ended or fell silent; whoever asked decides what that means. ``reason`` is one sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EvidenceLostError(Exception):
    """What a process left is gone, or what it told makes no sense. ``reason`` is one sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EnvironmentUnavailableError(Exception):
    """One environment cannot be had: no wheels, no such version, no solution. ``reason`` is one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the beginning of a hint, if one of the known words is near: ``Did you mean 'cold'? ``."""
    import difflib  # noqa: PLC0415 - only who has mistyped needs it

    near = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean {near[0]!r}? " if near else ""
