"""Measure `picklecheck matrix` in one go: against single runs, nox, bare uv, itself a second time, and its memory.

    python benchmarks/run_matrix.py [--versions N] [--sample K] [--nox-versions N] [--full] [--skip PART]...

Everything lies in a temporary folder: environments, results, uv's cache, nox. It needs Linux and the package index.
Figures are CPU seconds of all processes together (user and system), wall seconds, and the peak memory of the parent
alone; compare them within one run, for the machine's own speed changes from hour to hour.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from costs import Cost, children_cpu, show, total
from nox_sessions import Nox
from plain_scripts import REPOSITORY
from workplace import LIMIT_S, Workplace, find_uv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Self

# Enough to have every environment's modules compiled to bytecode before anything is measured.
WARM_UP = ("shapes.specialization", "controls.plain_model")
BUILDS = 3
CACHED_RUNS = 5


@dataclass(frozen=True)
class Built:
    """An environment of the matrix."""

    id: str
    pydantic: str
    cloudpickle: str
    python: Path


class Benchmark:
    """A workplace with the environments of the default matrix, or as many of them as are wanted."""

    def __init__(self, place: Workplace, options: argparse.Namespace) -> None:
        self.place = place
        self.options = options
        self.environments: Sequence[Built] = ()
        self._are_all = True

    def prepare(self) -> Self:
        """Build all that is to be used, and use it once."""
        report, listing = self.place.new_file("environments.json"), self.place.new_file("listing.json")
        self.place.picklecheck("matrix", *WARM_UP, "--exit-zero", "--output", f"json={report}")
        self.place.picklecheck("envs", "list", "--format", "json", output=listing)
        folders = {row["pydantic"]: Path(row["path"]) for row in json.loads(listing.read_text())}
        found = [
            Built(one["id"], one["pydantic"], one["cloudpickle"], folders[one["pydantic"]] / "bin" / "python")
            for one in json.loads(report.read_text())["environments"]
            if one["status"] == "ok"
        ]
        self._are_all = self.options.versions >= len(found)
        self.environments = spread(found, self.options.versions)
        return self

    def matrix(self, environments: Sequence[Built], *more: str) -> Cost:
        """Check the whole catalogue in some environments."""
        return self.place.check("matrix", *self.axes(environments), *more)

    def axes(self, environments: Sequence[Built]) -> list[str]:
        """Return the arguments for these environments, none for the default matrix."""
        if self._are_all and len(environments) == len(self.environments):
            return []
        return [word for one in environments for word in ("--pydantic", one.pydantic)]

    @cached_property
    def whole(self) -> Cost:
        """The whole matrix, each cell run."""
        return self.matrix(self.environments)


def spread(items: Sequence[Built], count: int) -> list[Built]:
    """Return ``count`` of them, from the first to the last at even distances; the last one if it is one."""
    if count >= len(items):
        return list(items)
    if count == 1:
        return [items[-1]]
    return [items[round(number * (len(items) - 1) / (count - 1))] for number in range(count)]


def show_target(name: str, value: float, target: float, *, at_least: bool = False, unit: str = "x") -> None:
    """Print a figure, what it should be, and whether it is."""
    is_met = value >= target if at_least else value <= target
    limit = "at least" if at_least else "at most"
    print(f"  {name}: {value:.2f}{unit}, target {limit} {target:g}{unit}: {'met' if is_met else 'MISSED'}", flush=True)


# Against single runs


def measure_runs(benchmark: Benchmark) -> None:
    """One matrix, and a run in each of its environments: half of them before and half of them after it."""
    place, environments = benchmark.place, benchmark.environments
    half = len(environments) // 2

    def run(one: Built) -> Cost:
        return place.check("run", "--python", one.python)

    before = [run(one) for one in environments[:half]]
    matrix = benchmark.whole
    runs = total([*before, *map(run, environments[half:])])
    show(f"matrix, {len(environments)} versions, {len(matrix.outcomes)} cells", matrix, matrix)
    show(f"{len(environments)} single runs", runs, matrix)
    differing = [cell for cell in matrix.outcomes if matrix.outcomes[cell] != runs.outcomes.get(cell)]
    print(f"  cells that differ from the runs: {len(differing)} {differing[:3]}")
    show_target("CPU of the matrix, in terms of the runs", matrix.cpu / runs.cpu, 1.3)


# Against nox


def measure_nox(benchmark: Benchmark) -> None:
    """The same versions with nox, one of K cells with plain scripts."""
    environments = spread(benchmark.environments, benchmark.options.nox_versions)
    matrix = benchmark.matrix(environments)
    judged = {
        one.pydantic: [
            cell.removeprefix(f"{one.id} ")
            for cell, outcome in matrix.outcomes.items()
            if cell.startswith(f"{one.id} ") and outcome != "unsupported"
        ]
        for one in environments
    }
    sampled = {version: draw(cells, benchmark.options.sample) for version, cells in judged.items()}
    nox = Nox(benchmark.place, environments[0].cloudpickle)
    nox.build(list(sampled))
    seen = nox.run(sampled)
    scales = {version: len(judged[version]) / len(sampled[version]) for version in sampled}
    three, two = seen.scaled(scales), seen.scaled(scales, without_rehearsal=True)

    show(f"matrix, Pydantic {' '.join(sampled)}", matrix, matrix)
    show("nox, three plain scripts a cell", three, matrix)
    show("nox, two plain scripts a cell", two, matrix)
    count, whole = (sum(map(len, cells.values())) for cells in (sampled, judged))
    print(f"  {count} cells with nox, scaled by {whole / count:.1f}; two scripts: without the one that only loads")
    theirs = {
        f"{one.id} {cell}": outcome
        for one in environments
        for cell, outcome in seen.sessions[one.pydantic].outcomes.items()
    }
    show_differing(matrix.outcomes, theirs)
    show_target("CPU of three scripts a cell", three.cpu / matrix.cpu, 20, at_least=True)
    show_target("CPU of two scripts a cell", two.cpu / matrix.cpu, 20, at_least=True)


def show_differing(ours: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """Print the cells of which plain scripts say something else; they look at the outermost class alone."""
    differing = [cell for cell in theirs if theirs[cell] != ours[cell]]
    unseen = sum(theirs[cell] == "pass" for cell in differing)
    print(f"  cells that differ from the matrix: {len(differing)}; in {unseen} of them plain scripts see no failure")
    for cell in differing:
        print(f"    {cell}: {ours[cell]}, with nox {theirs[cell]}")


def draw(cells: Sequence[str], share: int) -> list[str]:
    """Return one of ``share`` cells, by lot, the same ones each time.

    Counting off would not do: a scenario has 24 cells in a fixed order, so every 20th is of few kinds.
    """
    return random.Random(0).sample(cells, max(1, len(cells) // share))


# Building


def measure_building(benchmark: Benchmark) -> None:
    """Build the environments with what uv has cached: picklecheck's way, and two bare commands each."""
    place, environments = benchmark.place, benchmark.environments
    pairs = []
    for _ in range(BUILDS):
        ours, bare = place.new_folder("cache"), place.new_folder("bare")
        versions = [word for one in environments for word in ("--pydantic", one.pydantic)]
        built = place.picklecheck("envs", "build", *versions, "--cloudpickle", environments[0].cloudpickle, cache=ours)
        pairs.append((built, build_bare(place, environments, bare)))
        for folder in (ours, bare):
            shutil.rmtree(folder)
    # The least of them: what disturbs a build, the index for one, only ever makes it longer.
    built, bare_cost = (min(costs, key=lambda cost: cost.wall) for costs in zip(*pairs, strict=True))
    show(f"bare uv, {len(environments)} environments, {cores()} at a time", bare_cost, bare_cost)
    show("picklecheck envs build", replace(built, parent_mb=0), bare_cost)
    walls = ", ".join(f"{ours.wall:.1f} and {bare.wall:.1f}" for ours, bare in pairs)
    print(f"  the least of {BUILDS} each, in turns; all of them, picklecheck and bare: {walls} s")
    show_target("wall time of building, in terms of bare uv", built.wall / bare_cost.wall, 1.5)


