"""The pages for who changes picklecheck say what is so: pictures and lists are up to date, and what is named exists."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import draw_architecture
import pytest
import write_index

REPOSITORY = Path(__file__).resolve().parent.parent
# What stands for a name of the reader's own.
PLACEHOLDER = re.compile(r"NAME|NNN|FAMILY")

# --- what is drawn and listed ---


def test_the_picture_of_the_architecture_is_what_the_contract_says() -> None:
    assert draw_architecture.PICTURE.read_text(encoding="utf-8") == draw_architecture.draw_contract()


def test_a_layer_is_a_row_of_its_siblings() -> None:
    contract = """
    [[tool.importlinter.contracts]]
    type = "acyclic_siblings"
    [[tool.importlinter.contracts]]
    type = "layers"
    layers = ["cli", "gate | model"]
    """
    layers = draw_architecture.read_layers(contract)
    picture = draw_architecture.draw(layers, {"cli", "gate"})

    assert layers == [["cli"], ["gate", "model"]]
    assert re.findall(r">([\w/.]+)</text>", picture) == ["cli/", "gate/", "model.py"]
    assert picture.count('class="folder"') == 2


def test_the_architecture_tells_of_each_room() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    layers = draw_architecture.read_layers((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = {name for layer in layers for name in layer}

    assert {room for room in rooms if f"`{room}/`" not in page and f"`{room}.py`" not in page} == set()


def test_the_index_is_up_to_date() -> None:
    index = write_index.INDEX.read_text(encoding="utf-8")

    assert index == write_index.written_anew(index)
    assert len(re.findall(r"^- \[PC\d{3}\]", index, re.MULTILINE)) > 20


def test_the_index_names_every_page() -> None:
    index = write_index.INDEX.read_text(encoding="utf-8")
    pages = {path.relative_to(write_index.DOCS).as_posix() for path in write_index.DOCS.rglob("*.md")} - {"README.md"}

    assert pages - set(re.findall(r"\]\(([^)]+)\)", index)) == set()


# --- what is named ---

# How a path begins that the pages write from the top of the repository.
TOPS = ("picklecheck/", "tests/", "docs/", "repros/", "matrix/", "benchmarks/", "examples/", ".github/", ".ci/")


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "tests/README.md", "docs/README.md"])
def test_a_path_that_a_page_names_exists(name: str) -> None:
    page = (REPOSITORY / name).read_text(encoding="utf-8")
    named = {path.rstrip(".") for path in re.findall(r"(?<![\w./])[\w.][\w./-]*", page) if path.startswith(TOPS)}

    assert {path for path in named if not PLACEHOLDER.search(path) and not (REPOSITORY / path).exists()} == set()


def test_what_the_page_for_contributors_runs_exists() -> None:
    page = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tasks = (REPOSITORY / "noxfile.py").read_text(encoding="utf-8")
    tools = set(re.findall(r"\.venv/bin/([\w-]+)", page))

    assert set(re.findall(r"nox -s (\w+)", page)) == set(re.findall(r"@nox.session\ndef (\w+)", tasks))
    assert {tool for tool in tools if not Path(sys.executable).with_name(tool).exists()} == set()


def test_a_module_that_the_page_for_contributors_shows_can_be_imported() -> None:
    page = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = [
        textwrap.dedent(block) for block in re.findall(r"^ *```python\n(.*?)^ *```", page, re.DOTALL | re.MULTILINE)
    ]
    modules = [block for block in blocks if block.startswith('"""')]
    shown = [names_of(module) for module in modules]

    assert [{"render", "command"} & names.keys() for names in shown] == [{"render"}, {"command"}]


def names_of(source: str) -> dict[str, Any]:
    """Run the text of a module, and return its names."""
    names: dict[str, Any] = {"__name__": "shown"}
    exec(compile(source, "CONTRIBUTING.md", "exec"), names)
    return names
