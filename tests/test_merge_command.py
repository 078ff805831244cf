"""``picklecheck merge`` as users meet it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from written_reports import BOX, COPIED, LOST, PAIR, environment_of, record, write_report

from picklecheck.reports.formats import MATRIX_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

NAME = "picklecheck-baseline.json"
FIRST: dict[str, Any] = {"cells": {BOX: LOST, PAIR: "pass"}}
NEXT: dict[str, Any] = {"cells": {BOX: LOST, PAIR: LOST}, "pydantic": "2.14.4"}
SHORT: dict[str, Any] = {"cells": {BOX: LOST}}


def write(place: Place, *reports: dict[str, Any]) -> list[str]:
    """Write 0.json, 1.json ... and return their names."""
    return [write_report(place.work / f"{number}.json", **one) for number, one in enumerate(reports)]


def test_a_merge_goes_into_every_format(place: Place, picklecheck: Callable[..., Ended]) -> None:
    outputs = [f"--output={form}=out.{form}" for form in MATRIX_FORMATS]

    ended = picklecheck("merge", *write(place, FIRST, NEXT), *outputs, "-q")

    assert (ended.status, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[1].startswith("2 of 2 environments checked. ")
    for form in MATRIX_FORMATS:
        assert (place.work / f"out.{form}").stat().st_size or form == "github", form
    document = json.loads((place.work / "out.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in document["environments"]] == [environment_of("2.14.3"), environment_of("2.14.4")]
    assert len(document["cells"]) == 4
    assert place.left_behind() == []


# Reports, options -> exit status and words on stdout or stderr.
MERGES: dict[str, tuple[list[dict[str, Any]], tuple[str, ...], int, str]] = {
    "as recorded": ([FIRST], ("--baseline", NAME), 0, "2 as recorded"),
    "regressed": ([NEXT], ("--baseline", NAME), 1, "1 regressed"),
    "regressed and forgiven": ([NEXT], ("--baseline", NAME, "--exit-zero"), 0, "1 regressed"),
    "a shard is missing": ([{**SHORT, "shard": (1, 2)}], (), 3, "Shard 2 of 2 is not among the reports"),
    "interrupted": ([{**SHORT, "planned": 2, "interrupted": True}], (), 130, "Interrupted"),
    "no environment": ([{"cells": {}, "reason": "no wheel"}], (), 3, "could not be had"),
    "nothing": ([{"cells": {}}], (), 4, "0 cells"),
    "they disagree": ([SHORT, {"cells": {BOX: COPIED}}], (), 2, "0.json and 1.json disagree"),
}


@pytest.mark.parametrize(("reports", "options", "status", "words"), MERGES.values(), ids=MERGES)
def test_what_a_merge_ends_with(
    place: Place,
    picklecheck: Callable[..., Ended],
    reports: list[dict[str, Any]],
    options: tuple[str, ...],
    status: int,
    words: str,
) -> None:
    if "--baseline" in options:
        record(place.work / write_report(place.work / "first.json", **FIRST))

    ended = picklecheck("merge", *write(place, *reports), *options)

    assert ended.status == status, ended.stderr
    assert words in " ".join((ended.stdout + ended.stderr).split())


def test_a_merged_report_is_one_that_can_be_recorded(place: Place, picklecheck: Callable[..., Ended]) -> None:
    assert picklecheck("merge", *write(place, FIRST, NEXT), "--output", "json=all.json").status == 0
    assert picklecheck("baseline", "update", "all.json").status == 0

    ended = picklecheck("baseline", "diff", *write(place, FIRST, NEXT))

    assert (ended.status, ended.stdout) == (0, f"Against {NAME}: 4 as recorded.\n")


@pytest.mark.parametrize("output", ["json=0.json", "junit=./1.json", f"markdown={NAME}"])
def test_what_is_read_is_not_written_over(place: Place, picklecheck: Callable[..., Ended], output: str) -> None:
    record(place.work / write_report(place.work / "first.json", **FIRST))
    names = write(place, FIRST, NEXT)
    before = {one: one.read_bytes() for one in place.work.iterdir()}

    ended = picklecheck("merge", *names, "--baseline", NAME, "--output", output)

    assert ended.status == 2
    assert "would overwrite" in ended.stderr
    assert {one: one.read_bytes() for one in place.work.iterdir()} == before
