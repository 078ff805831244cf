"""The command line's end of a probe server, with a process that is none."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from picklecheck.harness.probe_client import ProbeClient


def test_closing_twice_leaves_other_peoples_files_alone(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    main.write_text("")
    server = ProbeClient(Path(sys.executable), main, "spawn", tmp_path / "log", threading.Event())
    server.start()
    server.close()
    others = [os.open(main, os.O_RDONLY) for _ in range(4)]  # they take the numbers that have become free

    server.close()

    for number in others:
        os.fstat(number)
        os.close(number)
