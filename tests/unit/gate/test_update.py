"""A baseline after a run: what is recorded anew, and what is dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from baseline_builders import HERE, ID, TODAY, make_baseline, make_entry, make_found, make_place, versions_of
from document_builders import BOX, COPIED, LOST, PASS
from matrix_builders import make_environment, make_missing

from picklecheck.gate.baseline import Baseline, Finding
from picklecheck.gate.compare import Status, compare
from picklecheck.gate.update import Edited, prune, update
from picklecheck.model import Environment, Outcome

PAIR = BOX.replace("box", "pair")
UNDECIDED = Finding(Outcome.UNDECIDED, "PC901")
NEXT = make_environment("2.14.4")
EMPTY = make_baseline(environments=[])


def kept(edited: Edited) -> list[str]:
    """Return the cells that are recorded afterwards."""
    return [place.cell for place in edited.baseline.entries]


def test_the_first_record_is_all_that_was_found() -> None:
    found = make_found({make_place(): LOST, make_place(PAIR): PASS}, digests={"shapes.box": "1", "shapes.pair": "2"})

    edited = update(EMPTY, found, "0.2.0")

    entries = (make_entry(LOST), make_entry(PASS, PAIR))
    recorded = make_baseline(*entries, scenarios={"shapes.box": "1", "shapes.pair": "2"})
    assert edited == Edited(replace(recorded, tool_version="0.2.0"), added=entries, changed=(), dropped=())


def test_what_is_as_recorded_stays_as_it_is() -> None:
    baseline = make_baseline(make_entry(LOST, reason="known", until="2.15"))

    assert update(baseline, make_found({make_place(): LOST}), "0.1.0") == Edited(baseline, (), (), ())


@pytest.mark.parametrize("now", [PASS, COPIED, replace(LOST, code="PC202"), replace(LOST, exception="ImportError")])
def test_a_finding_that_changes_loses_its_reason_and_its_limit(now: Finding) -> None:
    baseline = make_baseline(make_entry(LOST, reason="known", until="2.15"))

    edited = update(baseline, make_found({make_place(): now}), "0.1.0")

    assert edited == Edited(make_baseline(make_entry(now)), added=(), changed=(make_entry(now),), dropped=())


def test_cells_that_could_not_be_judged_keep_their_entries() -> None:
    baseline = make_baseline(make_entry(LOST, reason="known"))

    edited = update(baseline, make_found({make_place(): UNDECIDED, make_place(PAIR): UNDECIDED}), "0.1.0")

    assert edited == Edited(baseline, (), (), ())


def test_cells_that_were_not_run_keep_their_entries() -> None:
    baseline = make_baseline(make_entry(LOST), scenarios={"shapes.box": "1"})

    edited = update(baseline, make_found({make_place(PAIR): PASS}, digests={"shapes.pair": "2"}), "0.1.0")

    assert kept(edited) == [BOX, PAIR]
    assert edited.baseline.scenarios == {"shapes.box": "1", "shapes.pair": "2"}


def test_an_environment_takes_the_place_of_the_one_of_its_line() -> None:
    baseline = make_baseline(make_entry(LOST, reason="known"), make_entry(PASS, PAIR))
    places = {make_place(environment=NEXT.id): LOST, make_place(PAIR, NEXT.id): PASS}

    edited = update(baseline, make_found(places, environments=[NEXT]), "0.1.0")

    assert edited.replaced == ((ID, NEXT.id),)
    assert edited.baseline.environments == {NEXT.id: versions_of(NEXT)}
    assert list(edited.baseline.entries.values()) == [
        make_entry(LOST, environment=NEXT.id, reason="known"),
        make_entry(PASS, PAIR, environment=NEXT.id),
    ]
    assert (edited.added, edited.changed, edited.dropped) == ((), (), ())


def test_an_environment_of_which_not_all_was_judged_is_recorded_beside_the_other() -> None:
    baseline = make_baseline(make_entry(LOST, reason="known"), make_entry(PASS, PAIR))
    found = make_found({make_place(environment=NEXT.id): LOST}, environments=[NEXT])

    edited = update(baseline, found, "0.1.0")

    assert edited.replaced == ()
    assert set(edited.baseline.environments) == {ID, NEXT.id}
    assert edited.added == (make_entry(LOST, environment=NEXT.id),)


@pytest.mark.parametrize(
    "now",
    [
        make_environment("2.15.0"),
        make_environment("2.13.4"),
        make_environment(python="3.12.1"),
        make_environment(cloudpickle="4.0.0"),
        make_environment(cloudpickle=None),
    ],
)
def test_an_environment_of_another_line_is_recorded_beside_it(now: Environment) -> None:
    found = make_found({make_place(environment=now.id): LOST}, environments=[now])

    edited = update(make_baseline(make_entry(LOST)), found, "0.1.0")

    assert edited.replaced == ()
    assert edited.baseline.environments == {ID: versions_of(HERE), now.id: versions_of(now)}
    assert edited.added == (make_entry(LOST, environment=now.id),)


@pytest.mark.parametrize(
    "now",
    [make_environment("2.14.9"), make_environment(python="3.11.9"), make_environment(cloudpickle="3.0.0")],
)
def test_a_line_is_the_minors_of_python_and_pydantic_and_the_major_of_cloudpickle(now: Environment) -> None:
    found = make_found({make_place(environment=now.id): LOST}, environments=[now])

    assert update(make_baseline(make_entry(LOST)), found, "0.1.0").replaced == ((ID, now.id),)


def test_of_two_environments_of_a_line_the_newer_one_takes_the_place() -> None:
    last = make_environment("2.14.5")
    places = {make_place(environment=one.id): LOST for one in (NEXT, last)}

    edited = update(make_baseline(make_entry(LOST)), make_found(places, environments=[NEXT, last]), "0.1.0")

    assert edited.replaced == ((ID, last.id),)
    assert [place.environment for place in edited.baseline.entries] == [last.id, NEXT.id]
    assert edited.added == (make_entry(LOST, environment=NEXT.id),)


@pytest.mark.parametrize("places", [{}, {make_place(environment=NEXT.id): UNDECIDED}])
@pytest.mark.parametrize("there", [NEXT, make_missing("2.14.4", "no wheel")])
def test_an_environment_in_which_nothing_was_judged_takes_no_place(
    there: Environment, places: dict[object, Finding]
) -> None:
    baseline = make_baseline(make_entry(LOST))

    assert update(baseline, make_found(places, environments=[there]), "0.1.0") == Edited(baseline, (), (), ())  # type: ignore[arg-type]


def test_an_environment_that_could_not_be_had_keeps_the_versions_that_were_recorded() -> None:
    baseline = make_baseline(make_entry(LOST))
    unknown = replace(HERE, status="unavailable", python=None, pydantic=None, cloudpickle=None)

    assert update(baseline, make_found(environments=[unknown]), "0.1.0").baseline == baseline


def test_of_a_pair_both_environments_are_replaced() -> None:
    old, newer = make_environment("2.13.4"), make_environment("2.13.5")
    baseline = make_baseline(
        make_entry(LOST, environment=old.id, receiver_environment=ID, reason="known"), environments=[old, HERE]
    )
    place = make_place(environment=newer.id, receiver_environment=NEXT.id)

    edited = update(baseline, make_found({place: LOST}, environments=[newer, NEXT]), "0.1.0")

    assert edited.replaced == ((old.id, newer.id), (ID, NEXT.id))
    assert [(one.place, one.reason) for one in edited.baseline.entries.values()] == [(place, "known")]


@pytest.mark.parametrize("baseline", [EMPTY, make_baseline(make_entry(PASS), make_entry(LOST, PAIR))])
@pytest.mark.parametrize("environment", [HERE, NEXT, make_environment("2.15.0")])
def test_a_run_does_not_differ_from_what_was_recorded_of_it(baseline: Baseline, environment: Environment) -> None:
    places = {make_place(environment=environment.id): LOST, make_place(PAIR, environment.id): UNDECIDED}
    found = make_found(places, environments=[environment], digests={"shapes.box": "1"})

    comparison = compare(update(baseline, found, "0.1.0").baseline, found, TODAY)

    statuses = {one.status for one in (*comparison.standings.values(), *comparison.left)}
    assert statuses <= {Status.AS_RECORDED, Status.NOT_CHECKED}


def test_pruning_drops_the_entries_whose_cells_were_not_run() -> None:
    baseline = make_baseline(
        make_entry(LOST, reason="known"), make_entry(PASS, PAIR), scenarios={"shapes.box": "1", "shapes.pair": "2"}
    )

    edited = prune(baseline, make_found({make_place(): PASS}))

    remaining = make_baseline(make_entry(LOST, reason="known"), scenarios={"shapes.box": "1"})
    assert edited == Edited(remaining, added=(), changed=(), dropped=(make_entry(PASS, PAIR),))


def test_pruning_records_nothing_and_keeps_what_could_not_be_judged() -> None:
    baseline = make_baseline(make_entry(LOST))

    assert prune(baseline, make_found({make_place(): UNDECIDED, make_place(PAIR): LOST})) == Edited(
        baseline, (), (), ()
    )


def test_pruning_goes_by_the_environment_that_is_compared() -> None:
    baseline = make_baseline(make_entry(LOST), make_entry(PASS, PAIR))

    edited = prune(baseline, make_found({make_place(environment=NEXT.id): LOST}, environments=[NEXT]))

    assert kept(edited) == [BOX]
    assert edited.replaced == ()


def test_pruning_drops_environments_that_are_in_no_report() -> None:
    old = make_environment("2.13.4")
    baseline = make_baseline(make_entry(LOST, environment=old.id), make_entry(LOST), environments=[old, HERE])

    edited = prune(baseline, make_found({make_place(): LOST}))

    assert edited.baseline == make_baseline(make_entry(LOST))
    assert edited.dropped == (make_entry(LOST, environment=old.id),)


def test_pruning_keeps_what_is_recorded_of_an_environment_that_could_not_be_had() -> None:
    old = make_missing("2.13.4", "no wheel")
    pair = make_entry(LOST, environment=ID, receiver_environment=old.id)
    entries = (make_entry(LOST, environment=old.id), make_entry(LOST), pair)
    baseline = make_baseline(*entries, environments=[old, HERE])

    assert prune(baseline, make_found({make_place(): LOST}, environments=[old, HERE])).baseline == baseline
