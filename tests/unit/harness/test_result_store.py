"""Results of earlier runs: found again where nothing has changed, and never in the way."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import pytest
from matrix_builders import make_environment
from report_builders import make_cell, make_observation, make_result, make_scenario
from store_builders import COLD, HERE, SCENARIOS, WARM, find, ids, keep, open_store

from picklecheck.harness import result_store
from picklecheck.model import Outcome, Scenario


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be, in a folder that is not there yet."""
    return tmp_path / "cache" / "results.sqlite3"


@pytest.mark.parametrize("registered", [None, (), ("__main__",), ("__main__", "repros.shapes")])
@pytest.mark.parametrize("reader", [None, "there"])
@pytest.mark.parametrize("expected", [None, True, False])
def test_a_result_comes_back_as_it_was(
    path: Path, registered: tuple[str, ...] | None, reader: str | None, *, expected: bool | None
) -> None:
    result = replace(
        make_result(WARM, Outcome.LOAD_ERROR, expected=expected, reason="No 'Box[int]' ☃ \udcff."),
        protocol=4,
        duration_s=0.1234567,
        registered_in_producer=registered,
        registered_in_receiver=None if registered else ("other",),
        receiver_environment=reader,
    )
    keep(path, result)

    assert find(path, environments=("here", reader)) == [result]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.PASS,
        Outcome.DUMP_ERROR,
        Outcome.LOAD_ERROR,
        Outcome.WRONG_TYPE,
        Outcome.WRONG_VALUE,
        Outcome.UNSUPPORTED,
    ],
)
def test_an_outcome_that_would_come_out_the_same_is_kept(path: Path, outcome: Outcome) -> None:
    keep(path, make_result(outcome=outcome))

    assert [one.verdict.outcome for one in find(path)] == [outcome]


@pytest.mark.parametrize("outcome", [Outcome.UNDECIDED, Outcome.TIMEOUT, Outcome.CRASH])
def test_an_outcome_that_may_be_another_one_next_time_is_not(path: Path, outcome: Outcome) -> None:
    keep(path, make_result(outcome=outcome))

    assert find(path) == []


def test_the_evidence_is_not_kept(path: Path) -> None:
    result = make_result(observation=make_observation())
    keep(path, result)

    assert find(path) == [replace(result, observation=None)]


def test_only_the_cells_that_are_asked_for_are_found(path: Path) -> None:
    keep(path, make_result(COLD), make_result(WARM))

    assert ids(find(path, WARM, "shapes.pair/pickle/main/cold/none")) == [WARM]


@pytest.mark.parametrize(
    "other",
    [
        {"digests": ("digest-of-there", "digest-of-there")},
        {"digests": ("digest-of-here", "digest-of-there")},
        {"digests": ("digest-of-there", "digest-of-here")},
        {"scenario": "another"},
        {"options": "spawn 30.0"},
        {"options": "fork 0.1"},
        {"tool": "another"},
    ],
)
def test_what_was_found_in_other_circumstances_does_not_count(path: Path, other: dict[str, object]) -> None:
    keep(path, make_result())

    assert find(path, **other) == []  # type: ignore[arg-type]


def test_each_scenario_has_its_own_digest(path: Path) -> None:
    other = "shapes.pair/pickle/main/cold/none"
    keep(path, make_result(COLD), make_result(other))

    assert ids(find(path, COLD, other, scenario="changed meanwhile")) == [other]


def test_writing_and_reading_are_not_the_same(path: Path) -> None:
    to_new = replace(make_result(outcome=Outcome.LOAD_ERROR), environment="old", receiver_environment="new")
    to_old = replace(make_result(), environment="new", receiver_environment="old")
    with open_store(path) as store:
        store.keep(("old", "new"), SCENARIOS["shapes.box"], to_new)
        store.keep(("new", "old"), SCENARIOS["shapes.box"], to_old)

    assert find(path, digests=("old", "new"), environments=("old", "new")) == [to_new]
    assert find(path, digests=("new", "old"), environments=("new", "old")) == [to_old]


def test_a_pair_that_is_one_environment_is_the_same_with_and_without_cross(path: Path) -> None:
    keep(path, replace(make_result(), receiver_environment="here"))

    assert find(path) == [make_result()]


def test_a_result_that_is_kept_again_takes_the_place_of_the_first(path: Path) -> None:
    keep(path, make_result(reason="before"))
    keep(path, make_result(reason="after"))

    assert [one.verdict.reason for one in find(path)] == ["after"]


def test_a_store_finds_what_it_has_not_written_yet(path: Path) -> None:
    with open_store(path) as store:
        store.keep(HERE, SCENARIOS["shapes.box"], make_result())

        assert store.results(HERE, SCENARIOS, [make_cell(COLD)], ("here", None)) == [make_result()]


def test_a_run_that_is_killed_loses_no_more_than_a_batch(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_store, "_BATCH", 3)
    cells = [f"shapes.box/pickle:{protocol}/main/cold/none" for protocol in range(5)]
    with open_store(path) as store:
        for cell in cells:
            store.keep(HERE, SCENARIOS["shapes.box"], make_result(cell))

        assert ids(find(path, *cells)) == cells[:3]
    assert ids(find(path, *cells)) == cells


def test_what_another_state_of_the_tool_found_is_removed(path: Path) -> None:
    keep(path, make_result())
    find(path, tool="newer")

    assert find(path) == []


def test_the_catalogue_is_listed_once_for_each_state_of_the_tool(path: Path) -> None:
    scenarios = (
        make_scenario(before="import x", warm=("Box[str]", "Box[int]"), beyond=("instance",)),
        make_scenario("values.in_list", (), module="other"),
    )
    listed = []

    def make() -> tuple[Scenario, ...]:
        listed.append("")
        return scenarios

    for tool in ("tool", "tool", "newer"):
        with open_store(path, tool) as store:
            assert store.scenarios(path.parent, make) == scenarios
            assert store.scenarios(path.parent, make) == scenarios

    assert len(listed) == 2


def test_a_catalogue_that_changed_is_listed_again(path: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "repros"
    catalogue.mkdir()
    with open_store(path) as store:
        for name in ("shapes.box", "shapes.pair"):
            (catalogue / "shapes.py").write_text(f"{name}\n")
            scenario = make_scenario(name)
            assert store.scenarios(catalogue, functools.partial(tuple, [scenario])) == (scenario,)


@pytest.mark.parametrize("cloudpickle", ["3.1.2", None])
def test_what_an_environment_says_of_itself_comes_back(path: Path, cloudpickle: str | None) -> None:
    environment = make_environment(cloudpickle=cloudpickle)
    with open_store(path) as store:
        store.keep_environment("digest", environment)
    with open_store(path) as store:
        assert store.environment("digest") == environment
        assert store.environment("another") is None


def test_the_same_digest_of_an_environment_and_of_results_do_not_meet(path: Path) -> None:
    with open_store(path) as store:
        assert store.environment("catalogue") is None
        store.scenarios(Path("catalogue"), lambda: (make_scenario(),))
        assert store.environment("catalogue") is None
