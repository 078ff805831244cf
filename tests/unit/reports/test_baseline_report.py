"""A baseline for people, whole."""

from __future__ import annotations

import pytest
from baseline_builders import HERE, ID, make_baseline, make_entry
from document_builders import BOX, COPIED, LOST, NASTY, PASS
from matrix_builders import make_environment

from picklecheck.gate.baseline import Finding
from picklecheck.gate.update import Edited
from picklecheck.model import Outcome
from picklecheck.reports.terminal.baseline import render, render_edit
from picklecheck.reports.view import View

OLD = make_environment("2.13.4")
PAIR, TREE = BOX.replace("box", "pair"), BOX.replace("box", "tree")
BASELINE = make_baseline(
    make_entry(PASS, TREE),
    make_entry(LOST, PAIR, reason="see [#7]", until="2.15"),
    make_entry(COPIED),
    make_entry(LOST, environment=OLD.id, receiver_environment=ID),
    make_entry(Finding(Outcome.UNSUPPORTED, "PC801"), environment=OLD.id),
    environments=[HERE, OLD],
)


def test_what_is_recorded() -> None:
    assert (
        render(BASELINE, "b.json", View()).plain
        == """\
b.json, written by picklecheck 0.1.0

py3.11.7-pydantic2.13.4-cloudpickle3.1.2: 1 unsupported
  - shapes.box/pickle/main/cold/none: unsupported PC801

py3.11.7-pydantic2.13.4-cloudpickle3.1.2 ->
py3.11.7-pydantic2.14.3-cloudpickle3.1.2: 1 load-error
  - shapes.box/pickle/main/cold/none: load-error PC201 AttributeError

py3.11.7-pydantic2.14.3-cloudpickle3.1.2: 1 pass, 1 load-error, 1 wrong-type
  - shapes.box/pickle/main/cold/none: wrong-type PC301
  - shapes.pair/pickle/main/cold/none: load-error PC201 AttributeError; see [#7]
      (until 2.15)

5 cells of 3 scenarios are recorded.
"""
    )


def test_what_passes_is_listed_where_it_is_asked_for() -> None:
    quiet, verbose = (render(BASELINE, "b.json", View(verbosity=one)).plain for one in (0, 1))

    assert set(verbose.splitlines()) - set(quiet.splitlines()) == {"  - shapes.tree/pickle/main/cold/none: pass"}


def test_a_baseline_of_nothing() -> None:
    assert (
        render(make_baseline(environments=[]), "b.json", View()).plain
        == """\
b.json, written by picklecheck 0.1.0

0 cells of 0 scenarios are recorded.
"""
    )


def test_what_an_edit_changed() -> None:
    edited = Edited(
        BASELINE,
        added=(make_entry(PASS, TREE), make_entry(COPIED)),
        changed=(make_entry(LOST, PAIR),),
        dropped=tuple(make_entry(PASS, f"{TREE}{number}") for number in range(10)),
        replaced=((OLD.id, ID),),
    )

    assert (
        render_edit(edited, "b.json", View()).plain
        == """\
py3.11.7-pydantic2.14.3-cloudpickle3.1.2 takes the place of
py3.11.7-pydantic2.13.4-cloudpickle3.1.2.
2 cells added
  - shapes.tree/pickle/main/cold/none: pass
  - shapes.box/pickle/main/cold/none: wrong-type PC301
1 cell changed
  - shapes.pair/pickle/main/cold/none: load-error PC201 AttributeError
10 cells dropped
  - shapes.tree/pickle/main/cold/none0: pass
  - shapes.tree/pickle/main/cold/none1: pass
  - shapes.tree/pickle/main/cold/none2: pass
  - shapes.tree/pickle/main/cold/none3: pass
  - shapes.tree/pickle/main/cold/none4: pass
  - shapes.tree/pickle/main/cold/none5: pass
  - shapes.tree/pickle/main/cold/none6: pass
  - shapes.tree/pickle/main/cold/none7: pass
  and 2 more
b.json: 5 cells recorded.
"""
    )


def test_an_edit_that_changed_nothing() -> None:
    assert render_edit(Edited(make_baseline(make_entry()), (), (), ()), "b.json", View()).plain == (
        "b.json: 1 cell recorded.\n"
    )


@pytest.mark.parametrize("width", [40, 80])
def test_whatever_is_recorded_stays_on_its_lines(width: int) -> None:
    odd = make_environment("\x1b[31m\n2.14")
    entries = [make_entry(LOST, reason=NASTY), make_entry(LOST, f"\x1b{PAIR}", environment=odd.id)]
    baseline = make_baseline(*entries, environments=[HERE, odd])
    edited = Edited(baseline, tuple(entries), (), (), ((odd.id, ID),))

    for text in (render(baseline, NASTY, View(width)).plain, render_edit(edited, NASTY, View(width)).plain):
        assert "\x1b" not in text
        assert "\\x1b" in text
        assert "Box[int] [/bold]" in " ".join(text.split())
        assert max(len(line) for line in text.splitlines() if " " in line.strip(" -")) <= width
