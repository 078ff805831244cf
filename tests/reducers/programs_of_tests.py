"""Run one of the programs beside the tests, in a process of its own, and read the JSON that it prints."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Union

import picklecheck

PROGRAMS = Path(__file__).parent / "programs"
ROOT = str(Path(picklecheck.__file__).parent.parent)


def run_program(
    program: str, *arguments: object, python: Union[str, Path] = sys.executable, text: str = "", **environment: str
) -> Any:
    """Return what stands on the last line. ``PYTHONPATH=ROOT`` makes picklecheck importable there, ``""`` does not."""
    done = subprocess.run(
        [python, PROGRAMS / program, *map(str, arguments)],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
