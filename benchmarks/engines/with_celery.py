"""Celery's worker, whose parent process hands the tasks on to its children."""

import contextlib
import os
import signal
import subprocess
import sys

from celery_app import task
from engine_models import install_in_sender, report

COMMAND = "-A celery_app worker --concurrency 1 -P prefork --without-mingle --without-gossip --without-heartbeat"


def main():
    """Start a worker, send, end the worker."""
    install_in_sender()
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", *COMMAND.split()],
        env={**os.environ, "C_FORCE_ROOT": "1"},  # a container's only user may be root
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        report(lambda box: task.delay(box).get(timeout=20))
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


if __name__ == "__main__":
    main()
