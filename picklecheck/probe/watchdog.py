"""What ends a child whose server was killed: a process that reads from the server, and outlives it by a moment.

The server tells it which group is under way. When the pipe ends without a word, however the server (and whoever started
it) came to its end, that group is killed. A child does not begin before it was told.
"""

import os
import signal

# The last line that is whole counts: a server may die while it writes.
_PROGRAM = """
group=0
while read -r line; do group=$line; done
[ "$group" = 0 ] || kill -s KILL -- "-$group" 2>/dev/null
"""


class Watchdog:
    """The server's end of the pipe; to be made before there is anything that a fork should not copy."""

    def __init__(self):
        self._start()

    def _start(self):
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
        line = b"%d\n" % group
        try:
            os.write(self._write, line)
        except OSError:  # somebody killed it
            self.dismiss()
            self._start()
            os.write(self._write, line)

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
    os.dup2(read, 0)
    # The ends of the server's pipes: whoever reads at the others has to see that the server is gone.
    os.closerange(3, 256)
    # A shell is a hundredth of the memory of an interpreter, and knows all that is needed.
    os.execv("/bin/sh", ["sh", "-c", _PROGRAM])
