"""Measure the fix, `picklecheck.reducers`, against stock Pydantic, named subclasses and ccflow's reducer.

    python benchmarks/run_reducers.py [--quick] [--python PATH] [--pydantic VERSION] [--sizes N,N...] [--json PATH]

One environment, which uv builds in a temporary folder from the configured index, holds all contenders. Each shape and
size is measured in several new processes; within one, all contenders take turns of a millisecond, over and over,
without the garbage collector, and of each the fastest turn counts, in CPU time. A ratio is the median over the
processes; the last column says how far they lie apart, at worst. Compare figures within one run only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plain_scripts import REPOSITORY
from reducer_report import GENERIC, ORDINARY, Figures, limit, table, targets
from workplace import find_uv

CLOUDPICKLE = "3.1.2"
CCFLOW = "ccflow>=0.8.4"  # the first with a reducer for generic models
LIMIT_S = 900.0
STAGED = ("reducer_child.py", "reducer_models.py", "reducer_ccflow_models.py")
ORDINARY_SIZES = (1, 10, 1000)


@dataclass(frozen=True)
class Effort:
    """How much is measured: the sizes, how many processes for each, seconds in each of them, new interpreters."""

    sizes: tuple[int, ...]
    passes: int
    seconds: float
    starts: int


QUICK = Effort(sizes=(1, 10, 1000), passes=1, seconds=0.2, starts=6)
FULL = Effort(sizes=(1, 10, 1000, 100_000), passes=5, seconds=0.6, starts=40)
LARGE = 10_000
LARGE_PASSES = 2  # these take as many seconds as the machine needs


class Station:
    """A temporary folder with the environment and the staged modules, and the programs that run there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started = time.perf_counter()
        self._variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._variables.pop("VIRTUAL_ENV", None)
        self.python = Path(sys.executable)
        stage = folder / "stage"
        package = stage / "picklecheck"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / "picklecheck" / "reducers", package / "reducers", ignore=ignored)
        shutil.copy(REPOSITORY / "picklecheck" / "__init__.py", package)
        for name in STAGED:
            shutil.copy(REPOSITORY / "benchmarks" / name, stage)
        self._stage = stage

    def build(self, pydantic: str) -> str:
        """Build the environment; return why ccflow is not in it, if that is so."""
        uv, folder = find_uv(), self._folder / "environment"
        self._run([uv, "venv", "--quiet", "--python", sys.executable, folder])
        self.python = folder / "bin" / "python"
        install: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", self.python, "--only-binary", ":all:"]
        packages = [f"pydantic=={pydantic}", f"cloudpickle=={CLOUDPICKLE}"]
        try:
            self._run([*install, *packages, CCFLOW])
        except subprocess.CalledProcessError as error:
            self._run([*install, *packages])
            return " ".join(error.stderr.split())[:300]
        return ""

    def child(self, part: str, *arguments: str, seed: int = 0) -> dict[str, Any]:
        """Measure one part in a new process."""
        report = self._folder / "report.json"
        print(
            f"{time.perf_counter() - self._started:5.0f} s  {part} {' '.join(arguments)}", file=sys.stderr, flush=True
        )
        # String hashes differ from process to process of a run, and are the same in the next run.
        variables = {"PYTHONPATH": str(self._stage), "PYTHONHASHSEED": str(seed)}
        self._run([self.python, "-m", "reducer_child", report, part, *arguments], variables)
        found: dict[str, Any] = json.loads(report.read_text())
        return found

    def _run(self, command: list[str | Path], variables: dict[str, str] | None = None) -> None:
        try:
            subprocess.run(
                command,
                check=True,
                cwd=self._folder,
                env={**self._variables, **(variables or {})},
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                timeout=LIMIT_S,
            )
        except subprocess.CalledProcessError as error:
            if "--only-binary" not in command:
                sys.exit(f"{error.stderr[-4000:]}\n{' '.join(map(str, command))}\nended with status {error.returncode}")
            raise


