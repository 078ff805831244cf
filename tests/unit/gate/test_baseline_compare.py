"""A run against a baseline: how each cell stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from baseline_builders import HERE, ID, TODAY, make_baseline, make_entry, make_found, make_place, versions_of
from document_builders import BOX, LOST, PASS
from matrix_builders import make_environment, make_missing

from picklecheck.gate.baseline import Finding
from picklecheck.gate.compare import Status, compare, find_references, recorded_place
from picklecheck.model import Environment, Outcome

UNSUPPORTED = Finding(Outcome.UNSUPPORTED, "PC801")
UNDECIDED = Finding(Outcome.UNDECIDED, "PC901")
OTHER_CODE = replace(LOST, code="PC202")
OTHER_EXCEPTION = replace(LOST, exception="ImportError")
OTHER_OUTCOME = replace(LOST, outcome=Outcome.CRASH)
PAIR = BOX.replace("box", "pair")


# Recorded, found -> how it stands.
TRANSITIONS: list[tuple[Finding, Finding, Status]] = [
    (PASS, PASS, Status.AS_RECORDED),
    (PASS, LOST, Status.REGRESSED),
    (PASS, UNSUPPORTED, Status.CHANGED),
    (LOST, PASS, Status.FIXED),
    (LOST, LOST, Status.AS_RECORDED),
    (LOST, OTHER_OUTCOME, Status.CHANGED),
    (LOST, OTHER_CODE, Status.CHANGED),
    (LOST, OTHER_EXCEPTION, Status.CHANGED),
    (LOST, replace(LOST, exception=None), Status.CHANGED),
    (LOST, UNSUPPORTED, Status.CHANGED),
    (UNSUPPORTED, UNSUPPORTED, Status.AS_RECORDED),
    (UNSUPPORTED, LOST, Status.CHANGED),
    (UNSUPPORTED, PASS, Status.FIXED),
    *((PASS, Finding(one), Status.REGRESSED) for one in Outcome if one.is_failure),
]


@pytest.mark.parametrize(("then", "now", "status"), TRANSITIONS, ids=str)
def test_how_a_cell_stands_to_its_entry(then: Finding, now: Finding, status: Status) -> None:
    entry = make_entry(then)

    comparison = compare(make_baseline(entry), make_found({entry.place: now}), TODAY)

    (standing,) = comparison.standings.values()
    assert (standing.status, standing.place, standing.found, standing.entry) == (status, entry.place, now, entry)
    assert (comparison.left, comparison.references) == ((), {ID: ID})
    assert comparison.of(status) == [standing]


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (LOST, Status.AS_RECORDED),
        (OTHER_EXCEPTION, Status.AS_RECORDED),
        (OTHER_CODE, Status.CHANGED),
        (OTHER_OUTCOME, Status.CHANGED),
        (PASS, Status.FIXED),
    ],
)
def test_what_was_recorded_without_exceptions_is_compared_without(now: Finding, status: Status) -> None:
    entry = make_entry(replace(LOST, exception=None))

    comparison = compare(make_baseline(entry, is_loose=True), make_found({entry.place: now}), TODAY)

    assert comparison.standings[entry.place].status is status


@pytest.mark.parametrize("then", [PASS, LOST, UNSUPPORTED])
def test_a_cell_that_could_not_be_judged_has_no_standing(then: Finding) -> None:
    entry = make_entry(then)

    comparison = compare(make_baseline(entry), make_found({entry.place: UNDECIDED}, scenarios=[]), TODAY)

    assert (comparison.standings, comparison.left) == ({}, ())


def test_nor_has_one_that_is_not_recorded() -> None:
    comparison = compare(make_baseline(), make_found({make_place(): UNDECIDED}), TODAY)

    assert (comparison.standings, comparison.left) == ({}, ())


@pytest.mark.parametrize("finding", [PASS, LOST, UNSUPPORTED])
def test_a_cell_without_an_entry_is_new(finding: Finding) -> None:
    place = make_place(PAIR)

    comparison = compare(make_baseline(make_entry()), make_found({make_place(): PASS, place: finding}), TODAY)

    (standing,) = comparison.of(Status.NEW)
    assert (standing.place, standing.found, standing.entry, standing.why) == (place, finding, None, "")


@pytest.mark.parametrize(
    ("then", "now", "status"),
    [(UNSUPPORTED, PASS, Status.NEW), (UNSUPPORTED, LOST, Status.NEW), (UNSUPPORTED, UNSUPPORTED, Status.AS_RECORDED)],
    ids=str,
)
def test_what_the_recorded_environment_could_not_express_is_new_in_another(
    then: Finding, now: Finding, status: Status
) -> None:
    entry, other = make_entry(then), make_environment("2.14.9")
    found = make_found({make_place(environment=other.id): now}, environments=[other])

    comparison = compare(make_baseline(entry), found, TODAY)

    assert [one.status for one in comparison.standings.values()] == [status]


def test_without_entries_everything_is_new() -> None:
    comparison = compare(make_baseline(environments=[]), make_found({make_place(): LOST}), TODAY)

    assert [one.status for one in comparison.standings.values()] == [Status.NEW]
    assert comparison.references == {}


@pytest.mark.parametrize(
    ("scenarios", "status"),
    [
        (["shapes.pair"], Status.MISSING),
        ([], Status.MISSING),
        (["shapes.box"], Status.NOT_CHECKED),
        (None, Status.NOT_CHECKED),
    ],
)
def test_an_entry_whose_cell_was_not_run_is_missing_where_its_scenario_is_gone(
    scenarios: list[str] | None, status: Status
) -> None:
    entry = make_entry(LOST)

    comparison = compare(make_baseline(entry), make_found({make_place(PAIR): PASS}, scenarios=scenarios), TODAY)

    (standing,) = comparison.left
    assert (standing.status, standing.place, standing.found, standing.entry) == (status, entry.place, None, entry)
    assert comparison.of(status) == [standing]


def test_what_was_not_run_is_told_in_order() -> None:
    names = [BOX.replace("box", name) for name in ("c", "a", "b")]

    comparison = compare(make_baseline(*(make_entry(cell=name) for name in names)), make_found(), TODAY)

    assert [one.place.cell for one in comparison.left] == sorted(names)


def test_a_second_finding_like_a_recorded_one_is_seen_in_another_cell() -> None:
    places = {make_place(): LOST, make_place(PAIR): LOST}
    baseline = make_baseline(make_entry(LOST), make_entry(PASS, PAIR))

    statuses = {place.cell: one.status for place, one in compare(baseline, make_found(places), TODAY).standings.items()}

    assert statuses == {BOX: Status.AS_RECORDED, PAIR: Status.REGRESSED}


def test_a_cell_that_recorded_nothing_in_this_environment_is_new_there() -> None:
    old = make_environment("2.13.4")
    baseline = make_baseline(make_entry(LOST), make_entry(PASS, PAIR, environment=old.id), environments=[old, HERE])
    found = make_found({make_place(): LOST, make_place(environment=old.id): LOST}, environments=[old, HERE])

    comparison = compare(baseline, found, TODAY)

    assert comparison.standings[make_place()].status is Status.AS_RECORDED
    assert comparison.standings[make_place(environment=old.id)].status is Status.NEW


# What is recorded, the environment -> with which one it is compared.
REFERENCES: dict[str, tuple[list[Environment], Environment, Environment | None]] = {
    "nothing": ([], HERE, None),
    "itself": ([make_environment("2.14.2"), HERE, make_environment("2.14.4")], HERE, HERE),
    "the same minor of Python before a nearer Pydantic": (
        [make_environment("2.10.1", python="3.11.2"), make_environment("2.14.2", python="3.12.1")],
        HERE,
        make_environment("2.10.1", python="3.11.2"),
    ),
    "a minor is no prefix": (
        [make_environment("2.14.2", python="3.1.7"), make_environment("2.10.1", python="3.11.2")],
        HERE,
        make_environment("2.10.1", python="3.11.2"),
    ),
    "another Python, if there is no other": (
        [make_environment("2.13.4", python="3.12.1"), make_environment("2.14.2", python="3.12.1")],
        HERE,
        make_environment("2.14.2", python="3.12.1"),
    ),
    "the newest that is not newer": (
        [make_environment(one) for one in ("2.9.2", "2.10.6", "2.14.4", "2.14.10")],
        HERE,
        make_environment("2.10.6"),
    ),
    "the same Pydantic counts as not newer": (
        [make_environment("2.14.3", cloudpickle="2.2.1"), make_environment("2.14.2")],
        HERE,
        make_environment("2.14.3", cloudpickle="2.2.1"),
    ),
    "else the oldest newer one": (
        [make_environment(one) for one in ("2.14.10", "2.14.4", "2.15.0", "3.0.0")],
        HERE,
        make_environment("2.14.4"),
    ),
    "then the same cloudpickle": (
        [make_environment("2.14.2", cloudpickle=one) for one in ("3.1.1", "3.1.2", "3.1.3")],
        HERE,
        make_environment("2.14.2", cloudpickle="3.1.2"),
    ),
    "then the same patch of Python": (
        [make_environment("2.14.2", python=one) for one in ("3.11.6", "3.11.7", "3.11.9")],
        HERE,
        make_environment("2.14.2", python="3.11.7"),
    ),
    "a pre-release is older than its release": (
        [make_environment("2.14.2"), make_environment("2.14.3b1")],
        HERE,
        make_environment("2.14.3b1"),
    ),
    "a pre-release is held against the last release": (
        [make_environment("2.14.3"), make_environment("2.15.0")],
        make_environment("2.15.0b1"),
        make_environment("2.14.3"),
    ),
}


@pytest.mark.parametrize(("recorded", "environment", "expected"), REFERENCES.values(), ids=REFERENCES)
@pytest.mark.parametrize("step", [1, -1])
def test_with_which_environment_one_is_compared(
    recorded: list[Environment], environment: Environment, expected: Environment | None, step: int
) -> None:
    found = find_references({one.id: versions_of(one) for one in recorded[::step]}, [environment])

    assert found == ({} if expected is None else {environment.id: expected.id})


@pytest.mark.parametrize("there", [HERE, make_missing("2.14.3", "no wheel")])
def test_an_environment_of_the_run_may_be_the_reference_of_others(there: Environment) -> None:
    old, new = make_environment("2.13.4"), make_environment("2.14.4")
    recorded = {one.id: versions_of(one) for one in (old, HERE)}

    assert find_references(recorded, [there, new]) == {ID: ID, new.id: ID}
    assert find_references(recorded, [new]) == {new.id: ID}


def test_an_environment_whose_versions_nobody_knows_is_compared_all_the_same() -> None:
    unknown = replace(HERE, id="unknown", python=None, pydantic=None, cloudpickle=None)

    assert find_references({ID: versions_of(HERE)}, [unknown]) == {"unknown": ID}


def test_a_cell_of_a_new_release_is_held_against_that_of_the_last_one() -> None:
    new = make_environment("2.14.4")
    place = make_place(environment=new.id)
    entry = make_entry(PASS)

    comparison = compare(make_baseline(entry), make_found({place: LOST}, environments=[new]), TODAY)

    (standing,) = comparison.standings.values()
    assert (standing.status, standing.place, standing.entry) == (Status.REGRESSED, place, entry)
    assert standing.why == "pydantic 2.14.3 -> 2.14.4"
    assert (comparison.left, comparison.references) == ((), {new.id: ID})


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        ({"a": "x", "b": "y"}, make_place(BOX, "x", "y")),
        ({"a": "x"}, None),
        ({"b": "y"}, None),
        ({}, None),
    ],
)
def test_a_cell_between_two_environments_is_recorded_between_their_references(
    references: dict[str, str], expected: object
) -> None:
    assert recorded_place(make_place(BOX, "a", "b"), references) == expected
