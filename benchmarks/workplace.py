"""A temporary folder that holds everything the measured programs keep, and the commands that run there."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from costs import Cost, children_cpu
from plain_scripts import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LIMIT_S = 3600.0

# A process that was started by vfork carries its parent's peak along in ru_maxrss, and wait4() adds that of children:
# what the kernel says of the address space that the program itself had is neither.
TELLING_ITS_PEAK = """\
import atexit, runpy, sys


def tell(place=sys.argv.pop(1)):
    with open("/proc/self/status", "rb") as status, open(place, "wb") as file:
        file.write(status.read())


atexit.register(tell)
runpy.run_module("picklecheck", run_name="__main__", alter_sys=True)
"""


class Workplace:
    """The temporary folder, and the commands that run there. ``variables`` are their environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count()
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.variables |= {
            "PICKLECHECK_CACHE_DIR": str(folder / "cache"),
            "UV_CACHE_DIR": str(folder / "uv"),
            "TMPDIR": str(self.new_folder("temporary")),
        }

    def new_folder(self, name: str) -> Path:
        """Create an empty folder."""
        path = self.new_file(name)
        path.mkdir()
        return path

    def new_file(self, name: str) -> Path:
        """Return a path at which nothing is yet."""
        return self.folder / f"{next(self._numbers)}-{name}"

    def measure(
        self,
        command: Sequence[str | Path],
        *,
        output: Path | None = None,
        folder: Path = REPOSITORY,
        variables: Mapping[str, str] | None = None,
    ) -> Cost:
        """Run a command to its end, what it prints in a file."""
        output = output or self.new_file("output")
        with output.open("wb") as file:
            before, started = children_cpu(), time.perf_counter()
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**self.variables, **(variables or {})},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            try:
                process.wait(LIMIT_S)
            except BaseException:
                process.terminate()  # not killed: what it started itself is for it to end
                process.wait()
                raise
            cost = Cost(time.perf_counter() - started, children_cpu() - before)
        if process.returncode != 0:
            words = " ".join(map(str, command))
            sys.exit(f"{output.read_text(errors='replace')[-4000:]}\n{words}\nended with status {process.returncode}")
        return cost

    def picklecheck(self, *arguments: str | Path, output: Path | None = None, cache: Path | None = None) -> Cost:
        """Run picklecheck, and ask its process how much memory it had at most; ``cache`` is another one than ours."""
        status = self.new_file("status")
        # Bytecode as any installed picklecheck has it, but not beside the sources. It gives this to no other process.
        variables = {"PYTHONPYCACHEPREFIX": str(self.folder / "bytecode")}
        if cache is not None:
            variables["PICKLECHECK_CACHE_DIR"] = str(cache)
        command = [sys.executable, "-c", TELLING_ITS_PEAK, status, *arguments]
        cost = self.measure(command, output=output, variables=variables)
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return replace(cost, parent_mb=int(peak.split()[1]) / 1024)

    def check(self, *arguments: str | Path) -> Cost:
        """Run picklecheck with its report in a JSON file, and read the outcomes from that."""
        report = self.new_file("report.json")
        cost = self.picklecheck(*arguments, "--exit-zero", "--output", f"json={report}")
        cells = json.loads(report.read_text())["cells"]
        return replace(cost, outcomes={f"{one['environment']} {one['id']}": one["outcome"] for one in cells})


def find_uv() -> str:
    """Return the uv that picklecheck uses."""
    from picklecheck.environments import uv_tool  # noqa: PLC0415 - from the repository, once that can be imported from

    return uv_tool.find_uv()