def measure_values(station: Station, effort: Effort) -> tuple[Figures, list[dict[str, Any]]]:
    """Measure all shapes and sizes, again and again; return also what each process has told."""
    figures, records = Figures(), []
    plan = [(shape, size) for shape in GENERIC for size in effort.sizes]
    plan += [(shape, size) for shape in ORDINARY for size in ORDINARY_SIZES if size in effort.sizes]
    for number in range(effort.passes):
        for shape, size in plan:
            if size >= LARGE and number >= LARGE_PASSES:
                continue
            arguments = ["--shape", shape, "--size", str(size), "--seconds", str(effort.seconds)]
            found = station.child("values", *arguments, seed=number)
            figures.add(shape, size, found)
            records.append({"shape": shape, "size": size, **found})
    return figures, records


def starts(station: Station, count: int, before: str = "") -> dict[str, list[float]]:
    """Import and install in new interpreters; return the seconds of each step by its name."""
    arguments = ["--before", before] if before else []
    found = [station.child("start", *arguments, seed=number) for number in range(count)]
    return {name: [one[name] for one in found] for name in found[0]}


def show_starts(station: Station, effort: Effort, *, has_ccflow: bool) -> None:
    """Print what import, install() and uninstall() take."""
    bare, ready = starts(station, effort.starts), starts(station, effort.starts, "cloudpickle")
    print(limit("import picklecheck.reducers, after Pydantic", bare["import"] + ready["import"], 5e-3))
    print(limit("install(), cloudpickle imported before", ready["install"], 1e-3))
    if has_ccflow:
        large = starts(station, max(3, effort.starts // 4), "ccflow")
        print(limit(f"install(), in a program of {large['modules'][0]:.0f} modules (ccflow)", large["install"], 1e-3))
    what = "which imports cloudpickle" if any(bare["has_cloudpickle"]) else "cloudpickle not imported"
    print(limit(f"install(), {what}", bare["install"]))
    print(limit("uninstall()", ready["uninstall"]))


def show_memory(station: Station) -> None:
    """Print the peak of traced bytes of a dump."""
    for serializer, found in station.child("memory", "--size", "1000")["peaks"].items():
        figures = (f"{name} {found[name] / found['stock']:.2f}x {found[name] / 1000:.0f} kB" for name in found)
        print(f"peak memory, dumps of 1,000, {serializer}: {', '.join(figures)}")


def sizes_of(text: str) -> tuple[int, ...]:
    """Read ``1,1000``."""
    return tuple(sorted({int(word) for word in text.split(",")}))


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="half a minute, without 100,000 instances; less exact")
    parser.add_argument("--python", type=Path, metavar="PATH", help="an interpreter with all packages; builds nothing")
    parser.add_argument("--pydantic", default="2.14.3", metavar="VERSION", help="(default: %(default)s)")
    parser.add_argument("--sizes", type=sizes_of, metavar="N,N", help="how many instances are in the list")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the time of each turn there")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    options = read_options()
    effort = QUICK if options.quick else FULL
    if options.sizes:
        effort = Effort(options.sizes, effort.passes, effort.seconds, effort.starts)
    sys.path.insert(0, str(REPOSITORY))
    # As Ctrl-C does it: what is under way ends with this process, and the folder goes.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="picklecheck-benchmark-") as folder:
        station = Station(Path(folder).resolve())
        reason = ""
        if options.python:
            station.python = options.python.absolute()
        else:
            reason = station.build(options.pydantic)
        found = station.child("describe")
        has_ccflow = "without_ccflow" not in found
        names = {"python": "Python", "pydantic": "Pydantic", "cloudpickle": "cloudpickle", "ccflow": "ccflow"}
        print(", ".join(f"{name} {found[key]}" for key, name in names.items() if key in found), flush=True)
        if not has_ccflow:
            print(f"Without ccflow: {reason or found['without_ccflow']}")
        figures, records = measure_values(station, effort)
        print()
        for text in targets(figures):
            print(text)
        show_starts(station, effort, has_ccflow=has_ccflow)
        show_memory(station)
        for text in (*table(figures, GENERIC), *table(figures, ORDINARY)):
            print(text)
    if options.json:
        options.json.write_text(json.dumps({"environment": found, "children": records}))


if __name__ == "__main__":
    main()
