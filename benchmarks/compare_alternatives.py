"""Measure what the ways to make generic models load elsewhere cover, and write the table of it into a page.

    python benchmarks/compare_alternatives.py --page docs/fix.md [--pydantic VERSION]... [--isolation fork|spawn]

The ways are the modules in alternatives/, written like those in repros/ and run by picklecheck's own harness, which has
to be installed. For each Pydantic two environments are built in a temporary folder, from the package index: one that
has whatever a way needs, and one with nothing but Pydantic and cloudpickle, for the receivers that lack it. What became
of each cell is printed. If one could not be judged, the exit status is 1 and the page stays as it is.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from picklecheck.environments.index_settings import read_index_settings
from picklecheck.environments.uv_tool import run_uv
from picklecheck.errors import PicklecheckError
from picklecheck.harness.engines.process import SentPayload
from picklecheck.harness.runner import Runner
from picklecheck.harness.settings import RunSettings, make_settings
from picklecheck.harness.staging import StagingFolder
from picklecheck.harness.worker import Worker
from picklecheck.model import Cell, Outcome, Result, Serializer
from picklecheck.plan.cells import groups_of
from picklecheck.reports.terminal.glyphs import glyph
from picklecheck.resources import PACKAGE, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from picklecheck.model import Environment, Scenario

ALTERNATIVES = Path(__file__).resolve().parent / "alternatives"
BLOCK = re.compile(r"(<!-- alternatives: begin -->\n).*?(<!-- alternatives: end -->)", re.DOTALL)
# The harness keeps everything called picklecheck out of the receivers, so where a way is to be imported by the models'
# own module, it is a copy under this name: that of a package which the environment has installed.
COPY_OF_REDUCERS = "copied_reducers"
INSTALLING_S = 900.0
CHILD_S = 60.0


@dataclass(frozen=True)
class Way:
    """A way to do it: its name in the table, the module of its models, and the fix that the producer installs."""

    title: str
    module: str
    fix: str = "none"


@dataclass(frozen=True)
class Question:
    """A column: the cells that answer it. ``is_elsewhere``: the receiver lacks whatever package the way needs."""

    title: str
    scenario: str
    serializers: tuple[str, ...] = ("pickle", "cloudpickle")
    sites: tuple[str, ...] = ("main", "function")
    receiver: str = "cold"
    is_elsewhere: bool = False

    def cells(self, way: Way) -> list[Cell]:
        """Return the cells that answer the question for a way."""
        return [
            Cell(f"{way.module}.{self.scenario}", Serializer(serializer), site, self.receiver, way.fix)
            for serializer in self.serializers
            for site in self.sites
        ]


WAYS = (
    Way("nothing", "stock"),
    Way("named subclasses: `class IntBox(Box[int])`", "named_subclass"),
    Way("`Box[int]` evaluated in the module of `Box`", "evaluated_at_origin"),
    Way("mixin that registers in `__class_getitem__`", "registering_getitem"),
    Way("mixin that registers in `__init_subclass__`", "registering_subclasses"),
    Way("`ccflow.BaseModel`", "ccflow_base"),
    Way("`PortableGenericsMixin`", "portable_mixin"),
    Way('`install(level="instance")` in the sender', "stock", "instance"),
    Way("`install()` in the sender", "stock", "class"),
    Way("`install()` in the module of `Box`", "installing_module"),
    Way("`install(propagate=True)` in the sender", "propagating_sender"),
)
QUESTIONS = (
    Question("pickle, main script", "specialization", serializers=("pickle",), sites=("main",)),
    Question("pickle, function", "specialization", serializers=("pickle",), sites=("function",)),
    Question("cloudpickle, main script", "specialization", serializers=("cloudpickle",), sites=("main",)),
    Question("cloudpickle, function", "specialization", serializers=("cloudpickle",), sites=("function",)),
    Question("warm receiver", "specialization", receiver="warm"),
    Question("`Box[ListBox[int]]`", "nested"),
    Question("`Box[List[ListBox[int]]]`", "typing_list"),
    Question("class as a value", "class_as_value"),
    Question("`Box[float]`, not foreseen", "unprepared"),
    Question("second hop, pickle", "specialization", serializers=("pickle",), receiver="relay"),
    Question("second hop, cloudpickle", "specialization", serializers=("cloudpickle",), receiver="relay"),
    Question("receiver without the way's package", "specialization", receiver="bare", is_elsewhere=True),
)


@dataclass(frozen=True)
class Table:
    """What came out in one environment: its versions, and the rows below the header."""

    versions: str
    packages: str
    rows: tuple[tuple[str, ...], ...]


class Builder:
    """Builds environments in a folder, with uv."""

    def __init__(self, folder: Path, stop: threading.Event) -> None:
        self._folder = folder
        self._stop = stop
        self._settings = read_index_settings(os.environ, Path.cwd()).for_uv

    def build(self, name: str, *requirements: str) -> Path:
        """Make an environment with what is required; return its interpreter."""
        venv = self._folder / name
        python = venv / "bin" / "python"
        self._run("venv", "--quiet", "--no-project", "--python", sys.executable, str(venv))
        # Not wheels alone: one of those that hydra-core wants, which ccflow wants, there is only as a source.
        self._run("pip", "install", "--quiet", "--python", str(python), *requirements)
        return python

    def _run(self, *arguments: str) -> None:
        ended = run_uv(arguments, self._stop, settings=self._settings, timeout=INSTALLING_S)
        if ended.status != 0:
            sys.exit(f"uv {' '.join(arguments)} ended with status {ended.status}:\n{ended.stderr}")


def add_reducers(python: Path) -> None:
    """Put the copy of the reducers into an environment."""
    (packages,) = python.parent.parent.glob("lib/python*/site-packages")
    shutil.copytree(PACKAGE / "reducers", packages / COPY_OF_REDUCERS, ignore=shutil.ignore_patterns("__pycache__"))


def make_catalogue(folder: Path) -> Path:
    """Make a catalogue like the built-in one, of which each family is a way."""
    folder.mkdir()
    shared = (ALTERNATIVES / "scenarios.py").read_text(encoding="utf-8")
    for module in {way.module for way in WAYS}:
        text = (ALTERNATIVES / f"{module}.py").read_text(encoding="utf-8")
        (folder / f"{module}.py").write_text(text if "@scenario" in text else text + shared, encoding="utf-8")
    families = {way.module: (way.module,) for way in WAYS}
    init = (resource("repros") / "__init__.py").read_text(encoding="utf-8")
    (folder / "__init__.py").write_text(f"{init}\nFAMILIES = {families}\n", encoding="utf-8")
    return folder


class Comparison:
    """The catalogue, an interpreter that has all that the ways need, and one that has nothing of it."""

    def __init__(self, settings: RunSettings, catalogue: Path, stop: threading.Event) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._stop = stop

    def measure(self, complete: Path, bare: Path) -> tuple[Environment, dict[Cell, Result]]:
        """Run the cells of all ways and questions; raises PicklecheckError."""
        here = unique(cell for one in QUESTIONS if not one.is_elsewhere for way in WAYS for cell in one.cells(way))
        there = unique(cell for one in QUESTIONS if one.is_elsewhere for way in WAYS for cell in one.cells(way))
        with StagingFolder(self._catalogue) as folder:
            with Runner(complete, self._settings, folder, self._stop) as runner:
                environment, scenarios = runner.environment(), runner.scenarios()
                results = list(runner.run(scenarios, here, environment))
            with self._worker(complete, folder) as sender, self._worker(bare, folder) as receiver:
                other = receiver.environment()
                if other.id != environment.id:
                    sys.exit(f"{environment.id} was to be compared with the same, and not with {other.id}.")
                results += send(sender, receiver, scenarios, there)
        found = {result.cell: result for result in results}
        return environment, {cell: found[cell] for cell in (*here, *there)}

    def _worker(self, python: Path, folder: StagingFolder) -> Worker:
        return Worker(python, self._settings, folder, self._stop)


def unique(cells: Iterable[Cell]) -> list[Cell]:
    """Return each cell once: ways may share a module, and questions a cell."""
    return list(dict.fromkeys(cells))


def send(sender: Worker, receiver: Worker, scenarios: Sequence[Scenario], cells: Sequence[Cell]) -> Iterator[Result]:
    """Yield the results of cells that are produced in one environment and received in the other."""
    by_id = {scenario.id: scenario for scenario in scenarios}
    ids = (sender.environment().id, receiver.environment().id)
    for group in groups_of(cells):
        scenario = by_id[group[0].scenario]
        sent = sender.produce(scenario, group[0])
        # Whether the receiver could send the same is not asked: it lacks a package, and that is the question.
        yield from receiver.receive(scenario, group, sent, own=sent, environments=ids)
        if isinstance(sent, SentPayload):
            sent.discard()


def entry(outcomes: Sequence[Outcome]) -> str:
    """Return what stands in the table for the outcomes of an answer's cells: each once, in the letters of the grid."""
    return " ".join(dict.fromkeys(glyph(outcome, ascii_only=False) for outcome in outcomes))


