"""What a result depends on, as digests: of the tool, and of each scenario."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import grimp
import pytest
from report_builders import make_scenario

from picklecheck.harness import result_store
from picklecheck.harness.result_store import scenario_digests, tool_digest
from picklecheck.resources import PACKAGE


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue of small modules, as text only: nothing of it is imported."""
    folder = tmp_path / "repros"
    folder.mkdir()
    modules = {
        "__init__": "def scenario(*expressions): ...\n",
        "shapes": "from repros import scenario  # all do\nfrom repros.base import Box\n",
        "base": "import os\n\nfrom pydantic import BaseModel\n",
        "values": "from repros import (scenario, shapes as s)\n",
        "plain": "import repros.base\n",
        "late": "def build():\n    from repros.base import Box\n",
        "several": "from repros import (\n    base,  # of all\n    scenario,\n)\n",
        "row": "import os, repros.base\n",
        "told": 'SCENARIO = dict(before="import repros.base")\n',
        "round": "import repros.about\n",
        "about": "import repros.round\nimport repros.base\n",
        "newer": "from repros.base import Box\ntype Alias[T: int = bool] = Box[T]\nx = t'{Alias!r:>{y}}'\n",
        "alone": "from repros import scenario\n",
    }
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


def digest(catalogue: Path, name: str, *, module: str = "") -> str:
    """Return the digest of a scenario that is defined in ``repros.NAME``."""
    (found,) = scenario_digests(catalogue, [make_scenario(f"{name}.one", module=module)]).values()
    return found


def change(catalogue: Path, name: str) -> None:
    with (catalogue / f"{name}.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")


EVERY = ("shapes", "values", "plain", "late", "several", "row", "told", "round", "newer")


@pytest.mark.parametrize("name", ["alone", *EVERY])
def test_a_change_of_its_own_module_changes_a_scenarios_digest(catalogue: Path, name: str) -> None:
    before = digest(catalogue, name)
    change(catalogue, name)

    assert digest(catalogue, name) != before


@pytest.mark.parametrize("name", EVERY)
def test_so_does_a_change_of_what_the_module_imports_however_it_says_so(catalogue: Path, name: str) -> None:
    before = digest(catalogue, name)
    change(catalogue, "base")

    assert digest(catalogue, name) != before


@pytest.mark.parametrize("name", ["alone", "shapes", "values", "several"])
def test_so_does_a_change_of_the_package(catalogue: Path, name: str) -> None:
    before = digest(catalogue, name)
    change(catalogue, "__init__")

    assert digest(catalogue, name) != before


@pytest.mark.parametrize("name", ["alone", *EVERY])
def test_a_change_of_another_module_does_not(catalogue: Path, name: str) -> None:
    (catalogue / "unrelated.py").write_text("from repros import scenario\n", "utf-8")
    before = digest(catalogue, name)
    change(catalogue, "unrelated")

    assert digest(catalogue, name) == before


def test_a_change_of_a_module_that_imports_it_does_not(catalogue: Path) -> None:
    before = digest(catalogue, "base")
    change(catalogue, "shapes")

    assert digest(catalogue, "base") == before


def test_the_module_in_which_the_expressions_are_evaluated_counts_too(catalogue: Path) -> None:
    before = digest(catalogue, "alone", module="repros.shapes")
    change(catalogue, "base")
    after = digest(catalogue, "alone", module="repros.shapes")

    assert len({before, after, digest(catalogue, "alone")}) == 3


def test_a_module_outside_of_the_catalogue_counts_for_nothing(catalogue: Path) -> None:
    before = digest(catalogue, "alone", module="builtins")
    (catalogue.parent / "builtins.py").write_text("x = 1\n", "utf-8")

    assert digest(catalogue, "alone", module="builtins") == before


def test_the_digest_does_not_hang_on_where_the_catalogue_lies(catalogue: Path, tmp_path: Path) -> None:
    before = digest(catalogue, "values")
    (tmp_path / "elsewhere").mkdir()
    catalogue.rename(tmp_path / "elsewhere" / "repros")

    assert digest(tmp_path / "elsewhere" / "repros", "values") == before


def test_what_moves_from_one_module_to_another_is_a_change(catalogue: Path) -> None:
    before = digest(catalogue, "values")
    shapes, base = (catalogue / f"{name}.py" for name in ("shapes", "base"))
    base.write_bytes(shapes.read_bytes() + base.read_bytes())
    shapes.write_bytes(b"")

    assert digest(catalogue, "values") != before


def test_every_scenario_has_a_digest(catalogue: Path) -> None:
    found = scenario_digests(catalogue, [make_scenario(name) for name in ("shapes.one", "shapes.two", "alone.one")])

    assert list(found) == ["shapes.one", "shapes.two", "alone.one"]
    assert found["shapes.one"] == found["shapes.two"] != found["alone.one"]


def test_the_built_in_order_scenarios_hang_on_the_modules_whose_order_they_try() -> None:
    catalogue = Path(__file__).resolve().parents[3] / "repros"
    files = {path.name for path in result_store._imported(catalogue, "repros.order")}

    assert files == {"__init__.py", "order.py", "order_first.py", "order_second.py"}


def test_the_digest_of_the_tool_is_stable() -> None:
    assert tool_digest() == tool_digest()


def test_all_that_a_result_comes_from_is_part_of_the_digest() -> None:
    worker = "picklecheck.harness.worker"
    parts = {worker, *grimp.build_graph("picklecheck").find_upstream_modules(worker)}
    # Where things lie and how they are called, and which interpreters there are: no verdict depends on those.
    parts -= {"picklecheck.resources", "picklecheck.errors"}
    files = {find_spec(name).origin for name in parts if ".environments." not in name}  # type: ignore[union-attr]
    counted = {str(path) for one in result_store._DECIDING for path in PACKAGE.glob(one)}

    assert files <= counted
    assert len(files) > 10


@pytest.mark.parametrize("pattern", result_store._DECIDING)
def test_the_digest_of_the_tool_is_made_of_files_that_are_there(pattern: str) -> None:
    assert list(PACKAGE.glob(pattern))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("probe/receive.py", True),
        ("probe/new.py", True),
        ("reducers/_class.py", True),
        ("verdicts/diagnosis.py", True),
        ("gate/exit_status.py", False),
        ("reports/grid.py", False),
        ("probe/__pycache__/receive.cpython-311.pyc", False),
    ],
)
def test_a_change_of_the_tool_counts_where_it_decides_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, counts: bool
) -> None:
    for file in (
        "probe/receive.py",
        "reducers/_class.py",
        "verdicts/diagnosis.py",
        "gate/exit_status.py",
        "reports/grid.py",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(file, "utf-8")
    monkeypatch.setattr(result_store, "PACKAGE", tmp_path)
    before = tool_digest()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("changed" + os.linesep, "utf-8")

    assert (tool_digest() != before) is counts
