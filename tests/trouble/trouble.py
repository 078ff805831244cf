"""Scenarios whose values do to the process that dumps or loads them whatever a user's code may do to it."""

import json
import os
import signal
import sys
import time

from pydantic import BaseModel

from repros import scenario


class Fine(BaseModel):
    """Does nothing."""

    value: int = 0


class Acts:
    """Calls a function of this module when it is dumped, or when it is loaded, and is an ordinary object then."""

    def __init__(self, dumping=None, loading=None):
        self.dumping = dumping
        self.loading = loading

    def __eq__(self, other):
        return isinstance(other, Acts) and (self.dumping, self.loading) == (other.dumping, other.loading)

    __hash__ = None

    def __reduce__(self):
        # The second hop dumps in the receiver: nothing is to happen there.
        if self.dumping and os.path.basename(sys.argv[0]).find("_produce_") >= 0:
            globals()[self.dumping]()
        return restore, (self.dumping, self.loading)


def restore(dumping, loading):
    if loading:
        globals()[loading]()
    return Acts(dumping, loading)


def hang():
    time.sleep(1000)


def hang_and_ignore_sigterm():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(1000)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def segfault():
    os.kill(os.getpid(), signal.SIGSEGV)


def exit_at_once():
    os._exit(0)


def exit_politely():
    sys.exit(3)


def raise_something():
    message = "as [/bold]asked"
    raise RuntimeError(message)


def print_without_end():
    for stream in (sys.stdout, sys.stderr):
        for _ in range(160):
            stream.write("x" * 65535 + "\n")


def close_everything():
    os.closerange(0, 256)


def fork_and_go_on_twice():
    os.fork()


def leave_somebody_behind():
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)


def write_to_the_channel():
    os.write(json.loads(sys.argv[1])["channel"], b"not json\n[1]\n")


def kill_the_server():
    os.kill(os.getppid(), signal.SIGKILL)


def _define(name, **when):
    def build():
        return Acts(**when)

    build.__name__ = name
    build.__doc__ = "Trouble: %s." % name
    globals()[name] = scenario()(build)


@scenario()
def fine():
    """No trouble at all."""
    return Fine()


for action in (
    "hang",
    "hang_and_ignore_sigterm",
    "kill",
    "segfault",
    "exit_at_once",
    "exit_politely",
    "raise_something",
    "print_without_end",
    "close_everything",
    "fork_and_go_on_twice",
    "leave_somebody_behind",
    "write_to_the_channel",
    "kill_the_server",
):
    _define("dump_" + action, dumping=action)
    _define("load_" + action, loading=action)
