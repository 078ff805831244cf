"""Shards: a plan in parts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_builders import CLOUDPICKLE, PICKLE, make_scenario

from picklecheck.errors import UsageError
from picklecheck.model import Cell, EnvironmentSpec, Shard
from picklecheck.plan.cells import Axes, groups_of, make_plan
from picklecheck.plan.environments import EnvironmentPlan
from picklecheck.plan.sharding import parse_shard, shard_cells, shard_wanted

SCENARIOS = tuple(make_scenario(f"shapes.s{number}") for number in range(3))
CELLS = make_plan(SCENARIOS, (), Axes())
SPECS = [EnvironmentSpec("/python", "3.11.7", f"2.14.{patch}", "3.1.2") for patch in range(4)]
WANTED = tuple(EnvironmentPlan(spec, CELLS) for spec in SPECS)


@pytest.mark.parametrize(("text", "shard"), [("1/1", (1, 1)), ("2/3", (2, 3)), ("03/010", (3, 10)), ("7/7", (7, 7))])
def test_a_shard_reads_as_its_number_and_their_number(text: str, shard: tuple[int, int]) -> None:
    assert parse_shard(text) == Shard(*shard)
    assert str(Shard(*shard)) == f"{shard[0]}/{shard[1]}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "/",
        "1/",
        "/2",
        "0/2",
        "3/2",
        "0/0",
        "1/0",
        "-1/2",
        "1/-2",
        "1/2/3",
        "1 / 2",
        " 1/2",
        "1/2\n",
        "a/b",
        "1.0/2",
        "1/٣",
        "1/1234567",
        "1of2",
    ],
)
def test_what_is_no_shard_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_shard(text)

    assert caught.value.message == f"--shard {text!r} is no part of a plan."
    assert caught.value.hint == "Write I/N, as in 1/3: the first of three; I runs from 1 to N."


def shards_of(cells: tuple[Cell, ...], of: int) -> list[tuple[Cell, ...]]:
    """Return the cells of all shards."""
    return [shard_cells(cells, Shard(index, of), "here")[0] for index in range(1, of + 1)]


PLANS = st.lists(
    st.builds(
        Cell,
        scenario=st.sampled_from(["a", "b", "c"]),
        serializer=st.sampled_from([PICKLE, CLOUDPICKLE]),
        site=st.sampled_from(["main", "function"]),
        receiver=st.sampled_from(["cold", "warm", "bare"]),
        fix=st.sampled_from(["none", "class"]),
    ),
    unique=True,
).map(tuple)


@settings(max_examples=50, derandomize=True, deadline=None, database=None)
@given(PLANS, st.integers(1, 12))
def test_the_shards_of_a_plan_are_the_plan(cells: tuple[Cell, ...], of: int) -> None:
    shards = shards_of(cells, of)

    assert [len(one) for one in shards] == [len(set(one)) for one in shards]
    assert sorted(cell.id for one in shards for cell in one) == sorted(cell.id for cell in cells)
    sizes = [len(groups_of(one)) for one in shards]
    assert max(sizes) - min(sizes) <= 1
    # As many groups as before: none was torn apart.
    assert sum(sizes) == len(groups_of(cells))
    assert shards_of(cells, of) == shards


def test_the_first_of_one_is_the_whole_plan() -> None:
    assert shards_of(CELLS, 1) == [tuple(itertools.chain(*groups_of(CELLS)))]


def test_of_more_shards_than_groups_some_are_empty() -> None:
    cells = CELLS[:4]  # two groups of two

    assert [len(one) for one in shards_of(cells, 5)] == [0, 0, 2, 0, 2]


def test_the_shards_of_a_plan_carry_its_hash() -> None:
    whole = {shard_cells(CELLS, Shard(index, of), "here")[1].plan for of in (1, 2, 7) for index in range(1, of + 1)}
    (plan,) = whole

    assert len(plan) == 16
    assert shard_cells(CELLS, Shard(2, 7), "here")[1] == Shard(2, 7, plan)
    assert {
        shard_cells(cells, Shard(1, 2), "here")[1].plan for cells in (CELLS[:-1], CELLS[1:], CELLS[::-1], ())
    }.isdisjoint(whole)


def units(wanted: tuple[EnvironmentPlan, ...]) -> list[tuple[str, str]]:
    """Return each cell with its environment."""
    return [(one.spec.id, cell.id) for one in wanted for cell in one.cells]


def all_shards(wanted: tuple[EnvironmentPlan, ...], of: int, *, cross: bool) -> list[tuple[EnvironmentPlan, ...]]:
    """Return what all shards want."""
    return [shard_wanted(wanted, Shard(index, of), cross=cross)[0] for index in range(1, of + 1)]


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("of", [1, 2, 3, 5, 18, 100])
def test_the_shards_of_a_matrix_are_the_matrix(of: int, *, cross: bool) -> None:
    uneven = (*WANTED[:2], replace(WANTED[2], cells=CELLS[:5]), replace(WANTED[3], cells=CELLS[7:]))

    shards = all_shards(uneven, of, cross=cross)

    found = [unit for one in shards for unit in units(one)]
    assert sorted(found) == sorted(units(uneven))
    assert all(one.cells for shard in shards for one in shard)
    assert all_shards(uneven, of, cross=cross) == shards


@pytest.mark.parametrize("of", [2, 3, 5])
def test_a_shard_needs_few_environments(of: int) -> None:
    shards = all_shards(WANTED, of, cross=False)

    sizes = [sum(len(groups_of(one.cells)) for one in shard) for shard in shards]
    assert max(sizes) - min(sizes) <= 1
    # Each border between shards lies in one environment, which two of them need.
    assert sum(map(len, shards)) <= len(SPECS) + of - 1
    assert [one.spec.id for shard in shards for one in shard] == sorted(
        one.spec.id for shard in shards for one in shard
    )


@pytest.mark.parametrize("of", [2, 3, 5])
def test_each_shard_of_a_crossed_matrix_needs_all_environments_for_its_own_cells(of: int) -> None:
    shards = all_shards(WANTED, of, cross=True)

    for shard in shards:
        assert [one.spec for one in shard] == SPECS
        assert len({one.cells for one in shard}) == 1
    sizes = [len(groups_of(shard[0].cells)) for shard in shards]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("cross", [False, True])
def test_a_plan_of_many_environments_has_a_hash_too(*, cross: bool) -> None:
    def plan(wanted: tuple[EnvironmentPlan, ...], index: int = 1) -> str:
        shard = shard_wanted(wanted, Shard(index, 3), cross=cross)[1]
        assert (shard.index, shard.of) == (index, 3)
        return shard.plan

    assert len({plan(WANTED, index) for index in (1, 2, 3)}) == 1
    others = {
        plan(WANTED),
        plan(WANTED[1:]),
        plan(WANTED[::-1]),
        plan((*WANTED[:3], replace(WANTED[3], cells=CELLS[1:]))),
    }
    assert len(others) == 4


def test_an_empty_shard_of_a_matrix_wants_nothing() -> None:
    few = (replace(WANTED[0], cells=CELLS[:2]),)

    assert all_shards(few, 2, cross=False) == [(), few]
    assert all_shards(few, 2, cross=True) == [(), few]
