"""dill, in a process of its own: importing it changes pickle's pure Python pickler for everybody."""

import subprocess
import sys
from pathlib import Path

import picklecheck

PROGRAM = Path(__file__).parent / "programs" / "with_dill.py"
ROOT = Path(picklecheck.__file__).parent.parent


def test_dill() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(PROGRAM)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
