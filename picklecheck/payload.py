"""Reads a pickle without running it: which globals it names. Pure, bytes in, data out."""

from __future__ import annotations

import pickletools

from picklecheck.model import Payload

_STRINGS = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"})
_PUTS = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})


def read_payload(data: bytes) -> Payload:
    """Return the protocol and the globals that a payload names, as ``module qualname``, in order of appearance.

    STACK_GLOBAL takes module and name off the stack; picklers push them right before it, fresh or from the memo, so
    the last two strings are theirs. A payload that is no pickle gives what was read so far, and an ``error``.
    """
    protocol: int | None = None
    found: dict[str, None] = {}
    strings: list[str | None] = [None, None]
    memo: dict[int, str | None] = {}
    latest: str | None = None
    try:
        for opcode, argument, _ in pickletools.genops(data):
            name = opcode.name
            if name == "MEMOIZE":
                memo[len(memo)] = latest
                continue
            if name in _PUTS:
                memo[int(argument)] = latest
                continue
            if name == "FRAME":
                continue
            latest = None
            if name in _STRINGS:
                latest = argument
                strings = [strings[1], latest]
            elif name in _GETS:
                strings = [strings[1], memo.get(int(argument))]
            elif name == "GLOBAL":
                found[argument] = None
            elif name == "STACK_GLOBAL":
                found[f"{strings[0]} {strings[1]}"] = None
            elif name == "PROTO":
                protocol = argument
    except (ValueError, IndexError, KeyError) as error:
        return Payload(protocol, tuple(found), f"not a readable pickle: {error}")
    return Payload(protocol, tuple(found))
