"""Run the same things with two checkouts of picklecheck, and compare what they report, byte by byte.

``python benchmarks/compare_reports.py BEFORE [AFTER]``: two folders with a checkout each (AFTER: this one). For changes
that are to move code and no result. The whole catalogue, targets, a run against a baseline, a matrix of three releases
and a bisection are run, each in all formats; of what comes out only times and durations are replaced.

Both run in the same folder, one after the other, with this interpreter and one cache of environments, so that no path
differs. Exit status: 0 if nothing differs, 1 if something does. Takes some minutes, and needs the package index.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent.parent

MODELS = """
import threading
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Page(BaseModel, Generic[T]):
    value: T
IntPage = Page[int]
def good(): return IntPage(value=1)
def page(): return Page[str](value="a")
def lock(): return [threading.Lock()]
def absent(): return nothing
"""
RELEASES = ("--pydantic", "2.5.3", "--pydantic", "2.13.5", "--pydantic", "2.14.1")
TARGETS = ("models:good", "models:page", "models:lock", "models:absent")
FORMATS = ("json", "junit", "markdown", "github", "svg")
MATRIX_FORMATS = (*FORMATS, "record")

# How long something took, when it was, and what follows from those: the only things that may differ.
_TIMES = (
    (re.compile(r'("\w+_s": )[-\d.e]+'), r"\1T"),
    (re.compile(r'\btime(stamp)?="[^"]*"'), 'time="T"'),
    (re.compile(r"\b\d+(\.\d+)?( |&#160;)(s|min|seconds)\b"), "T"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*(Z|[+-]\d\d:\d\d)?"), "T"),
    # Rich names the parts of a picture by a checksum of all of it.
    (re.compile(r"\bterminal-\d+"), "terminal"),
    # Where an object lay, in a message of Python's own.
    (re.compile(r"\b0x[0-9a-f]{6,}"), "0x"),
    # What is sent by value has sets in it, in any order; and the name of the staging folder is nobody's.
    (re.compile(r'"digest": "[0-9a-f]+"'), '"digest": "D"'),
    (re.compile(r"picklecheck-\w+/"), "picklecheck-/"),
)
_WIDTH = 150


@dataclass(frozen=True)
class Job:
    """A command, and the files that it writes."""

    name: str
    words: tuple[str, ...]
    formats: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """Return the command line."""
        return [*self.words, *(word for form in self.formats for word in ("--output", f"{form}={self.name}.{form}"))]


JOBS = (
    Job("catalogue", ("run", "*", "-v"), FORMATS),
    Job("evidence", ("run", "shapes.*", "--serializer", "pickle", "--evidence")),
    Job("targets", ("run", *TARGETS, "-v", "--fix", "none", "--fix", "class"), FORMATS),
    Job("record-a-baseline", ("baseline", "update", "targets.json", "--baseline", "known.json")),
    Job("show-a-baseline", ("baseline", "show", "--baseline", "known.json", "-v")),
    Job("held-against-it", ("run", *TARGETS, "--baseline", "known.json", "-v"), FORMATS),
    Job("differs-from-it", ("baseline", "diff", "catalogue.json", "--baseline", "known.json", "-v")),
    Job("built-in-record", ("run", "shapes.*", "--baseline", "catalogue"), FORMATS),
    Job("matrix", ("matrix", "shapes.*", "controls.*", *RELEASES, "-v"), MATRIX_FORMATS),
    Job("every-cell", ("matrix", "shapes.specialization", *RELEASES, "--detail")),
    Job("cross", ("matrix", "shapes.specialization", *RELEASES, "--cross"), MATRIX_FORMATS),
    Job("merged", ("merge", "matrix.json", "-v"), MATRIX_FORMATS),
    Job("bisect", ("bisect", "shapes.specialization/pickle/main/warm/none", "--good", "2.13.5", "--bad", "2.14.1")),
    Job("list", ("list",)),
    Job("explain", ("explain", "PC101")),
    Job("schema", ("schema",)),
    Job("no-such-scenario", ("run", "nothing.of_the_kind")),
    Job("help", ("--help",)),
    *(
        Job(f"help-{name}", (name, "--help"))
        for name in ("run", "matrix", "bisect", "merge", "list", "envs", "baseline")
    ),
)


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("before", type=Path, metavar="BEFORE")
    parser.add_argument("after", type=Path, metavar="AFTER", nargs="?", default=HERE)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="compare-reports-") as folder:
        before, after = (run_all(one.resolve(), Path(folder)) for one in (options.before, options.after))
    differing = [name for name in before | after if before.get(name) != after.get(name)]
    for name in differing:
        print(*list(changed_lines(before.get(name, ""), after.get(name, ""), name))[:12], sep="\n")
    characters = sum(map(len, before.values()))
    print(f"{len(before | after)} outputs compared, {characters:,} characters; {len(differing)} differ.")
    return 1 if differing else 0


def changed_lines(before: str, after: str, name: str) -> Iterator[str]:
    """Yield the lines that differ, from where they differ."""
    yield name
    for old, new in itertools.zip_longest(before.splitlines(), after.splitlines(), fillvalue=""):
        if old != new:
            same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
            start = max(0, len(list(same)) - 20)
            yield f"  - {old[start : start + _WIDTH]}"
            yield f"  + {new[start : start + _WIDTH]}"


def run_all(checkout: Path, folder: Path) -> dict[str, str]:
    """Return everything that a checkout writes, by name, without its times."""
    work = folder / "work"
    work.mkdir()
    (work / "models.py").write_text(MODELS)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("CI", "VIRTUAL_ENV")},
        "PYTHONPATH": str(checkout),
        "PICKLECHECK_CACHE_DIR": str(folder / "cache"),
        "COLUMNS": "100",
    }
    found: dict[str, str] = {}
    for job in JOBS:
        print(f"{checkout.name}: {job.name}", file=sys.stderr)
        command = [sys.executable, "-m", "picklecheck", *job.arguments()]
        ended = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
        found[f"{job.name} stdout"] = ended.stdout
        found[f"{job.name} stderr"] = ended.stderr
        found[f"{job.name} status"] = str(ended.returncode)
    found |= {
        path.name: path.read_text("utf-8") for path in sorted(work.iterdir()) if path.suffix != ".py" and path.is_file()
    }
    shutil.rmtree(work)
    return {name: without_times(text, checkout) for name, text in found.items()}


def without_times(text: str, checkout: Path) -> str:
    """Replace what differs from run to run, and the folder of the checkout."""
    for pattern, replacement in _TIMES:
        text = pattern.sub(replacement, text)
    return text.replace(str(checkout), "CHECKOUT")


if __name__ == "__main__":
    raise SystemExit(main())
