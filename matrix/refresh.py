"""Run the matrices again, and write what is made of them: results/, the releases in pydantic.toml, docs/versions.md.

``python matrix/refresh.py`` does all of it; results that cannot have changed are taken from earlier runs.
``python matrix/refresh.py --pages`` writes the page from the records that are there; it runs nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from rich.text import Text

from picklecheck.matrix_report import Mark, MatrixReport, MatrixResults, Pair
from picklecheck.model import RECEIVERS, SITES, Cell, Scenario
from picklecheck.plan.cells import parse_serializer
from picklecheck.reports.record.record import Record, Registration, changes, parse
from picklecheck.reports.terminal.glyphs import glyph
from picklecheck.reports.terminal.matrix import changes as matrix_neighbours
from picklecheck.reports.terminal.matrix import cross as matrix_cross
from picklecheck.reports.terminal.matrix import registrations as matrix_single
from picklecheck.reports.terminal.matrix import table as matrix_table
from picklecheck.reports.view import View

MATRIX = Path(__file__).resolve().parent
PAGE = MATRIX.parent / "docs" / "versions.md"
# In the order of their making: the releases of the default matrix are read off the full line.
NAMES = ("full", "pydantic", "report", "patches-2.14", "states", "cross")
BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Do what the command line says."""
    if sys.argv[1:] not in ([], ["--pages"]):
        sys.exit(__doc__)
    if not sys.argv[1:]:
        for name in NAMES:
            run(name)
            if name == "full":
                write_releases(load("full"))
    PAGE.write_text(written_anew(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def run(name: str) -> None:
    """Run a matrix and record what comes out; an exit status that says "could not judge" ends it all."""
    output = MATRIX / "results" / f"{name}.json"
    file = MATRIX / f"{name}.toml"
    command = [sys.executable, "-m", "picklecheck", "matrix", "--matrix", str(file), "--cached"]
    subprocess.run([*command, "--quiet", "--output", f"record={output}"], check=True, cwd=MATRIX.parent)  # noqa: S603


def load(name: str) -> Record:
    """Read a record."""
    return parse((MATRIX / "results" / f"{name}.json").read_text(encoding="utf-8"))


def write_releases(full: Record) -> None:
    """Have the default matrix hold each release in which something changed, beside the newest patch of each minor."""
    path = MATRIX / "pydantic.toml"
    path.write_text(with_releases(path.read_text(encoding="utf-8"), changed_releases(full)), encoding="utf-8")


def changed_releases(full: Record) -> list[str]:
    """Return the releases in which the outcome of a cell is another one than in the release before."""
    return [str(step.newer.pydantic) for step in changes(full)]


def with_releases(toml: str, releases: list[str]) -> str:
    """Return the text of a matrix file with another list of releases."""
    items = "".join(f'    "{release}",\n' for release in ["minors", *releases])
    return re.sub(r"^pydantic = \[\n.*?^\]", f"pydantic = [\n{items}]", toml, flags=re.DOTALL | re.MULTILINE)


def written_anew(page: str) -> str:
    """Return the page with each generated block as the records have it."""
    return BLOCK.sub(lambda match: f"{match[1]}```\n{block(match[2])}```\n{match[3]}", page)


def block(name: str) -> str:
    """Return the text of a generated block: a record's name, or a record's and what is to be shown of it."""
    record = load(name.partition("/")[0])
    if name.startswith("states/"):
        return states(record, name.partition("/")[2])
    report = as_report(record, without_fix=name.endswith("/changes"))
    view = View()
    if name.endswith("/changes"):
        text = matrix_neighbours.render(report, view)
    elif record.cross:
        text = matrix_cross.render(report, view)
    else:
        text = Text()
        text.append_text(matrix_table.render(report, view))
        text.append_text(matrix_single.render(report, view))
    return re.sub(r"\n[^\n]*cells in 0\.0 s\.", "", text.plain.strip("\n")) + "\n"


def states(record: Record, fix: str) -> str:
    """Return a table of sites and receivers against releases; an entry is pickle's outcome, then cloudpickle's."""
    releases = [record.labels[one.id] for one in record.environments]
    lines = [f"{'site':11} {'receiver':13} " + " ".join(f"{release:6}" for release in releases)]
    for site in SITES:
        for receiver in RECEIVERS:
            cells = [
                record.cells.get(f"shapes.specialization/{serializer}/{site}/{receiver}/{fix}")
                for serializer in ("pickle", "cloudpickle")
            ]
            if None not in cells:
                entries = [
                    "".join(glyph(cell[release].outcome, ascii_only=False) for cell in cells if cell)
                    for release in releases
                ]
                lines.append(f"{site:11} {receiver:13} " + " ".join(f"{entry:6}" for entry in entries))
    return "".join(line.rstrip() + "\n" for line in lines)


def as_report(record: Record, *, without_fix: bool = False) -> MatrixReport:
    """Return the report that a record was made of, as far as it tells."""
    names = {label: name for name, label in record.labels.items()}
    cells: dict[str, Cell] = {}
    for key in record.cells:
        name = key.partition(" @ ")[0]
        scenario, serializer, site, receiver, fix = name.split("/")
        if fix == "none" or not without_fix:
            cells[name] = Cell(scenario, parse_serializer(serializer), site, receiver, fix)
    usable = [one.id for one in record.environments if one.status == "ok"]
    pairs = [Pair(one, other) for one in usable for other in usable if record.cross or one == other]
    matrix_results = MatrixResults(pairs, list(cells.values()))
    for key, findings in record.cells.items():
        name, _, writer = key.partition(" @ ")
        for label, finding in findings.items():
            if name in cells:
                pair = Pair(names[writer or label], names[label])
                told = record.registrations.get(key, {}).get(label, Registration(None, None))
                mark = Mark(finding.outcome, finding.code, None, told.producer, told.receiver)
                matrix_results.put(pair, cells[name], mark)
    scenarios = dict.fromkeys(cell.scenario for cell in cells.values())
    return MatrixReport(
        command=(),
        tool_version=record.tool_version,
        started_at=record.recorded,
        duration_s=0.0,
        environments=record.environments,
        scenarios=tuple(Scenario(one, "", one.partition(".")[2], "", (), "", "", (), "", ()) for one in scenarios),
        matrix_results=matrix_results,
        cross=record.cross,
        planned=matrix_results.filled,
        reused=0,
        interrupted=False,
    )


if __name__ == "__main__":
    main()
