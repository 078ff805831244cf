"""The marks of a matrix: what is put in comes out, and it stays small."""

from __future__ import annotations

import itertools
import sys

import pytest
from matrix_builders import MARKS
from report_builders import make_cell

from picklecheck.matrix_report import Mark, MatrixResults, Pair
from picklecheck.model import FIXES, Cell, Outcome, Serializer

COLD, WARM, RELAY = (make_cell(f"shapes.box/pickle/main/{receiver}/none") for receiver in ("cold", "warm", "relay"))
OLD, NEW = Pair("old", "old"), Pair("new", "new")
OLD_TO_NEW = Pair("old", "new")
PASS, FAILED = MARKS["."], MARKS["L"]


def make_cells(number: int) -> list[Cell]:
    """Return so many different cells."""
    names = (f"shapes.s{each}" for each in itertools.count())
    all_cells = (Cell(name, Serializer("pickle"), "main", "cold", fix) for name in names for fix in FIXES)
    return list(itertools.islice(all_cells, number))


def test_a_mark_comes_out_as_it_was_put_in() -> None:
    matrix_results = MatrixResults([OLD], [COLD, WARM])
    mark = Mark(
        Outcome.WRONG_TYPE,
        "PC301",
        expected=False,
        registered_in_producer=("a", "b"),
        registered_in_receiver=(),
    )

    matrix_results.put(OLD, WARM, mark)

    assert matrix_results.get(OLD, WARM) == mark


def test_a_cell_that_was_not_run_has_no_mark() -> None:
    matrix_results = MatrixResults([OLD], [COLD, WARM])
    matrix_results.put(OLD, COLD, PASS)

    assert matrix_results.get(OLD, WARM) is None


def test_what_is_not_on_the_board_has_no_mark() -> None:
    matrix_results = MatrixResults([OLD], [COLD])
    matrix_results.put(OLD, COLD, PASS)

    assert matrix_results.get(NEW, COLD) is None
    assert matrix_results.get(OLD, RELAY) is None


@pytest.mark.parametrize(("pair", "cell"), [(NEW, COLD), (OLD, RELAY)])
def test_nothing_can_be_put_beside_the_board(pair: Pair, cell: Cell) -> None:
    matrix_results = MatrixResults([OLD], [COLD])

    with pytest.raises(KeyError):
        matrix_results.put(pair, cell, PASS)

    assert matrix_results.filled == 0


def test_the_same_cell_has_its_own_mark_in_each_pair() -> None:
    matrix_results = MatrixResults([OLD, NEW, OLD_TO_NEW], [COLD])
    matrix_results.put(OLD, COLD, PASS)
    matrix_results.put(OLD_TO_NEW, COLD, FAILED)

    assert [matrix_results.get(pair, COLD) for pair in matrix_results.pairs] == [PASS, None, FAILED]


def test_who_writes_and_who_reads_are_not_the_same() -> None:
    matrix_results = MatrixResults([OLD_TO_NEW, Pair("new", "old")], [COLD])
    matrix_results.put(OLD_TO_NEW, COLD, FAILED)

    assert matrix_results.get(Pair("new", "old"), COLD) is None


def test_marks_that_differ_in_what_was_registered_are_two() -> None:
    matrix_results = MatrixResults([OLD], [COLD, WARM, RELAY])
    marks = [Mark(Outcome.PASS, None, None, registered) for registered in (None, (), ("repros.shapes",))]
    for cell, mark in zip(matrix_results.cells, marks, strict=True):
        matrix_results.put(OLD, cell, mark)

    assert [mark for _, mark in matrix_results.row(OLD)] == marks


def test_a_row_has_the_cells_that_were_run_in_the_order_of_the_plan() -> None:
    matrix_results = MatrixResults([OLD, NEW], [RELAY, WARM, COLD])
    matrix_results.put(OLD, COLD, FAILED)
    matrix_results.put(OLD, RELAY, PASS)

    assert list(matrix_results.row(OLD)) == [(RELAY, PASS), (COLD, FAILED)]
    assert list(matrix_results.row(NEW)) == []


def test_filled_counts_cells_of_all_pairs() -> None:
    matrix_results = MatrixResults([OLD, NEW], [COLD, WARM])
    counts = [matrix_results.filled]
    for pair, cell in ((OLD, COLD), (NEW, COLD), (OLD, WARM)):
        matrix_results.put(pair, cell, PASS)
        counts.append(matrix_results.filled)

    assert counts == [0, 1, 2, 3]


def test_a_mark_that_is_put_again_counts_once_and_the_last_one_stays() -> None:
    matrix_results = MatrixResults([OLD], [COLD])
    matrix_results.put(OLD, COLD, FAILED)
    matrix_results.put(OLD, COLD, PASS)

    assert matrix_results.filled == 1
    assert matrix_results.get(OLD, COLD) == PASS


def test_a_board_of_nothing() -> None:
    matrix_results = MatrixResults([], [])

    assert (matrix_results.pairs, matrix_results.cells, matrix_results.filled) == ((), (), 0)


def test_a_cell_takes_two_bytes() -> None:
    pairs = [Pair(f"e{number}", f"e{number}") for number in range(65)]
    cells = make_cells(1584)
    matrix_results = MatrixResults(pairs, cells)
    for pair in pairs[:3]:
        for cell, mark in zip(cells, itertools.cycle(MARKS.values()), strict=False):
            matrix_results.put(pair, cell, mark)

    assert sum(row.itemsize * len(row) for row in matrix_results._rows.values()) == 2 * 65 * 1584
    # An array takes some more than it needs.
    assert sum(map(sys.getsizeof, matrix_results._rows.values())) < 2.5 * 65 * 1584


def test_equal_marks_are_kept_once() -> None:
    cells = make_cells(500)
    matrix_results = MatrixResults([OLD], cells)
    for number, cell in enumerate(cells):
        matrix_results.put(OLD, cell, Mark(Outcome.PASS, None, None, (f"m{number % 4}",)))

    assert matrix_results.filled == 500
    assert len(matrix_results._marks) == 1 + 4
