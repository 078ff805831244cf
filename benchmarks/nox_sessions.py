"""nox with its uv backend, whose sessions run the plain scripts of cells."""

from __future__ import annotations

import compileall
import itertools
import json
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from costs import Cost, total
from plain_scripts import REPOSITORY, plain_scripts, read_scenarios
from workplace import find_uv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from workplace import Workplace

# The plain way's sessions: what picklecheck's environments hold, and each script as a user would run it.
NOXFILE = """\
import json
import pathlib
import resource
import subprocess
import time

import nox
from nox.command import CommandFailed

HERE = pathlib.Path(__file__).parent
PLAN = json.loads((HERE / "plan.json").read_text())
nox.options.default_venv_backend = "uv"


def spent():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in usages)


@nox.session
@nox.parametrize("pydantic", list(PLAN["sessions"]))
def plain(session, pydantic):
    session.install(f"pydantic=={pydantic}", f"cloudpickle=={PLAN['cloudpickle']}")
    cells = []
    for cell, scripts in PLAN["sessions"][pydantic].items():
        moments, outcome = [spent()], None
        for path, outcome_if_it_fails in scripts:
            try:
                words = session.run(
                    "python", path, silent=True, stderr=subprocess.DEVNULL, env={"PYTHONPATH": PLAN["path"]}
                ).split()
            except CommandFailed:
                outcome = outcome_if_it_fails
                break
            finally:
                moments.append(spent())
        cells.append({"cell": cell, "outcome": outcome or words[-1], "moments": moments})
    (HERE / f"{pydantic}.json").write_text(json.dumps(cells))
"""


@dataclass(frozen=True)
class Session:
    """What came out of a nox session, what its cells cost, and what they do without scripts that another repeats."""

    outcomes: Mapping[str, str]
    cost: Cost
    without_rehearsal: Cost


@dataclass(frozen=True)
class Seen:
    """What sessions of nox came to, by their version, and what the whole command cost."""

    sessions: Mapping[str, Session]
    cost: Cost

    def scaled(self, scales: Mapping[str, float], *, without_rehearsal: bool = False) -> Cost:
        """Scale up what was spent in cells; what nox itself needs to start and to end counts once."""
        in_cells = total([one.cost for one in self.sessions.values()])
        wall, cpu = self.cost.wall - in_cells.wall, self.cost.cpu - in_cells.cpu
        for version, session in self.sessions.items():
            cost = session.without_rehearsal if without_rehearsal else session.cost
            wall, cpu = wall + scales[version] * cost.wall, cpu + scales[version] * cost.cpu
        return Cost(wall, cpu)


class Nox:
    """nox in an environment of its own, and a folder with a noxfile and plain scripts."""

    def __init__(self, place: Workplace, cloudpickle: str) -> None:
        self._place = place
        self._cloudpickle = cloudpickle
        self._scenarios = read_scenarios()
        self._folder = place.new_folder("nox")
        (self._folder / "noxfile.py").write_text(NOXFILE)
        modules = place.new_folder("modules")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / "repros", modules / "repros", ignore=ignored)
        shutil.copytree(REPOSITORY / "picklecheck" / "reducers", modules / "picklecheck" / "reducers", ignore=ignored)
        shutil.copy(REPOSITORY / "picklecheck" / "__init__.py", modules / "picklecheck")
        compileall.compile_dir(modules, quiet=2)  # what is of a newer syntax than this Python's is left as it is
        self._modules = modules
        tools = place.folder / "tools"
        place.measure([find_uv(), "venv", "--quiet", "--python", sys.executable, tools])
        self._program = tools / "bin" / "nox"
        place.measure([find_uv(), "pip", "install", "--quiet", "--python", tools / "bin" / "python", "nox[uv]"])

    def build(self, versions: Sequence[str]) -> None:
        """Build the sessions' environments, bytecode included, so that no cell pays for that."""
        self._run(dict.fromkeys(versions, ()), variables={"UV_COMPILE_BYTECODE": "1"})

    def run(self, cells: Mapping[str, Sequence[str]]) -> Seen:
        """Run cells of each version in a session of its own, in the environments that were built."""
        cost = self._run(cells, "--reuse-venv=always", "--no-install")
        sessions = {version: _session(json.loads((self._folder / f"{version}.json").read_text())) for version in cells}
        return Seen(sessions, cost)

    def _run(
        self, cells: Mapping[str, Sequence[str]], *options: str, variables: Mapping[str, str] | None = None
    ) -> Cost:
        plan = {
            "cloudpickle": self._cloudpickle,
            "path": str(self._modules),
            "sessions": {version: dict(self._write(version, cells[version])) for version in cells},
        }
        (self._folder / "plan.json").write_text(json.dumps(plan))
        command: list[str | Path] = [self._program, "--noxfile", self._folder / "noxfile.py", *options]
        return self._place.measure(command, folder=self._folder, variables=variables)

    def _write(self, version: str, cells: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Write the scripts of cells; yield each cell with its scripts and the outcome if one of them fails."""
        for number, cell in enumerate(cells):
            folder = self._folder / "scripts" / version / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            scripts = []
            for name, (text, outcome) in zip(
                ("produce", "load", "compare"), plain_scripts(cell, self._scenarios, folder / "payload"), strict=True
            ):
                path = folder / f"{name}.py"
                path.write_text(text)
                scripts.append((str(path), outcome))
            yield cell, scripts


def _session(cells: Sequence[Mapping[str, Any]]) -> Session:
    """Add up a session's cells. The script that compares loads too: if it was run, the one that only loads need not."""
    parts = [
        [Cost(after[0] - before[0], after[1] - before[1]) for before, after in itertools.pairwise(one["moments"])]
        for one in cells
    ]
    return Session(
        {one["cell"]: one["outcome"] for one in cells},
        total([cost for part in parts for cost in part]),
        total([cost for part in parts for number, cost in enumerate(part) if len(part) < 3 or number != 1]),
    )