def build_bare(place: Workplace, environments: Sequence[Built], folder: Path) -> Cost:
    """Build environments with ``uv venv`` and ``uv pip install``, as many at a time as there are cores."""
    uv = find_uv()
    variables = place.variables | index_settings()

    def build(one: Built) -> None:
        venv = folder / one.pydantic
        installing = [uv, "pip", "install", "--quiet", "--python", str(venv / "bin" / "python")]
        for command in (
            [uv, "venv", "--quiet", "--python", sys.executable, str(venv)],
            [*installing, f"pydantic=={one.pydantic}", f"cloudpickle=={one.cloudpickle}"],
        ):
            subprocess.run(command, check=True, cwd=REPOSITORY, env=variables, timeout=LIMIT_S)

    before, started = children_cpu(), time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(build, environments))
    return Cost(time.perf_counter() - started, children_cpu() - before)


def index_settings() -> dict[str, str]:
    """Return what picklecheck tells uv of the index, so that bare uv looks in the same places."""
    from picklecheck.environments.index_settings import read_index_settings  # noqa: PLC0415 - see find_uv

    return dict(read_index_settings(os.environ, REPOSITORY).for_uv)


def cores() -> int:
    """Return the number of cores that may be used."""
    return len(os.sched_getaffinity(0))


# A second time


