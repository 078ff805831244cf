"""Run programs, each in a process of its own that is forked from this one: an interpreter that has Pydantic loaded.

Reads lines of JSON, the paths of a program and of a file for its output, and answers each with the exit status. No
module of a user's is imported here, and nothing of picklecheck is.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
import warnings
from pathlib import Path

LIMIT_S = 60


def main() -> None:
    """Answer until there are no more lines."""
    import cloudpickle  # type: ignore[import-untyped] # noqa: F401, PLC0415 - what each program needs, once
    import pydantic  # noqa: PLC0415

    class _First(pydantic.BaseModel):  # what Pydantic imports late is there, too
        x: int = 0

    sys.path[0] = str(Path.cwd())
    while line := sys.stdin.readline():
        program, output = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(program, output)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - the answer


def _run(program: str, output: str) -> None:
    signal.alarm(LIMIT_S)
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, output + ".error", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(path, flags, 0o600), number)
    sys.argv = [program]
    warnings.simplefilter("ignore")
    status = 1
    try:
        runpy.run_path(program, run_name="__main__")
        status = 0
    except BaseException:  # noqa: BLE001 - a fork must not return
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
