"""Run Pydantic's own test suite, and cloudpickle's, with the fix and without, and compare test by test.

``python benchmarks/upstream/compare_suites.py`` runs the releases of docs/upstream-suites.md, at level "class";
``... pydantic==2.12.5 cloudpickle==3.1.2 --level instance`` what is asked for. ``--page`` keeps the result in
record.json, and has the page tell it. ``--no-run --page`` writes the page from the record.

Exit status: 0 no difference but those that the page explains, 1 another one, 3 a suite that could not be run or a
test without a steady outcome, 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import suite_page
from suite_comparison import describe, find_differing, find_other_reasons, is_steady
from suite_record import Row, Verdict, in_order, read_record, write_record
from suite_runs import Order, build, copy_fix, read_report, read_specializations, run
from suites import PROJECTS, CannotRunError, download, parse_suite

from picklecheck.errors import PicklecheckError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from suite_comparison import Difference
    from suite_runs import Bench, Fix, Level, Report, Specialization
    from suites import Suite

RELEASES = ("pydantic==2.5.3", "pydantic==2.10.6", "pydantic==2.13.5", "pydantic==2.14.4", "cloudpickle==3.1.2")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit status."""
    options = _parser().parse_args(arguments)
    suites = [] if options.no_run else options.suites or [parse_suite(one) for one in RELEASES]
    could_run = True
    rows: list[Row] = []
    with _work_folder(options.work) as work:
        fix = copy_fix(work / "fix")
        for suite in suites:
            _say(f"{suite.name}: getting ready")
            try:
                rows += examine(suite, options, work, fix)
            except CannotRunError as error:
                could_run = False
                _say(f"{suite.name}: could not be run: {error}")
    if options.page:
        write_record(rows)
        suite_page.write_page()
        rows = read_record()
    else:
        blocks = (suite_page.table, suite_page.differences, suite_page.specializations, suite_page.exceptions)
        sys.stdout.write("\n".join(block(in_order(rows)) for block in blocks))
    unexplained = suite_page.find_unexplained(rows)
    for test in unexplained:
        _say(f"not explained in docs/{suite_page.PAGE.name}: {test}")
    if not could_run or any(row.unsteady for row in rows):
        return 3
    return 1 if unexplained else 0


def examine(suite: Suite, options: argparse.Namespace, work: Path, fix: Fix) -> list[Row]:
    """Run a suite without the fix and at each level, and compare; raises CannotRunError."""
    stop = threading.Event()
    folder = work / suite.name.replace(" ", "-")
    folder.mkdir(exist_ok=True)
    source = options.source.resolve() if options.source else download(suite, folder, stop)
    bench = build(suite, source, options.python, folder, stop)
    levels: list[Level] = [*dict.fromkeys(options.levels or ["class"])]
    runs = Runs(bench, fix, options.timeout, options.jobs, stop)
    without, *all_fixed = runs.reports("first", ["none", *levels])
    every = runs.specializations(levels) if options.specializations else [None] * len(levels)
    rows = []
    for level, fixed, found in zip(levels, all_fixed, every, strict=True):
        differences, unsteady = runs.verify(without, fixed, level)
        verdict = Verdict(without, fixed, differences, unsteady, find_other_reasons(without, fixed), found)
        rows.append(verdict.to_row(bench, fix))
    return rows


@dataclass(frozen=True)
class Runs:
    """Runs a suite at several levels side by side."""

    bench: Bench
    fix: Fix
    timeout: float
    jobs: int
    stop: threading.Event

    def reports(self, name: str, levels: Sequence[Level], tests: Sequence[str] = ()) -> list[Report]:
        """Run the suite once at each level; raises CannotRunError if one of them gives no report."""
        places = self._all([Order(name, level, tests) for level in levels])
        return [read_report(place, level) for place, level in zip(places, levels, strict=True)]

    def specializations(self, levels: Sequence[Level]) -> list[list[Specialization]]:
        """Run the suite once at each level, and pickle every specialization that its tests leave."""
        places = self._all([Order("specializations", level, every=True) for level in levels])
        for place, level in zip(places, levels, strict=True):
            read_report(place, level)  # was the fix on to the end?
        return [read_specializations(place) for place in places]

    def verify(self, without: Report, fixed: Report, level: Level) -> tuple[list[Difference], list[str]]:
        """Run again what differs; return the differences that stay, and the tests that have no steady outcome.

        The whole suite runs a second time, since a test may depend on those before it, and then those that differ run
        by themselves. A difference stays if both whole runs show it.
        """
        differing = find_differing(without, fixed)
        if not differing:
            return [], []
        again, again_fixed = self.reports("second", ["none", level])
        steady = [
            test for test in differing if is_steady(test, [without, again]) and is_steady(test, [fixed, again_fixed])
        ]
        unsteady = [test for test in differing if test not in steady]
        alone = self._differing_alone(steady, level)
        return [describe(test, without, fixed, alone=test in alone) for test in steady], unsteady

    def _differing_alone(self, tests: Sequence[str], level: Level) -> list[str]:
        """Run these tests without all others; return those that still differ, none if they cannot be run like that."""
        try:
            return find_differing(*self.reports("alone", ["none", level], tests)) if tests else []
        except CannotRunError as error:
            _say(str(error))
            return []

    def _all(self, orders: Sequence[Order]) -> list[Path]:
        def one(order: Order) -> Path:
            _say(f"{self.bench.suite.name}: {order.name} run, level {order.level}")
            return run(self.bench, self.fix, order, self.timeout, self.stop)

        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            try:
                return list(pool.map(one, orders))
            except BaseException:
                self.stop.set()
                raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = " or ".join(f"{name}==VERSION" for name in PROJECTS)
    parser.add_argument("suites", nargs="*", type=_suite, metavar="RELEASE", help=known)
    parser.add_argument(
        "--level", dest="levels", action="append", choices=["class", "instance"], help="default: class; may be repeated"
    )
    parser.add_argument(
        "--specializations", action="store_true", help="also pickle and load every one that the tests leave behind"
    )
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environments")
    parser.add_argument("--jobs", type=int, default=2, help="runs side by side (default: %(default)s)")
    parser.add_argument("--timeout", type=float, default=1800.0, help="seconds for one run (default: %(default)s)")
    parser.add_argument("--source", type=Path, help="a checkout of the project at that release, in place of its sdist")
    parser.add_argument("--work", type=Path, help="keep environments, outputs and reports in this folder")
    parser.add_argument("--page", action="store_true", help="keep the result, and write the page anew")
    parser.add_argument("--no-run", action="store_true", help="run nothing: with --page, write it from the record")
    return parser


def _suite(text: str) -> Suite:
    try:
        return parse_suite(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


@contextlib.contextmanager
def _work_folder(chosen: Path | None) -> Iterator[Path]:
    if chosen:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="picklecheck-suites-") as folder:
        yield Path(folder).resolve()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except PicklecheckError as error:
        _say(f"{error.message} {error.hint}")
        sys.exit(error.exit_status)
