"""Compare ways to run the default plan, in one go: fork, spawn, and plain scripts as in the original report.

    python benchmarks/run_default_plan.py [--sample N] [--skip-spawn]

The plain way starts three interpreters for each cell, a producer, a receiver and one that compares, and looks at
nothing but "did it load, and is it of the very class"; it is measured on every N-th cell and scaled up. Figures are
CPU seconds of all processes together (user and system), wall seconds, and the parent's peak memory; compare them
within one run, for the machine's own speed changes from hour to hour.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from costs import Cost, children_cpu, show
from plain_scripts import REPOSITORY, plain_scripts, read_scenarios


def measure_picklecheck(isolation: str) -> Cost:
    """Run the default plan with the command line."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        before, started = children_cpu(), time.perf_counter()
        arguments = ["run", "-q", "--isolation", isolation, "--output", f"json={report}"]
        process = subprocess.Popen([sys.executable, "-m", "picklecheck", *arguments], cwd=REPOSITORY)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # waited for above, with its resource usage
        wall, cpu = time.perf_counter() - started, children_cpu() - before
        cells = json.loads(report.read_text())["cells"]
    return Cost(wall, cpu, {cell["id"]: cell["outcome"] for cell in cells}, usage.ru_maxrss / 1024)


def measure_plain(cells: list[str], scenarios: dict[str, dict[str, Any]]) -> Cost:
    """Run cells with three plain scripts each, one after the other."""
    outcomes: dict[str, str] = {}
    before, started = children_cpu(), time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for cell in cells:
            outcomes[cell] = run_plain_cell(cell, scenarios, folder)
    return Cost(time.perf_counter() - started, children_cpu() - before, outcomes)


def run_plain_cell(cell: str, scenarios: dict[str, dict[str, Any]], folder: Path) -> str:
    """Write and run the three scripts of one cell; say what the last one printed, or which one failed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(REPOSITORY)
    for script, failed in plain_scripts(cell, scenarios, folder / "payload"):
        path = folder / "script.py"
        path.write_text(script)
        ended = subprocess.run(
            [sys.executable, str(path)],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
        )
        if ended.returncode != 0:
            return failed
    return ended.stdout.split()[-1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=20, help="run every N-th cell the plain way (default: 20)")
    parser.add_argument("--skip-spawn", action="store_true", help="leave out --isolation spawn, which takes minutes")
    options = parser.parse_args()

    fork = measure_picklecheck("fork")
    show("picklecheck, fork", fork, fork)
    if not options.skip_spawn:
        spawn = measure_picklecheck("spawn")
        show("picklecheck, spawn", spawn, fork)
        differing = [cell for cell in fork.outcomes if fork.outcomes[cell] != spawn.outcomes.get(cell)]
        print(f"  cells that differ from fork: {len(differing)} {differing[:3]}")
    judged = [cell for cell, outcome in fork.outcomes.items() if outcome != "unsupported"]
    cells = judged[:: options.sample]
    plain = measure_plain(cells, read_scenarios())
    scale = len(judged) / len(cells)
    show(
        f"plain scripts ({len(cells)} cells, scaled by {scale:.1f})",
        Cost(plain.wall * scale, plain.cpu * scale),
        fork,
    )
    differing = [cell for cell in cells if fork.outcomes[cell] != plain.outcomes[cell]]
    print(f"  cells that differ from fork: {[(one, fork.outcomes[one], plain.outcomes[one]) for one in differing]}")


if __name__ == "__main__":
    main()
