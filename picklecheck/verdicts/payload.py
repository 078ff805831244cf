"""Reads a pickle without running it: which globals it names. Pure, bytes in, data out."""

from __future__ import annotations

import pickletools
from typing import Any

from picklecheck.model import Payload

_STRINGS = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"})
_PUTS = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})


def read_payload(data: bytes) -> Payload:
    """Return the protocol and the globals that a payload names, as ``module qualname``, in order of appearance.

    STACK_GLOBAL takes module and name off the stack; picklers push them right before it, fresh or from the memo, so
    the last two strings are theirs. A payload that is no pickle gives what was read so far, and an ``error``.
    """
    reader = _Reader()
    error = None
    try:
        for opcode, argument, _ in pickletools.genops(data):
            reader.read(opcode.name, argument)
    except (ValueError, IndexError, KeyError) as failure:
        error = f"not a readable pickle: {failure}"
    return Payload(reader.protocol, tuple(reader.globals), error)


class _Reader:
    """Follows the strings of a pickle, and nothing else, from opcode to opcode."""

    def __init__(self) -> None:
        self.protocol: int | None = None
        self.globals: dict[str, None] = {}
        self._last_strings: list[str | None] = [None, None]
        self._memo: dict[int, str | None] = {}
        self._just_pushed: str | None = None

    def read(self, opcode: str, argument: Any) -> None:  # noqa: ANN401 - what an opcode carries
        """Take in one opcode with its argument."""
        if opcode == "FRAME":
            return
        if opcode == "MEMOIZE":
            self._memo[len(self._memo)] = self._just_pushed
            return
        if opcode in _PUTS:
            self._memo[int(argument)] = self._just_pushed
            return
        self._just_pushed = argument if opcode in _STRINGS else None
        if opcode in _STRINGS:
            self._last_strings = [self._last_strings[1], argument]
        elif opcode in _GETS:
            self._last_strings = [self._last_strings[1], self._memo.get(int(argument))]
        elif opcode == "GLOBAL":
            self.globals[argument] = None
        elif opcode == "STACK_GLOBAL":
            self.globals[" ".join(map(str, self._last_strings))] = None
        elif opcode == "PROTO":
            self.protocol = argument
