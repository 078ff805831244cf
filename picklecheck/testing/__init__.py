"""For tests: does an object survive the way to another process? Plain functions, for unittest and any other runner.

>>> from picklecheck.testing import assert_portable
>>> assert_portable(Box[int](value=5))
"""

from __future__ import annotations

import atexit
import os
import threading
from typing import TYPE_CHECKING

from picklecheck.errors import CouldNotJudgeError

if TYPE_CHECKING:
    from typing_extensions import Self

    from picklecheck.model import Result
    from picklecheck.testing.roundtrip import Roundtrips

__all__ = ["ColdRoundtrip", "NotPortableError", "UndecidedError", "assert_portable"]

# How long one process may take, in seconds.
TIMEOUT = 30.0


class NotPortableError(AssertionError):
    """The object did not arrive as it was sent. ``result`` is the evidence; the text has code, why and cure."""

    def __init__(self, text: str, result: Result) -> None:
        super().__init__(text)
        self.result = result


class UndecidedError(CouldNotJudgeError):
    """Nobody can say whether the object arrived: no failure of the object, and no success either."""

    def __init__(self, text: str, result: Result) -> None:
        super().__init__(text)
        self.result = result


class ColdRoundtrip:
    """Dumps objects in this process and loads each in a fresh one; what the fixture ``cold_roundtrip`` is.

    The processes come from a server that starts with the first object and ends with ``close()``. ``isolation`` is
    ``auto``, ``fork`` (off a process that has loaded Pydantic and nothing else) or ``spawn`` (a new interpreter each
    time, slow); both give the same verdicts.
    """

    def __init__(self, isolation: str = "auto", timeout: float = TIMEOUT) -> None:
        self._isolation = isolation
        self._timeout = timeout
        self._roundtrips: Roundtrips | None = None
        self._owner = 0
        self._locks: dict[int, threading.Lock] = {}

    def __call__(
        self,
        obj: object,
        *,
        serializer: str = "pickle",
        receiver: str = "bare",
        fix: str = "none",
        second_hop: bool = False,
    ) -> Result:
        """Return the evidence that ``obj`` arrived: of the very class, with its whole state, still of use.

        A string that reads ``MODULE:NAME`` is no object but a target: what that function returns is built and dumped in
        a fresh process, as ``picklecheck run MODULE:NAME`` does it. Any other string is sent as it is.

        ``serializer``: ``pickle``, ``pickle:PROTOCOL``, ``cloudpickle`` or ``dill``. ``receiver``: ``bare`` (imports
        only what the payload names), ``bare-module`` (the same, and loads at module scope, not in a function), ``cold``
        (has imported the modules of the generic models), ``warm`` (has evaluated the specializations at module scope of
        its ``__main__``), ``warm-function`` (in a function) or ``warm-other`` (in another module). ``fix``: ``none``
        adds nothing to what this process has installed; ``instance`` and ``class`` install it for this one dump.
        ``second_hop``: the object goes through one more process, cold and without the fix, that loads it and dumps it
        again.

        Raises NotPortableError (an AssertionError) if it did not arrive, UndecidedError if nobody can tell, and
        UsageError for another value of an option.
        """
        __tracebackhide__ = True
        from picklecheck.errors import UsageError  # noqa: PLC0415 - most of picklecheck is imported when it is used
        from picklecheck.model import Outcome  # noqa: PLC0415
        from picklecheck.reports.terminal import assertion  # noqa: PLC0415

        if second_hop and receiver not in ("bare", "cold"):
            msg = f"second_hop does not go with receiver {receiver!r}: the process between is a cold one."
            raise UsageError(msg, "Leave one of them out.")
        with self._lock():
            roundtrips = self._opened()
            environment = roundtrips.environment()
            try:
                result = roundtrips.check(obj, serializer, "relay" if second_hop else receiver, fix)
            except UsageError as error:
                raise error.with_traceback(None) from None  # the mistake is the caller's: our frames tell nothing
            tried = roundtrips.try_cures(obj, result)
        if result.verdict.outcome is Outcome.PASS:
            return result
        text = assertion.render(result, environment, tried)
        if result.verdict.outcome.is_failure:
            raise NotPortableError(text, result)
        raise UndecidedError(text, result)

    def __reduce__(self) -> tuple[object, ...]:
        """Arrive without a server. Models that a test defines keep what stands around them, this among it."""
        return ColdRoundtrip, (self._isolation, self._timeout)

    def _lock(self) -> threading.Lock:
        """Threads take turns: answers come through one pipe. A fork has a lock of its own, or it might never get it."""
        return self._locks.setdefault(os.getpid(), threading.Lock())

    def _opened(self) -> Roundtrips:
        # A fork of the test process must not talk to its parent's server.
        if self._roundtrips is None or self._roundtrips.is_closed or self._owner != os.getpid():
            from picklecheck.harness.settings import make_settings  # noqa: PLC0415 - see above
            from picklecheck.testing.roundtrip import Roundtrips  # noqa: PLC0415 - see above

            self.close()
            self._owner = os.getpid()
            opening = Roundtrips(make_settings(self._isolation, 1, self._timeout))
            try:
                self._roundtrips = opening.__enter__()
            except BaseException:  # Ctrl-C, on its way between the two, or behind both
                self._roundtrips = None
                opening.__exit__(None, None, None)
                raise
        return self._roundtrips

    def __enter__(self) -> Self:
        """Nothing starts before the first object."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the server, if one was started by this process."""
        if self._roundtrips is not None and self._owner == os.getpid():
            self._roundtrips.__exit__(None, None, None)
        self._roundtrips = None


_shared = ColdRoundtrip()
atexit.register(_shared.close)


def assert_portable(
    obj: object,
    *,
    serializer: str = "pickle",
    receiver: str = "bare",
    fix: str = "none",
    second_hop: bool = False,
) -> Result:
    """Assert that ``obj`` arrives in a fresh process; see ``ColdRoundtrip``. Returns the evidence."""
    __tracebackhide__ = True
    return _shared(obj, serializer=serializer, receiver=receiver, fix=fix, second_hop=second_hop)
