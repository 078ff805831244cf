"""What a matrix counts while its results come in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from matrix_builders import make_environment, make_missing
from report_builders import make_cell, make_result, make_scenario

from picklecheck import __version__
from picklecheck.harness.matrix_runner import Note, Reused
from picklecheck.harness.matrix_session import _Tally
from picklecheck.matrix_report import Mark, Pair
from picklecheck.model import Environment, EnvironmentSpec, Outcome, Result
from picklecheck.plan.environments import EnvironmentPlan
from picklecheck.reports.json_format.spool import CellSpool

if TYPE_CHECKING:
    from pathlib import Path

    from picklecheck.matrix_report import MatrixReport

COLD, WARM, RELAY = (f"shapes.box/pickle/main/{receiver}/none" for receiver in ("cold", "warm", "relay"))
OTHER = "values.in_list/pickle/main/cold/none"
OLD, MIDDLE, NEW = (make_environment(version) for version in ("2.9.2", "2.13.4", "2.14.3"))
ALL = (COLD, WARM, RELAY)
COMMAND = ("matrix", "-v")


def make_tally(wanted: dict[str, tuple[str, ...]], *, cross: bool = False) -> _Tally:
    """Return a tally; ``wanted`` maps versions of Pydantic to cells."""
    specs = {version: EnvironmentSpec("/opt/python", "3.11.7", version, "3.1.2") for version in wanted}
    return _Tally(
        [EnvironmentPlan(specs[one], tuple(map(make_cell, cells))) for one, cells in wanted.items()], cross=cross
    )


def result_in(
    environment: Environment, cell: str = COLD, outcome: Outcome = Outcome.PASS, *, read_by: Environment | None = None
) -> Result:
    reader = None if read_by is None else read_by.id
    return replace(make_result(cell, outcome), environment=environment.id, receiver_environment=reader)


def lost(environment: Environment) -> Environment:
    assert environment.pydantic is not None
    return make_missing(environment.pydantic, "no wheel")


def report(tally: _Tally) -> MatrixReport:
    return tally.report((), COMMAND, interrupted=False)


def test_what_is_planned_is_known_from_the_start() -> None:
    assert make_tally({"2.9.2": ALL, "2.13.4": (COLD,), "2.14.3": ALL}).planned == 7


def test_cells_of_environments_that_cannot_be_had_are_not_planned() -> None:
    tally = make_tally({"2.9.2": ALL, "2.13.4": (COLD,), "2.14.3": ALL})
    planned = []
    for environment in (NEW, lost(MIDDLE), lost(OLD)):
        tally.add(environment, None)
        planned.append(tally.planned)

    assert planned == [7, 6, 3]
    assert report(tally).planned == 3


def test_an_environment_may_be_lost_after_it_was_introduced() -> None:
    tally = make_tally({"2.9.2": ALL, "2.14.3": ALL})
    tally.add(OLD, None)
    tally.add(lost(OLD), None)

    assert tally.planned == 3
    assert report(tally).environments == (lost(OLD),)


def test_with_cross_each_pair_has_the_cells_that_both_want() -> None:
    tally = make_tally({"2.9.2": ALL, "2.13.4": (COLD, WARM), "2.14.3": (WARM, RELAY)}, cross=True)

    # With themselves 3, 2 and 2; the first and the second 2, the first and the third 2, the other two 1: both ways.
    assert tally.planned == 3 + 2 + 2 + 2 * (2 + 2 + 1)


def test_with_cross_an_environment_that_cannot_be_had_neither_writes_nor_reads() -> None:
    tally = make_tally({"2.9.2": ALL, "2.13.4": ALL, "2.14.3": ALL}, cross=True)
    planned = [tally.planned]
    for environment in (lost(OLD), lost(MIDDLE), lost(NEW)):
        tally.add(environment, None)
        planned.append(tally.planned)

    assert planned == [27, 12, 3, 0]


def test_without_cross_each_environment_is_with_itself() -> None:
    matrix_results = report(make_tally({"2.9.2": ALL, "2.14.3": ALL})).matrix_results

    assert matrix_results.pairs == (Pair(OLD.id, OLD.id), Pair(NEW.id, NEW.id))


def test_with_cross_each_is_with_each_and_the_one_that_reads_changes_first() -> None:
    found = report(make_tally({"2.9.2": ALL, "2.14.3": ALL}, cross=True))

    assert found.cross
    assert found.matrix_results.pairs == (
        Pair(OLD.id, OLD.id),
        Pair(OLD.id, NEW.id),
        Pair(NEW.id, OLD.id),
        Pair(NEW.id, NEW.id),
    )


def test_the_board_has_each_cell_that_any_environment_wants_once() -> None:
    matrix_results = report(make_tally({"2.9.2": (COLD, RELAY), "2.14.3": (WARM, COLD)})).matrix_results

    assert [cell.id for cell in matrix_results.cells] == [COLD, RELAY, WARM]


def test_of_a_result_a_mark_is_kept() -> None:
    tally = make_tally({"2.9.2": ALL})
    result = replace(
        result_in(OLD, WARM, Outcome.WRONG_TYPE),
        expected=False,
        registered_in_producer=("__main__",),
        registered_in_receiver=(),
    )
    tally.add(result, None)

    assert list(report(tally).matrix_results.row(Pair(OLD.id, OLD.id))) == [
        (
            make_cell(WARM),
            Mark(
                Outcome.WRONG_TYPE,
                "PC301",
                expected=False,
                registered_in_producer=("__main__",),
                registered_in_receiver=(),
            ),
        )
    ]


def test_a_result_belongs_to_the_environments_that_wrote_and_read() -> None:
    tally = make_tally({"2.9.2": ALL, "2.14.3": ALL}, cross=True)
    tally.add(result_in(OLD, read_by=NEW, outcome=Outcome.LOAD_ERROR), None)
    tally.add(result_in(NEW, read_by=NEW), None)
    matrix_results = report(tally).matrix_results
    marks = [matrix_results.get(pair, make_cell(COLD)) for pair in matrix_results.pairs]

    assert [None if mark is None else mark.outcome for mark in marks] == [None, Outcome.LOAD_ERROR, None, Outcome.PASS]


def test_what_an_earlier_run_found_counts_and_is_counted() -> None:
    tally = make_tally({"2.9.2": ALL})
    tally.add(Reused(result_in(OLD, COLD)), None)
    tally.add(result_in(OLD, WARM), None)
    tally.add(Reused(result_in(OLD, RELAY)), None)
    found = report(tally)

    assert (found.reused, found.matrix_results.filled, found.planned) == (2, 3, 3)


def test_notes_come_as_they_came_and_name_their_environment() -> None:
    tally = make_tally({"2.9.2": ALL, "2.14.3": ALL})
    tally.add(Note(NEW.id, "Built anew."), None)
    tally.add(Note(OLD.id, "Built from source."), None)

    assert report(tally).notes == (
        "py3.11.7-pydantic2.14.3-cloudpickle3.1.2: Built anew.",
        "py3.11.7-pydantic2.9.2-cloudpickle3.1.2: Built from source.",
    )


def test_environments_come_in_the_order_of_the_plan() -> None:
    tally = make_tally({"2.9.2": ALL, "2.13.4": ALL, "2.14.3": ALL})
    for environment in (NEW, lost(OLD), MIDDLE):
        tally.add(environment, None)

    assert report(tally).environments == (lost(OLD), MIDDLE, NEW)


def test_an_environment_that_was_never_heard_of_is_left_out() -> None:
    tally = make_tally({"2.9.2": ALL, "2.13.4": ALL, "2.14.3": ALL})
    tally.add(MIDDLE, None)

    assert tally.report((), COMMAND, interrupted=True).environments == (MIDDLE,)


def test_the_report_has_the_scenarios_of_the_plan_in_the_order_of_the_catalogue() -> None:
    catalogue = tuple(map(make_scenario, ("values.in_list", "shapes.pair", "shapes.box")))
    found = make_tally({"2.9.2": (COLD,), "2.14.3": (OTHER,)}).report(catalogue, COMMAND, interrupted=False)

    assert [one.id for one in found.scenarios] == ["values.in_list", "shapes.box"]


@pytest.mark.parametrize("interrupted", [True, False])
def test_the_report_says_how_it_came_about(*, interrupted: bool) -> None:
    found = make_tally({"2.9.2": ALL}).report((), COMMAND, interrupted=interrupted)

    assert (found.command, found.tool_version) == (COMMAND, __version__)
    assert found.interrupted is interrupted
    assert found.started_at.endswith("+00:00")
    assert 0 <= found.duration_s < 10


def spooled(tally: _Tally, folder: Path, *events: Result | Reused) -> list[tuple[str, str, str]]:
    """Return what a spool has of some events: who wrote, who read, and the cell."""
    with CellSpool(folder / "cells", with_evidence=False) as spool:
        for event in events:
            tally.add(event, spool)
        cells = list(map(json.loads, spool.lines()))
    return [(one["environment"], one.get("receiver_environment", ""), one["id"]) for one in cells]


def test_the_spool_has_results_by_environment_and_cell_in_whatever_order_they_came(tmp_path: Path) -> None:
    tally = make_tally({"2.9.2": ALL, "2.14.3": (RELAY, COLD)})
    came = (result_in(NEW, RELAY), result_in(OLD, RELAY), Reused(result_in(NEW, COLD)), result_in(OLD, COLD))

    # The cells of all environments have one order, that in which they were first wanted.
    assert spooled(tally, tmp_path, *came) == [
        (OLD.id, "", COLD),
        (OLD.id, "", RELAY),
        (NEW.id, "", COLD),
        (NEW.id, "", RELAY),
    ]


def test_with_cross_the_spool_has_them_by_who_wrote_and_who_read(tmp_path: Path) -> None:
    tally = make_tally({"2.9.2": (COLD, WARM), "2.14.3": (COLD, WARM)}, cross=True)
    wanted = [(writer, reader, cell) for writer in (OLD, NEW) for reader in (OLD, NEW) for cell in (COLD, WARM)]
    came = [result_in(writer, cell, read_by=reader) for writer, reader, cell in wanted]

    assert spooled(tally, tmp_path, *reversed(came)) == [
        (writer.id, reader.id, cell) for writer, reader, cell in wanted
    ]
