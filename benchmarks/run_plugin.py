"""What the pytest plugin costs, in one go: where it is not used, and a hundred roundtrips in three ways.

    python benchmarks/run_plugin.py [--rounds N]

*start-up*: ``pytest --collect-only`` of 500 empty tests with the plugin and with ``-p no:picklecheck``, in turns, the
median of each. *roundtrips*: a test that calls ``cold_roundtrip`` a hundred times, with forked processes and with new
interpreters, and the plain way, which starts ``python -c`` for each object and looks at nothing but whether it loads.
Compare within one run: the machine's own speed changes from hour to hour.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MODELS = """
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    value: T
IntBox = Box[int]
"""
COLD = """
import models
def test_hundred(cold_roundtrip):
    for value in range(100):
        cold_roundtrip(models.IntBox(value=value))
"""
# On every Pydantic: the fix, or what a cold receiver says would end it at the first object.
INSTALL = "from picklecheck.reducers import install; install()\n"
PLAIN = """
import pathlib, pickle, subprocess, sys
import models
def test_hundred(tmp_path):
    path = tmp_path / "payload"
    for value in range(100):
        path.write_bytes(pickle.dumps(models.IntBox(value=value)))
        code = "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))"
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, cwd=pathlib.Path(models.__file__).parent)
"""


def timed(folder: Path, *arguments: str) -> float:
    """Run pytest in a folder and return the seconds that it took."""
    started = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        sys.exit(ended.stdout + ended.stderr)
    return time.perf_counter() - started


def main() -> None:
    """Measure, and print a row for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how often start-up is measured")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_empty.py").write_text("".join(f"def test_{number}(): pass\n" for number in range(500)))
        ways = {"without the plugin": ["-p", "no:picklecheck"], "with the plugin, not used": []}
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, options in ways.items():
                seconds[way].append(timed(folder, "--collect-only", *options))
        first = statistics.median(seconds["without the plugin"])
        for way, values in seconds.items():
            print(f"{way:28} {statistics.median(values):6.3f} s  {statistics.median(values) / first:5.3f}x")

        (folder / "test_empty.py").unlink()
        (folder / "models.py").write_text(INSTALL + MODELS)
        (folder / "test_cold.py").write_text(COLD)
        forked = timed(folder) - first
        spawned = timed(folder, "--picklecheck-isolation", "spawn") - first
        (folder / "test_cold.py").write_text(PLAIN)
        plain = timed(folder) - first
    for way, value in {"fork": forked, "spawn": spawned, "python -c each": plain}.items():
        print(f"100 roundtrips, {way:14} {value:6.2f} s  {value / forked:5.1f}x")


if __name__ == "__main__":
    main()
