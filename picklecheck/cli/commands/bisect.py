"""``picklecheck bisect``."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click
from packaging.version import Version

from picklecheck.cli import outputs
from picklecheck.cli.interruption import interruption
from picklecheck.cli.matrix_progress import matrix_progress
from picklecheck.cli.options import axis_options, process_options
from picklecheck.cli.resolver import Resolver
from picklecheck.cli.version_options import install_options
from picklecheck.errors import EnvironmentUnusableError, InterruptedEarlyError, UsageError
from picklecheck.gate.exit_status import ExitStatus, exit_status
from picklecheck.harness.matrix_session import open_matrix
from picklecheck.matrix_report import Pair
from picklecheck.model import Outcome
from picklecheck.plan.bisection import CannotJudgeError, bisect
from picklecheck.plan.cells import make_plan
from picklecheck.plan.environments import make_wanted
from picklecheck.plan.version_specs import between
from picklecheck.reports.record import record
from picklecheck.reports.terminal import bisect as bisect_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from picklecheck.cli.options import AxisOptions
    from picklecheck.cli.version_options import InstallPolicy
    from picklecheck.harness.matrix_session import MatrixSession
    from picklecheck.harness.settings import RunSettings
    from picklecheck.matrix_report import MatrixReport
    from picklecheck.model import Cell, EnvironmentSpec
    from picklecheck.plan.bisection import Bisection, State
    from picklecheck.plan.matrix_file import MatrixFile
    from picklecheck.reports.formats import Rendering


@click.command("bisect")
@click.argument("target", metavar="SCENARIO|CELL")
@click.option("--good", default="lowest", show_default=True, metavar="VERSION", help="A release before the change.")
@click.option("--bad", default="latest", show_default=True, metavar="VERSION", help="A release after it.")
@click.option(
    "--outcome",
    type=click.Choice([one.value for one in Outcome if one is not Outcome.UNDECIDED]),
    help="Look for the first release in which a cell has this outcome.  [default: another one than in --good]",
)
@click.option("--all-changes", is_flag=True, help="Look at each release from --good to --bad, and tell every change.")
@install_options
@axis_options
@process_options
@click.option("--cached", is_flag=True, help="Take results of earlier runs whose inputs are the same.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(  # noqa: PLR0913 - one parameter a group of options
    *,
    target: str,
    good: str,
    bad: str,
    outcome: str | None,
    all_changes: bool,
    given: MatrixFile,
    sources: InstallPolicy,
    words: AxisOptions,
    settings: RunSettings,
    cached: bool,
    form: str,
) -> None:
    """Find the first release of Pydantic in which the outcome of a cell changed.

    SCENARIO|CELL is a scenario's id, a glob, or the id of a cell such as
    shapes.specialization/pickle/main/cold/none; of a scenario, all cells of the axes are looked at. --good may be newer
    than --bad: then what is found is where it was repaired.

    \b
    Exit status: 0 found (or all changes told), 2 usage (such as no change
    between the two), 3 could not judge, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for text that is not to be filled
    if outcome and all_changes:
        msg = "--outcome and --all-changes exclude each other."
        raise UsageError(msg, "--all-changes tells every change, whatever the outcome.")
    with contextlib.ExitStack() as open_things:
        stop = open_things.enter_context(interruption())
        resolver = Resolver(sources, stop)
        line = _line(resolver, good, bad)
        session = open_things.enter_context(open_matrix(settings, stop, offline=sources.offline, reuse=cached))
        session = session.with_targets((target,))
        cells = make_plan(session.scenarios, [target], words.axes())
        exactly = replace(given, pydantic=tuple(f"=={one}" for one in line))
        specs = resolver.specs(exactly, resolver.versions(exactly), cells)
        if len({(spec.python, spec.cloudpickle) for spec in specs}) > 1:
            msg = "bisect looks at one Python and one cloudpickle at a time."
            raise UsageError(msg, "Give --python and --cloudpickle once each, with a single version.")
        search = _Search(session, cells, {spec.pydantic: spec for spec in specs})
        if all_changes:
            report = search.run(line)
            could_judge = exit_status(report) is not ExitStatus.COULD_NOT_JUDGE
            status = ExitStatus.AS_EXPECTED if could_judge else ExitStatus.COULD_NOT_JUDGE
            formats: dict[str, Rendering] = {
                "text": lambda view: bisect_report.render_changes(report, view),
                "json": lambda _: [record.render(report)],
            }
        else:
            found = _bisect(search, line, outcome)
            status = ExitStatus.COULD_NOT_JUDGE if found.between else ExitStatus.AS_EXPECTED
            formats = {
                "text": lambda view: [bisect_report.render_text(found, view.width)],
                "json": lambda _: [bisect_report.render_json(found)],
            }
        outputs.show(form, formats, 0)
    raise SystemExit(int(status))


