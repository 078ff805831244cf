"""What ends a child whose server was killed: a process that reads from the server, and outlives it by a moment.

The server tells it which group is under way. When the pipe ends without a word, however the server (and whoever started
it) came to its end, that group is killed. A child does not begin before it was told.
"""

import os
import signal


class Watchdog:
    """The server's end of the pipe; to be made before there is anything that a fork should not copy."""

    def __init__(self):
        read, self._write = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                _watch(read)
            finally:
                os._exit(0)
        os.close(read)

    def guard(self, group):
        """Say which group of processes is to end with us; 0 for none."""
        try:
            os.write(self._write, b"%d\n" % group)
        except OSError:  # somebody killed it; there is nothing that could be done about that
            pass

    def dismiss(self):
        """End it, and wait until it has ended."""
        try:
            os.close(self._write)
            os.waitpid(self._pid, 0)
        except OSError:  # a signal came while it was being dismissed
            pass


def _watch(read):
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # The ends of the server's pipes: whoever reads at the others has to see that the server is gone.
    os.dup2(read, 3)
    os.closerange(4, 256)
    said = b"0\n"
    while True:
        data = os.read(3, 4096)
        if not data:
            break
        said = (said + data)[-4096:]
    # The last line that is whole: a server may die while it writes.
    group = int(said[: said.rindex(b"\n")].rpartition(b"\n")[2])
    if group:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
