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
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
FIXES = {
    "none": "",
    "instance": "from picklecheck.reducers import install\ninstall(level='instance')\n",
    "class": "from picklecheck.reducers import install\ninstall(level='class')\n",
}
DUMPS = {"pickle": "pickle.dumps(value, pickle.HIGHEST_PROTOCOL)", "cloudpickle": "cloudpickle.dumps(value)"}


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of CPU in all processes, and what came out of it."""

    wall: float
    cpu: float
    outcomes: dict[str, str]
    parent_mb: float = 0.0


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
    scenario_id, serializer, site, receiver, fix = cell.split("/")
    scenario = scenarios[scenario_id]
    module, name = scenario["defined_in"], scenario["name"]
    head = f"import pickle\nfrom {scenario['module']} import *\nfrom {scenario['module']} import {scenario['names']}\n"
    build = f"import {module}\nvalue = {module}.{name}.build(*classes)\n"
    payload = folder / "payload"
    classes = f"({''.join(text + ', ' for text in scenario['expressions'])})"
    warm = f"({''.join(text + ', ' for text in scenario['warm'])})"
    evaluate = f"classes = {classes}\n" if site == "main" else f"def f():\n    return {classes}\nclasses = f()\n"
    producer = (
        FIXES[fix]
        + head
        + scenario["before"]
        + "\n"
        + evaluate
        + build
        + (f"import cloudpickle\nopen({str(payload)!r}, 'wb').write({DUMPS[serializer]})\n")
    )
    load = (
        head
        + (scenario["warm_before"] + f"\nwarm = {warm}\n" if receiver == "warm" else "")
        + f"value = pickle.load(open({str(payload)!r}, 'rb'))\n"
    )
    compare = (
        load
        + f"loaded = value\nclasses = {classes}\n"
        + build
        + "print('pass' if type(loaded) is type(value) and (not isinstance(value, type) or loaded is value)"
        " else 'wrong-type')\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(REPOSITORY)
    for script, failed in ((producer, "dump-error"), (load, "load-error"), (compare, "load-error")):
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


def children_cpu() -> float:
    """Return the CPU seconds of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def read_scenarios() -> dict[str, dict[str, Any]]:
    """Return what the plain scripts need to know of each scenario."""
    sys.path.insert(0, str(REPOSITORY))
    import importlib  # noqa: PLC0415 - only here is it the benchmark's own process that imports the catalogue

    import repros  # noqa: PLC0415
    from picklecheck.staging.sources import free_names  # noqa: PLC0415

    found = {}
    for family, module_name in [(family, name) for family, names in repros.FAMILIES.items() for name in names]:
        for name, scenario in vars(importlib.import_module(f"repros.{module_name}")).items():
            if hasattr(scenario, "check_loaded"):
                texts = [scenario.before, scenario.warm_before, *scenario.expressions, *scenario.warm]
                found[f"{family}.{name}"] = {
                    "defined_in": f"repros.{module_name}",
                    "name": name,
                    "module": scenario.module,
                    "expressions": scenario.expressions,
                    "before": scenario.before,
                    "warm": scenario.warm,
                    "warm_before": scenario.warm_before,
                    "names": ", ".join(free_names("\n".join(texts))) or "__name__ as _",
                }
    return found


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
        Cost(plain.wall * scale, plain.cpu * scale, {}),
        fork,
    )
    differing = [cell for cell in cells if fork.outcomes[cell] != plain.outcomes[cell]]
    print(f"  cells that differ from fork: {[(one, fork.outcomes[one], plain.outcomes[one]) for one in differing]}")


def show(name: str, cost: Cost, base: Cost) -> None:
    """Print one row: the figures, and what they are in terms of the first row's."""
    memory = f"  parent {cost.parent_mb:.0f} MB" if cost.parent_mb else ""
    print(
        f"{name:45} wall {cost.wall:7.1f} s ({cost.wall / base.wall:5.1f}x)  "
        f"CPU {cost.cpu:7.1f} s ({cost.cpu / base.cpu:5.1f}x){memory}",
        flush=True,
    )


if __name__ == "__main__":
    main()
