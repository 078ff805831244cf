"""The recorded results: what is made of them is up to date, and a sample of them is what happens."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.reports.record import record

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from conftest import Ended

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "matrix" / "results"
# Releases that register and dump in different ways, one of each.
SAMPLE = ("2.4.2", "2.13.5", "2.14.1", "2.14.3")


@pytest.fixture(scope="module")
def refresh() -> ModuleType:
    """The script that makes something of the records."""
    spec = importlib.util.spec_from_file_location("refresh", REPOSITORY / "matrix" / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.thorough
def test_the_page_is_what_the_records_say(refresh: ModuleType) -> None:
    page = (REPOSITORY / "docs" / "versions.md").read_text(encoding="utf-8")

    assert page == refresh.written_anew(page)
    assert page.count("<!-- generated: ") == len(refresh.BLOCK.findall(page)) == 7


@pytest.mark.thorough
def test_the_default_matrix_holds_each_release_in_which_something_changed(refresh: ModuleType) -> None:
    path = REPOSITORY / "matrix" / "pydantic.toml"
    toml = path.read_text(encoding="utf-8")

    assert toml == refresh.with_releases(toml, refresh.changed_releases(refresh.load("full")))
    assert "2.14.0" in toml


@pytest.mark.parametrize("path", sorted(RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_a_record_is_written_as_it_was_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert record.to_text(record.parse(text)) == text


def test_each_matrix_has_its_record() -> None:
    matrices = {path.stem for path in (REPOSITORY / "matrix").glob("*.toml")} - {"pythons"}

    assert {path.stem for path in RESULTS.glob("*.json")} == matrices


def finding(cell: dict[str, Any]) -> str:
    """Return what a record would say of a cell of a report."""
    return cell["outcome"] if cell["code"] is None else f"{cell['outcome']} {cell['code']}"


def version(environment: str) -> str:
    """Return the Pydantic of an environment's id."""
    return environment.split("-")[1].removeprefix("pydantic")


@pytest.mark.network
def test_a_sample_of_the_default_matrix_is_what_happens(picklecheck: Callable[..., Ended]) -> None:
    recorded = record.parse((RESULTS / "full.json").read_text(encoding="utf-8"))
    specs = [word for one in SAMPLE for word in ("--pydantic", one)]

    ended = picklecheck(
        "matrix", "values.*", "order.*", "collisions.*", "beyond_instance.*", *specs, "--format", "json"
    )

    cells = json.loads(ended.stdout)["cells"]
    assert len(cells) == 4 * 14 * 24
    seen = {(cell["id"], version(cell["environment"])): finding(cell) for cell in cells}
    assert seen == {key: str(recorded.cells[key[0]][key[1]]) for key in seen}


@pytest.mark.network
def test_a_sample_of_the_crossed_matrix_is_what_happens(picklecheck: Callable[..., Ended]) -> None:
    recorded = record.parse((RESULTS / "cross.json").read_text(encoding="utf-8"))
    specs = [word for one in SAMPLE[1:] for word in ("--pydantic", one)]

    ended = picklecheck("matrix", "shapes.nested", "values.*", "--cross", *specs, "--format", "json", timeout=200)

    cells = json.loads(ended.stdout)["cells"]
    assert len(cells) == 9 * 6 * 24
    seen = {
        (cell["id"], version(cell["environment"]), version(cell["receiver_environment"])): finding(cell)
        for cell in cells
    }
    assert seen == {key: str(recorded.cells[f"{key[0]} @ {key[1]}"][key[2]]) for key in seen}
