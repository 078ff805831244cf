"""A run against a baseline: what is not as it was, and how long a failure is tolerated."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from baseline_builders import HERE, ID, TODAY, make_baseline, make_entry, make_found, make_place
from document_builders import COPIED, LOST, PASS, SOURCE
from matrix_builders import make_environment

from picklecheck.gate.baseline import Baseline, Entry, Versions
from picklecheck.gate.compare import Status, compare, is_past

if TYPE_CHECKING:
    from picklecheck.gate.baseline import Finding
    from picklecheck.model import Environment


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (HERE, ""),
        (make_environment("2.14.4"), "pydantic 2.14.3 -> 2.14.4"),
        (make_environment(python="3.11.8"), "python 3.11.7 -> 3.11.8"),
        (make_environment(cloudpickle="3.1.3"), "cloudpickle 3.1.2 -> 3.1.3"),
        (make_environment(cloudpickle=None), "cloudpickle 3.1.2 -> None"),
        (
            make_environment("2.15.0b1", python="3.12.1", cloudpickle="4.0.0"),
            "python 3.11.7 -> 3.12.1, pydantic 2.14.3 -> 2.15.0b1, cloudpickle 3.1.2 -> 4.0.0",
        ),
    ],
)
def test_versions_that_are_not_as_they_were_are_told(now: Environment, why: str) -> None:
    found = make_found({make_place(environment=now.id): LOST}, environments=[now])

    (standing,) = compare(make_baseline(make_entry(PASS)), found, TODAY).standings.values()

    assert standing.why == why


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        ("a", "a", ""),
        ("a", "b", SOURCE),
        ("a", None, ""),
        (None, "b", ""),
        (None, None, ""),
    ],
)
def test_a_source_that_is_not_as_it_was_is_told_where_both_are_known(
    then: str | None, now: str | None, why: str
) -> None:
    baseline = make_baseline(make_entry(LOST), scenarios={"shapes.box": then} if then else {})
    found = make_found({make_place(): LOST}, digests={"shapes.box": now} if now else {})

    (standing,) = compare(baseline, found, TODAY).standings.values()

    assert (standing.why, standing.status) == (why, Status.AS_RECORDED)


def test_another_scenarios_source_is_not_told() -> None:
    baseline = make_baseline(make_entry(LOST), scenarios={"shapes.box": "a", "shapes.pair": "a"})
    found = make_found({make_place(): LOST}, digests={"shapes.box": "a", "shapes.pair": "b"})

    (standing,) = compare(baseline, found, TODAY).standings.values()

    assert standing.why == ""


def test_versions_and_source_are_told_together() -> None:
    now = make_environment("2.14.4")
    baseline = make_baseline(make_entry(LOST), scenarios={"shapes.box": "a"})
    found = make_found({make_place(environment=now.id): PASS}, environments=[now], digests={"shapes.box": "b"})

    (standing,) = compare(baseline, found, TODAY).standings.values()

    assert standing.why == f"pydantic 2.14.3 -> 2.14.4, {SOURCE}"


def test_of_a_pair_both_environments_are_told() -> None:
    """The writer and the reader are recorded, and neither is there any more."""
    old, newer, newest = make_environment("2.13.4"), make_environment("2.14.4"), make_environment("2.13.5")
    entry = make_entry(PASS, environment=old.id, receiver_environment=ID)
    place = make_place(environment=newest.id, receiver_environment=newer.id)
    found = make_found({place: LOST}, environments=[newest, newer])

    comparison = compare(make_baseline(entry, environments=[old, HERE]), found, TODAY)

    assert comparison.references == {newest.id: old.id, newer.id: ID}
    assert comparison.standings[place].why == "pydantic 2.13.4 -> 2.13.5, pydantic 2.14.3 -> 2.14.4"


def test_the_same_change_on_both_sides_of_a_pair_is_told_once() -> None:
    old, now = make_environment("2.13.4"), make_environment("2.13.4", python="3.11.8")
    there = make_environment(python="3.11.8")
    entry = make_entry(PASS, environment=old.id, receiver_environment=ID)
    place = make_place(environment=now.id, receiver_environment=there.id)
    found = make_found({place: LOST}, environments=[now, there])

    comparison = compare(make_baseline(entry, environments=[old, HERE]), found, TODAY)

    assert comparison.standings[place].why == "python 3.11.7 -> 3.11.8"


# Until -> is it over on 2030-01-02 with Pydantic 2.14.3?
LIMITS: list[tuple[str, bool]] = [
    ("2030-01-02", False),
    ("2030-01-01", True),
    ("2030-01-03", False),
    ("2029-12-31", True),
    ("2.14", False),
    ("2.14.3", False),
    ("2.14.4", False),
    ("2.14.2", True),
    ("2.13", True),
    ("2.13.99", True),
    ("2.15", False),
    ("2", False),
    ("1", True),
]


@pytest.mark.parametrize(("until", "is_over"), LIMITS)
def test_a_failure_is_tolerated_up_to_its_limit(until: str, *, is_over: bool) -> None:
    entry = make_entry(LOST, until=until)

    comparison = compare(make_baseline(entry), make_found({entry.place: LOST}), TODAY)

    assert is_past(until, "2.14.3", TODAY) is is_over
    assert comparison.standings[entry.place].status is (Status.EXPIRED if is_over else Status.AS_RECORDED)


@pytest.mark.parametrize(
    ("until", "pydantic", "is_over"),
    [
        ("2.14", "2.14.0", False),
        ("2.14", "2.14.99", False),
        ("2.14", "2.15.0b1", True),
        ("2.14", "2.15.0", True),
        ("2.14", "3.0.0a1", True),
        ("2.14", "2.14.0b1", False),
        ("2.14.3", "2.14.3", False),
        ("2.14.3", "2.14.4", True),
        ("2.14.3", "2.14.3.dev1", False),
        ("2.9", "2.10.0", True),
        ("2.14", None, False),
        ("2.14", "of my own", False),
    ],
)
def test_a_version_means_all_of_its_patches(until: str, pydantic: str | None, *, is_over: bool) -> None:
    assert is_past(until, pydantic, TODAY) is is_over


def test_the_last_day_counts_whole() -> None:
    assert not is_past("2030-01-02", "2.14.3", dt.date(2030, 1, 2))
    assert is_past("2030-01-02", "2.14.3", dt.date(2030, 1, 3))


@pytest.mark.parametrize("until", ["", "soon", "2030-13-01", "2030-02-30", "v", "2.x"])
def test_what_is_no_limit_is_refused(until: str) -> None:
    with pytest.raises(ValueError, match="Invalid"):
        is_past(until, "2.14.3", TODAY)


def test_a_limit_is_that_of_the_version_in_the_run() -> None:
    now = make_environment("2.15.0b1")
    found = make_found({make_place(environment=now.id): LOST}, environments=[now])

    (standing,) = compare(make_baseline(make_entry(LOST, until="2.14")), found, TODAY).standings.values()

    assert (standing.status, standing.why) == (Status.EXPIRED, "pydantic 2.14.3 -> 2.15.0b1")


@pytest.mark.parametrize(
    ("then", "now", "status"),
    [
        (LOST, PASS, Status.FIXED),
        (LOST, COPIED, Status.CHANGED),
        (PASS, PASS, Status.AS_RECORDED),
        (PASS, LOST, Status.REGRESSED),
    ],
)
def test_a_limit_says_nothing_of_what_is_not_as_recorded_or_passes(then: Finding, now: Finding, status: Status) -> None:
    entry = make_entry(then, until="2029-12-31")

    comparison = compare(make_baseline(entry), make_found({entry.place: now}), TODAY)

    assert comparison.standings[entry.place].status is status


def test_until_holds_for_both_sides_of_a_pair() -> None:
    old, new = make_environment("2.13.4"), make_environment("2.15.0")
    place = make_place("shapes.box/pickle/main/cold/none", old.id, new.id)
    versions = {one.id: Versions(one.python, one.pydantic, one.cloudpickle) for one in (old, new)}
    baseline = Baseline("0.1.0", versions, {}, {place: Entry(place, LOST, "known", "2.14")})

    comparison = compare(baseline, make_found({place: LOST}, environments=[old, new]), TODAY)

    assert [one.status for one in comparison.standings.values()] == [Status.EXPIRED]
