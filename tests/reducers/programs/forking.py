"""Forks children that call ``install()`` while threads use ``installed()``; prints how many of them did not end.

Runs on Python 3.8 and Pydantic 2.0.
"""

import json
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from picklecheck.reducers import install, installed

T = TypeVar("T")
PATIENCE = 20.0  # seconds for one child: it has nothing to do but to take a lock


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T


def use(stop: threading.Event) -> None:
    """Take and release the lock, over and over."""
    while not stop.is_set():
        with installed():
            pickle.dumps(Box[int](value=1))


def has_ended(pid: int) -> bool:
    """Wait for a child, and end one that hangs."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def main(children: int) -> Any:
    """Fork that many children, one after the other; the first that hangs is the last."""
    stop = threading.Event()
    threads = [threading.Thread(target=use, args=(stop,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(children):
            pid = os.fork()
            if pid == 0:
                try:
                    install()
                finally:
                    os._exit(0)
            if not has_ended(pid):
                return {"hung": number}
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return {"hung": None}


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # Python 3.12 warns of forks beside threads, which is what is tried
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