def make_table(environment: Environment, results: dict[Cell, Result]) -> Table:
    """Turn results into rows."""
    rows = tuple(
        (way.title, *(entry([results[cell].verdict.outcome for cell in one.cells(way)]) for one in QUESTIONS))
        for way in WAYS
    )
    packages = f"cloudpickle {environment.cloudpickle}, ccflow {environment.packages['ccflow']}"
    return Table(f"Pydantic {environment.pydantic}", f"{packages}, Python {environment.python}", rows)


def render(tables: Sequence[Table]) -> str:
    """Return the tables as Markdown; those that say the same are one."""
    alike: dict[tuple[tuple[tuple[str, ...], ...], str], list[str]] = {}
    for table in tables:
        alike.setdefault((table.rows, table.packages), []).append(table.versions)
    header = ("way", *(one.title for one in QUESTIONS))
    blocks = []
    for (rows, packages), versions in alike.items():
        lines = [header, ("---",) * len(header), *rows]
        text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        blocks.append(f"{' and '.join(versions)} ({packages}):\n\n{text}\n")
    return "\n".join(blocks)


def show(environment: Environment, results: dict[Cell, Result]) -> None:
    """Print what became of each cell."""
    print(f"\n{environment.id}, {len(results)} cells")
    for cell, result in results.items():
        verdict = result.verdict
        print(f"  {cell.id}: {verdict.outcome.value} {verdict.code or ''}\n    {verdict.reason}")


