"""Several reports as one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from baseline_builders import HERE, ID, make_place, make_report_of, make_result_in
from document_builders import BOX, COPIED, LOST, PASS
from matrix_builders import make_environment, make_missing

from picklecheck.errors import UsageError
from picklecheck.gate.exit_status import exit_status
from picklecheck.matrix_report import MatrixReport, Pair
from picklecheck.model import Report, Shard, Trial
from picklecheck.reports.json_format import writer
from picklecheck.reports.json_format.merging import found_in_all, gaps_of, merge
from picklecheck.reports.json_format.reader import read_report
from picklecheck.reports.json_format.spool import CellSpool

if TYPE_CHECKING:
    from pathlib import Path

    from picklecheck.reports.json_format.reader import ReadReport

OLD = make_environment("2.13.4")
PAIR, WARM = BOX.replace("box", "pair"), BOX.replace("cold", "warm")


def read(name: str, report: Report) -> ReadReport:
    """Return a report as it comes out of its file."""
    return read_report(name, writer.render(report, 0))


def merged(path: Path, *reports: ReadReport, expected: int | None = None) -> tuple[MatrixReport, str]:
    """Return the reports as one, and its document."""
    with CellSpool(path / "cells", with_evidence=True) as spool:
        report = merge(reports, spool, ["merge"], expected)
        return report, "".join(writer.render_matrix(report, spool, exit_status(report)))


def cells_of(text: str) -> list[tuple[str, str]]:
    """Return the cells of a document: environment and id."""
    document: dict[str, Any] = json.loads(text)
    return [(one["environment"], one["id"]) for one in document["cells"]]


OF_HERE = read(
    "here.json",
    make_report_of(make_result_in(HERE, LOST), make_result_in(HERE, PASS, PAIR), sources={"shapes.box": "01"}),
)
OF_OLD = read(
    "old.json",
    replace(
        make_report_of(make_result_in(OLD, PASS, PAIR), make_result_in(OLD, COPIED), environments=[OLD]),
        started_at="2030-01-01T00:00:00+00:00",
        duration_s=2.0,
    ),
)


def test_the_cures_that_were_tried_beside_the_cells_are_kept(tmp_path: Path) -> None:
    trial = Trial("PC201", "class", 1, 1, BOX, ID)
    reports = [
        replace(OF_HERE, trials=(trial,)),
        replace(OF_OLD, trials=(replace(trial, environment=OLD.id, arrived=0),)),
    ]

    report, text = merged(tmp_path, *reports)

    assert report.trials == (Trial("PC201", "class", 2, 1, BOX, ID),)
    assert [one["tried"] for one in json.loads(text)["cures"]] == [2]


def test_what_the_cells_themselves_tell_goes_before(tmp_path: Path) -> None:
    both = make_report_of(make_result_in(HERE, LOST), make_result_in(HERE, PASS, BOX.replace("none", "class")))
    trials = (Trial("PC201", "class", 1, 0, BOX, ID), Trial("PC201", "origin", 1, 0, BOX, ID))

    _, text = merged(tmp_path, replace(read("both.json", both), trials=trials))

    told = [(one["cure"], one["tried"], one["arrived"]) for one in json.loads(text)["cures"]]
    assert told == [("class", 1, 1), ("origin", 1, 0)]


def test_two_environments_are_a_matrix_the_oldest_first(tmp_path: Path) -> None:
    report, text = merged(tmp_path, OF_HERE, OF_OLD)

    assert [one.id for one in report.environments] == [OLD.id, ID]
    assert [one.id for one in report.scenarios] == ["shapes.box", "shapes.pair"]
    assert cells_of(text) == [(OLD.id, BOX), (OLD.id, PAIR), (ID, BOX), (ID, PAIR)]
    assert report.matrix_results.pairs == (Pair(OLD.id, OLD.id), Pair(ID, ID))
    assert (report.command, report.cross, report.interrupted, report.gaps) == (("merge",), False, False, ())
    assert (report.started_at, report.duration_s, report.planned) == ("2030-01-01T00:00:00+00:00", 3.25, 4)
    assert (report.notes, report.sources) == ((), {"shapes.box": "01"})


def test_the_cells_are_those_of_the_reports_word_for_word(tmp_path: Path) -> None:
    _, text = merged(tmp_path, OF_HERE, OF_OLD)

    by_place = {(one["environment"], one["id"]): one for one in json.loads(text)["cells"]}
    for report in (OF_HERE, OF_OLD):
        assert [by_place[one["environment"], one["id"]] for one in report.cells] == list(report.cells)


def test_what_a_baseline_compares_is_all_that_was_found() -> None:
    found = found_in_all([OF_HERE, OF_OLD])

    assert [one.id for one in found.environments] == [OLD.id, ID]
    assert found.places == {
        make_place(): LOST,
        make_place(PAIR): PASS,
        make_place(PAIR, OLD.id): PASS,
        make_place(environment=OLD.id): COPIED,
    }
    assert (found.scenarios, found.digests) == (None, {"shapes.box": "01"})


def shard(index: int, of: int, cell: str, *, plan: str = "plan", planned: int = 1) -> ReadReport:
    """Return the report of a shard with one cell."""
    report = make_report_of(make_result_in(HERE, PASS, cell), shard=Shard(index, of, plan), planned=planned)
    return read(f"{plan}-{index}.json", report)


def test_all_shards_are_the_whole_plan(tmp_path: Path) -> None:
    report, text = merged(tmp_path, shard(2, 2, PAIR), shard(1, 2, BOX))

    assert cells_of(text) == [(ID, PAIR), (ID, BOX)]
    assert (report.planned, report.gaps, report.notes, report.shard) == (2, (), (), None)
    assert exit_status(report) == 0


@pytest.mark.parametrize(
    ("indices", "gap"),
    [
        ((1,), "Shard 2 of 2 is not among the reports."),
        ((2,), "Shard 1 of 2 is not among the reports."),
        ((2, 2), "Shard 1 of 2 is not among the reports."),
        ((1, 3), "Shards 2, 4 of 4 are not among the reports."),
    ],
)
def test_a_shard_that_is_missing_is_a_gap(tmp_path: Path, indices: tuple[int, ...], gap: str) -> None:
    of = int(gap.split(" of ")[1][0])

    report, _ = merged(tmp_path, *(shard(index, of, BOX if index == 1 else PAIR) for index in indices))

    assert (report.notes, report.gaps) == ((), (gap,))
    assert exit_status(report) == 3


def test_cells_that_a_report_lacks_are_a_gap(tmp_path: Path) -> None:
    report, _ = merged(tmp_path, shard(1, 2, BOX, planned=1_200), shard(2, 2, PAIR))

    assert report.gaps == ("plan-1.json has 1 of the 1,200 cells of its plan.",)
    assert report.planned == 1_201


@pytest.mark.parametrize(
    ("other", "of"),
    [(shard(2, 2, PAIR, plan="other"), 2), (replace(shard(2, 3, PAIR), source="other-2.json"), 3)],
)
def test_a_shard_of_another_plan_fills_no_gap(tmp_path: Path, other: ReadReport, of: int) -> None:
    report, _ = merged(tmp_path, shard(1, 2, BOX), other)

    words = "Shard 1 of 2" if of == 2 else "Shards 1, 3 of 3"
    assert report.gaps == (
        "Shard 2 of 2, which plan-1.json is one of, is not among the reports.",
        f"{words}, which other-2.json is one of, {'is' if of == 2 else 'are'} not among the reports.",
    )
    assert exit_status(report) == 3


def test_a_report_that_repeats_another_is_not_counted(tmp_path: Path) -> None:
    report, _ = merged(tmp_path, OF_HERE, replace(OF_HERE, source="again.json"), expected=2)

    assert report.gaps == ("There are 1 of 2 reports.",)


def test_a_cell_that_several_reports_have_is_kept_once(tmp_path: Path) -> None:
    again = replace(OF_HERE, source="again.json")

    report, text = merged(tmp_path, OF_HERE, again)

    assert cells_of(text) == [(ID, BOX), (ID, PAIR)]
    assert (report.planned, report.matrix_results.filled, report.gaps) == (2, 2, ())


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (PASS, "load-error PC201 AttributeError, and pass."),
        (replace(LOST, exception=None), "load-error PC201 AttributeError, and load-error PC201."),
        (replace(LOST, code="PC202"), "load-error PC201 AttributeError, and load-error PC202 AttributeError."),
    ],
)
def test_reports_that_disagree_about_a_cell_are_refused(tmp_path: Path, finding: Any, words: str) -> None:
    other = read("other.json", make_report_of(make_result_in(HERE, finding)))

    with pytest.raises(UsageError) as caught:
        merged(tmp_path, OF_HERE, other)
    with pytest.raises(UsageError):
        found_in_all([OF_HERE, other])

    assert caught.value.message == f"here.json and other.json disagree about {BOX} with {ID}: {words}"
    assert caught.value.hint == "Merge reports of one state of your code, each cell from one run."


@pytest.mark.parametrize("order", [1, -1])
def test_an_environment_that_one_job_could_not_have_is_told(tmp_path: Path, order: int) -> None:
    missing = make_missing("2.14.3", "no wheel")
    reports = [OF_HERE, read("missing.json", make_report_of(environments=[missing, OLD]))]

    report, _ = merged(tmp_path, *reports[::order])

    assert report.environments == (OLD, missing)
    # Each has a row, those without cells too.
    assert set(report.matrix_results.pairs) == {Pair(OLD.id, OLD.id), Pair(ID, ID)}
    assert exit_status(report) == 3


def test_a_report_of_a_run_that_was_interrupted_interrupts_all(tmp_path: Path) -> None:
    cut = read("cut.json", make_report_of(make_result_in(OLD), environments=[OLD], planned=2, interrupted=True))

    report, _ = merged(tmp_path, OF_HERE, cut)

    assert (report.interrupted, report.planned) == (True, 4)
    assert report.gaps == ("cut.json has 1 of the 2 cells of its plan.",)
    assert exit_status(report) == 130


def test_what_was_crossed_stays_so(tmp_path: Path) -> None:
    results = [make_result_in(one, PASS, read_by=other) for one in (OLD, HERE) for other in (OLD, HERE)]
    crossed = [
        replace(read(f"{number}.json", make_report_of(*part, environments=[OLD, HERE])), cross=True, reused=1)
        for number, part in enumerate((results[2:], results[:2]))
    ]

    report, text = merged(tmp_path, *crossed)

    assert (report.cross, report.reused) == (True, 2)
    pairs = [(OLD.id, OLD.id), (OLD.id, ID), (ID, OLD.id), (ID, ID)]
    assert report.matrix_results.pairs == tuple(Pair(*one) for one in pairs)
    assert [(one["environment"], one["receiver_environment"]) for one in json.loads(text)["cells"]] == pairs


def test_an_environment_that_could_not_be_crossed_has_no_row(tmp_path: Path) -> None:
    missing = make_missing("2.0.3", "no wheel")
    part = make_report_of(make_result_in(HERE, read_by=HERE), environments=[missing, HERE])

    report, _ = merged(tmp_path, replace(read("a.json", part), cross=True))

    assert report.environments == (missing, HERE)
    assert report.matrix_results.pairs == (Pair(ID, ID),)


def test_a_merged_report_can_be_merged_again(tmp_path: Path) -> None:
    report, text = merged(tmp_path, OF_HERE, OF_OLD)

    again, same = merged(tmp_path, read_report("merged.json", text), OF_OLD)

    assert json.loads(same)["cells"] == json.loads(text)["cells"]
    assert again.environments == report.environments
    assert (again.scenarios, again.sources, again.planned) == (report.scenarios, report.sources, report.planned)
    assert again.gaps == ()


def test_a_gap_stays_one_when_a_merged_report_is_merged_again(tmp_path: Path) -> None:
    report, text = merged(tmp_path, replace(shard(1, 2, BOX), notes=("A note.",)))

    once_more = read_report("merged.json", text)
    again, _ = merged(tmp_path, once_more)

    assert again.notes == report.notes == ("A note.",)
    assert again.gaps == report.gaps == ("Shard 2 of 2 is not among the reports.",)
    assert list(gaps_of([once_more])) == ["Shard 2 of 2 is not among the reports."]
    assert exit_status(again) == 3


def test_notes_are_told_once(tmp_path: Path) -> None:
    reports = [replace(one, notes=("Left out by a rule.",)) for one in (OF_HERE, OF_OLD)]

    report, _ = merged(tmp_path, *reports)

    assert report.notes == ("Left out by a rule.",)


def test_versions_that_are_none_come_first(tmp_path: Path) -> None:
    odd = [replace(HERE, id="odd", python="of my own"), replace(HERE, id="none", pydantic=None)]
    built = replace(HERE, id="built", python="3.13.0+")

    report, _ = merged(tmp_path, read("odd.json", make_report_of(environments=[built, HERE, *odd])))

    assert [one.id for one in report.environments] == ["odd", "none", ID, "built"]


def test_fewer_reports_than_there_should_be_are_a_gap(tmp_path: Path) -> None:
    report, text = merged(tmp_path, OF_HERE, OF_OLD, expected=3)
    whole, _ = merged(tmp_path, OF_HERE, OF_OLD, expected=2)

    assert report.gaps == ("There are 2 of 3 reports.",)
    assert json.loads(text)["gaps"] == ["There are 2 of 3 reports."]
    assert (exit_status(report), whole.gaps) == (3, ())