def measure_cached(benchmark: Benchmark) -> None:
    """The matrix again with --cached, when nothing has changed."""
    first = benchmark.whole
    arguments = ("matrix", *benchmark.axes(benchmark.environments), "--cached", "--exit-zero")
    costs = [benchmark.place.picklecheck(*arguments) for _ in range(CACHED_RUNS)]
    middle = sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]
    show("the matrix, each cell run", first, first)
    show(f"the matrix again, --cached, median of {CACHED_RUNS}", middle, first)
    show_target("wall time of --cached", statistics.median(cost.wall for cost in costs), 2, unit=" s")


# Memory


def measure_memory(benchmark: Benchmark) -> None:
    """The parent's peak, for more and more cells."""
    environments = benchmark.environments
    full = ("matrix", "--matrix", "full", "--cached")
    counts = [count for count in (1, 4) if count < len(environments)]
    rows: dict[str, Callable[[], Cost]] = {
        f"{count} version{'s' * (count > 1)}": partial(benchmark.matrix, spread(environments, count))
        for count in counts
    }
    every = f"{len(environments)} versions"
    rows |= {every: lambda: benchmark.whole, f"{every}, --cached": lambda: benchmark.matrix(environments, "--cached")}
    if benchmark.options.full:
        rows["--matrix full, the rest of it run"] = lambda: benchmark.place.check(*full)
        rows["--matrix full, --cached"] = lambda: benchmark.place.check(*full)
    costs: list[Cost] = []
    for name, measure in rows.items():
        costs.append(measure())
        show(f"{name}, {len(costs[-1].outcomes)} cells", costs[-1], costs[0])
    show_target("the most of them", max(cost.parent_mb for cost in costs), 300, unit=" MB")


def main() -> None:
    """Measure and print."""
    measurements: dict[str, Callable[[Benchmark], None]] = {
        "runs": measure_runs,
        "nox": measure_nox,
        "build": measure_building,
        "cached": measure_cached,
        "memory": measure_memory,
    }
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--versions", type=int, default=15, metavar="N", help="take N versions of the default matrix (default: 15)"
    )
    parser.add_argument("--sample", type=int, default=20, metavar="K", help="run one of K cells with nox (default: 20)")
    parser.add_argument(
        "--nox-versions", type=int, default=2, metavar="N", help="run N of the versions with nox (default: 2)"
    )
    parser.add_argument(
        "--full", action="store_true", help="measure the memory of --matrix full too, which takes 15 minutes more"
    )
    parser.add_argument(
        "--skip",
        action="append",
        choices=list(measurements),
        default=[],
        metavar="PART",
        help="leave out one of " + ", ".join(measurements),
    )
    options = parser.parse_args()
    sys.path.insert(0, str(REPOSITORY))
    # As Ctrl-C does it: what is under way ends with this process, and the folder goes.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))

    with tempfile.TemporaryDirectory(prefix="picklecheck-benchmark-") as folder:
        benchmark = Benchmark(Workplace(Path(folder).resolve()), options).prepare()
        versions = [one.pydantic for one in benchmark.environments]
        python = ".".join(map(str, sys.version_info[:3]))
        print(f"{cores()} cores, Python {python}, Pydantic {' '.join(versions)}", flush=True)
        for name, measure in measurements.items():
            if name not in options.skip:
                print(f"\n{name}", flush=True)
                measure(benchmark)


if __name__ == "__main__":
    main()