def _line(resolver: Resolver, good: str, bad: str) -> tuple[str, ...]:
    """Return the releases from one to the other, in that order; raises UsageError."""
    ends: list[str] = []
    for option, spec in (("--good", good), ("--bad", bad)):
        selected = resolver.select("pydantic", [spec])
        if len(selected) != 1:
            msg = f"{option} {spec!r} means {len(selected)} releases."
            raise UsageError(msg, "Give one, such as 2.13.4.")
        ends += selected
    if ends[0] == ends[1]:
        msg = f"--good and --bad are both {ends[0]}."
        raise UsageError(msg, "Give two releases; what changed between them is found.")
    inner = between(resolver.releases("pydantic"), *ends)
    # An end that was withdrawn, or is a pre-release, is not among them.
    line = sorted({*inner, *ends}, key=Version)
    return tuple(line) if line[0] == ends[0] else tuple(reversed(line))


def _bisect(search: _Search, line: Sequence[str], outcome: str | None) -> Bisection:
    """Look at both ends and halve what lies between; raises PicklecheckError."""
    report = search.run((line[0], line[-1]))
    try:
        ends = {version: search.state(report, version) for version in (line[0], line[-1])}
    except CannotJudgeError as error:
        msg = f"One of the two releases cannot be judged: {str(error).rstrip('.')}."
        raise EnvironmentUnusableError(msg, "Give another --good or --bad.") from error
    good, bad = ends.values()

    def is_changed(state: State) -> bool:
        return state != good if outcome is None else has_outcome(state, outcome)

    if is_changed(good) or not is_changed(bad):
        if outcome is None:
            msg = f"{line[0]} and {line[-1]} have the same outcome: {bisect_report.describe(good)}."
            raise UsageError(msg, "--all-changes looks at every release in between.")
        msg = f"{line[0]} has {bisect_report.describe(good)}, and {line[-1]} {bisect_report.describe(bad)}."
        raise UsageError(msg, f"--good must be a release without {outcome}, and --bad one with it.")
    return bisect(line, ends, search.examine, is_changed)


def has_outcome(state: State, outcome: str) -> bool:
    """Does one of the cells have this outcome?"""
    return any(found.partition(" ")[0] == outcome for found in state.values())


@dataclass(frozen=True)
class _Search:
    """The cells in question, and where they are run."""

    session: MatrixSession
    cells: Sequence[Cell]
    specs: Mapping[str, EnvironmentSpec]

    def run(self, pydantics: Sequence[str]) -> MatrixReport:
        """Run the cells in these releases; raises InterruptedEarlyError."""
        wanted = make_wanted([self.specs[one] for one in sorted(pydantics, key=Version)], self.cells, ())
        with matrix_progress(wanted, is_quiet=False) as progress:
            report = self.session.run(wanted, sys.argv[1:], cross=False, spool=None, tell=progress.add)
        if report.interrupted:
            raise InterruptedEarlyError
        return report

    def state(self, report: MatrixReport, pydantic: str) -> State:
        """Return what a release came to; raises CannotJudgeError."""
        environment = next(one for one in report.environments if one.pydantic == pydantic)
        if not environment.is_available:
            msg = f"{pydantic} is unavailable: {environment.reason}"
            raise CannotJudgeError(msg)
        state = {}
        for cell, mark in report.matrix_results.row(Pair(environment.id, environment.id)):
            if mark.outcome is Outcome.UNDECIDED:
                msg = f"{cell.id} could not be judged on {pydantic}"
                raise CannotJudgeError(msg)
            state[cell.id] = f"{mark.outcome.value} {mark.code or ''}".strip()
        return state

    def examine(self, pydantic: str) -> State:
        """Run the cells in one release and tell what it came to, on a terminal's stderr too."""
        state = self.state(self.run([pydantic]), pydantic)
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo(f"{pydantic}: {bisect_report.describe(state)}", err=True)
        return state