def require_judged(results: dict[Cell, Result]) -> None:
    """End it all if a cell has no verdict: a table with a guess in it is worse than none."""
    open_cells = [
        f"{cell.id}: {result.verdict.reason}"
        for cell, result in results.items()
        if result.verdict.outcome in (Outcome.UNDECIDED, Outcome.UNSUPPORTED)
    ]
    if open_cells:
        sys.exit("Not judged:\n" + "\n".join(open_cells))


def main() -> None:
    """Build, measure, print, and write the page anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--page", type=Path, required=True, metavar="PATH", help="the page that has the markers of the table"
    )
    parser.add_argument(
        "--pydantic",
        action="append",
        metavar="VERSION",
        help="a release to measure; may be given several times (default: 2.14.3 and 2.13.5)",
    )
    parser.add_argument("--isolation", choices=["fork", "spawn"], default="fork", help="how children start")
    options = parser.parse_args()
    page = options.page.read_text(encoding="utf-8")
    if not BLOCK.search(page):
        parser.error(f"{options.page} has no markers of the table")

    # As Ctrl-C does it: what is under way ends with this process, and the folder goes.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    stop = threading.Event()
    tables = []
    with tempfile.TemporaryDirectory(prefix="picklecheck-benchmark-") as name:
        folder = Path(name).resolve()
        builder = Builder(folder, stop)
        settings = make_settings(options.isolation, None, CHILD_S)
        comparison = Comparison(settings, make_catalogue(folder / "catalogue"), stop)
        for pydantic in options.pydantic or ["2.14.3", "2.13.5"]:
            pins = (f"pydantic=={pydantic}", "cloudpickle")
            complete = builder.build(f"complete-{pydantic}", *pins, "ccflow")
            add_reducers(complete)
            environment, results = comparison.measure(complete, builder.build(f"bare-{pydantic}", *pins))
            show(environment, results)
            require_judged(results)
            tables.append(make_table(environment, results))
    text = render(tables)
    options.page.write_text(BLOCK.sub(lambda match: f"{match[1]}\n{text}\n{match[2]}", page), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except PicklecheckError as error:
        sys.exit(str(error))
