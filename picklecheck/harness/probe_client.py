"""The command line's end of a probe server."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

from picklecheck import processes
from picklecheck.errors import ServerLostError
from picklecheck.model import Child

if TYPE_CHECKING:
    import threading
    from pathlib import Path

# How long an interpreter may take to start and import Pydantic, how long what we do in a child (draw, compare, store)
# may take, and how long an answer may lag behind a child's own time limits, in seconds. All are the harness's limits,
# not the user's: passing one means "could not tell".
START_LIMIT = 60.0
OWN_LIMIT = 60.0
ANSWER_MARGIN = 15.0
_POLL = 0.1


class ProbeClient:
    """A running server in the environment under test. Not shared between threads, but for ``close``.

    It is a session of its own, so a terminal's Ctrl-C reaches only us; it ends when we close it or die.
    """

    def __init__(self, python: Path, server_main: Path, isolation: str, log: Path, stop: threading.Event) -> None:
        self._python = python
        self._server_main = server_main
        self._isolation = isolation
        self._log = log
        self._stop = stop
        self._buffered = b""
        self._hello: dict[str, Any] | None = None
        self._number = 0
        self._is_idle = True
        self._process: subprocess.Popen[bytes] | None = None
        self._open = contextlib.ExitStack()

    def start(self) -> None:
        """Start it, once; raises ServerLostError. Whatever cuts that off, ``close`` closes what is open."""
        # PYTHON* variables are the CLI's environment, not that of the interpreter under test.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        try:
            # Ctrl-C in a test process is an exception, between any two lines; a server whose pipe is closed ends.
            with contextlib.ExitStack() as theirs:
                request_read, self._requests = _pipe(theirs, self._open)
                self._answers, answer_write = _pipe(self._open, theirs)
                # select() knows no descriptors beyond 1,023
                self._arrivals = self._open.enter_context(selectors.DefaultSelector())
                self._arrivals.register(self._answers, selectors.EVENT_READ)
                output = theirs.enter_context(self._log.open("wb"))
                words = (self._server_main, request_read, answer_write, self._isolation)
                self._process = processes.start(
                    [str(self._python), "-E", "-s", *(str(word) for word in words)],
                    output=output,
                    errors=output,
                    environment=environment,
                    pass_fds=[request_read, answer_write],
                )
        except OSError as error:
            self._open.close()
            msg = f"{self._python} did not start: {error.strerror or error}"
            raise ServerLostError(msg) from error

    def hello(self) -> dict[str, Any]:
        """Return what the server read back from its environment; raises ServerLostError."""
        if self._hello is None:
            self._is_idle = False
            self._hello = self._read(time.monotonic() + START_LIMIT)
            self._is_idle = True
        return self._hello

    def run(self, main: Path, job: dict[str, Any], timeout: float) -> Child:
        """Have ``main`` run in a child of its own and return what was seen of it; raises ServerLostError."""
        self.hello()
        if not self._is_idle:
            msg = "an earlier request to the probe server was cut off"
            raise ServerLostError(msg)
        self._number += 1
        request = {"number": self._number, "main": str(main), "job": job, "timeout": timeout, "own_timeout": OWN_LIMIT}
        self._is_idle = False
        try:
            self._write(json.dumps(request).encode("ascii") + b"\n")
        except BrokenPipeError as error:
            raise ServerLostError(self._death()) from error
        answer = self._read(time.monotonic() + timeout + OWN_LIMIT + ANSWER_MARGIN)
        if answer.pop("number", None) != self._number:
            msg = "the probe server answered another request"
            raise ServerLostError(msg)
        self._is_idle = True
        try:
            return Child(**answer)
        except TypeError as error:
            msg = "the probe server's answer makes no sense"
            raise ServerLostError(msg) from error

    @property
    def is_idle(self) -> bool:
        """Is there no request without its answer, and no greeting half read?

        What an exception cuts off (Ctrl-C, a time limit) stays open.
        """
        return self._is_idle

    def end(self) -> None:
        """Tell the server to end its child and itself; returns at once, and may be called from any thread."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """End the server, wait for it, and let go of the pipes; a second time does nothing."""
        with self._open:
            self.end()
            self._wait_or_kill()

    def _write(self, message: bytes) -> None:
        while message:
            message = message[os.write(self._requests, message) :]

    def _read(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._buffered:
            if self._stop.is_set():
                msg = "the run was interrupted"
                raise ServerLostError(msg)
            if time.monotonic() > deadline:
                msg = "the probe server did not answer in time"
                raise ServerLostError(msg)
            if self._arrivals.select(_POLL):
                data = os.read(self._answers, 1 << 20)
                if not data:
                    raise ServerLostError(self._death())
                self._buffered += data
        line, _, self._buffered = self._buffered.partition(b"\n")
        try:
            answer: dict[str, Any] = json.loads(line)
        except (ValueError, RecursionError) as error:
            msg = "the probe server's answer makes no sense"
            raise ServerLostError(msg) from error
        return answer

    def _wait_or_kill(self) -> int | None:
        """Return the status, once it has ended by itself or was ended; None if it never was started."""
        if self._process is None:
            return None
        try:
            return self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _death(self) -> str:
        status = self._wait_or_kill()
        words = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = f": {words[-1]}" if words else ""
        return f"the probe server ended with status {status}{last}"


def _pipe(read_end: contextlib.ExitStack, write_end: contextlib.ExitStack) -> tuple[int, int]:
    """Return the two ends of a pipe, each to be closed with one of the stacks."""
    read, write = processes.pipe()
    read_end.callback(os.close, read)
    write_end.callback(os.close, write)
    return read, write
