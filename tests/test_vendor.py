"""``picklecheck vendor``: the copy works alone, is updated if nobody edited it, and is never half there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from vendor_command_line import COPY, everything, vendor

from picklecheck import __version__ as VERSION  # noqa: N812
from picklecheck import resources, vendoring

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

REPOSITORY = Path(__file__).resolve().parent.parent
REDUCERS = REPOSITORY / "picklecheck" / "reducers"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


DUMP = """
import sys
sys.modules["picklecheck"] = None  # importing it fails
import pickle
from myapp.models import Box
def dump():
    with open("payload", "wb") as file:
        pickle.dump(Box[int](value=1), file)
try:
    dump()
except pickle.PicklingError:
    import myapp._portable
    myapp._portable.install()
    dump()
    myapp._portable.uninstall()
"""
LOAD = """
import sys
sys.modules["picklecheck"] = None
import pickle
with open("payload", "rb") as file:
    loaded = pickle.load(file)
assert not [name for name in sys.modules if "portable" in name]
from myapp.models import Box
assert type(loaded) is Box[int], type(loaded)
assert loaded == Box[int](value=1)
"""
MODELS = """
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    value: T
"""


def test_a_copy_works_where_picklecheck_cannot_be_imported(place: Place, picklecheck: Callable[..., Ended]) -> None:
    package = place.work / "src" / "myapp"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "models.py").write_text(MODELS)

    ended = picklecheck("vendor", "src/myapp/_portable")

    count = len([*REDUCERS.glob("*.py"), "LICENSE", "VENDORED.json"])
    assert ended.stdout.splitlines() == [
        f"wrote {count} files to src/myapp/_portable (picklecheck {VERSION})",
        "from myapp._portable import install",
    ]
    assert (ended.status, ended.stderr) == (0, "")
    for program in (DUMP, LOAD):
        ended = place.run_python("-W", "error", "-c", program, environment={"PYTHONPATH": "src"})
        assert (ended.status, ended.stderr) == (0, "")
    assert place.left_behind() == []


def test_a_copy_is_every_module_with_a_header_and_the_licence() -> None:
    assert vendor(COPY)[0] == 0

    licence = (REPOSITORY / "LICENSE").read_text()
    modules = {path.name: path.read_text() for path in REDUCERS.glob("*.py")}
    assert {path.name for path in REDUCERS.iterdir()} - {"__pycache__"} == set(modules)
    assert {path.name for path in COPY.iterdir()} == {*modules, "LICENSE", "VENDORED.json"}
    assert (COPY / "LICENSE").read_text() == licence
    for name, source in modules.items():
        header = (COPY / name).read_text().removesuffix(source)
        assert all(not line or line.startswith("# ") for line in header.splitlines())
        for words in (VERSION, "MIT", licence.splitlines()[2], "`picklecheck vendor PATH`", "do not edit"):
            assert words in header


def test_formatters_and_linters_leave_a_copy_alone() -> None:
    """Or the first commit hook would make an edited copy of it."""
    vendor(COPY)
    Path("ruff.toml").write_text('line-length = 79\nlint.select = ["ALL"]\n')
    for command in ("check", "format"):
        ended = subprocess.run(
            [sys.executable, "-m", "ruff", command, "--no-cache", "--quiet", COPY],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.returncode, ended.stdout) == (0, "")
    assert vendor(COPY, "--check")[0] == 0


# What is typed -> what to type instead.
NAMES = {
    "my-portable": "my_portable",
    "src/2nd": "src/_2nd",
    "class": "_class",
    "_portable.py": "_portable",
    "a b/c d": "'a b/c_d'",
    "\N{LATIN SMALL LIGATURE FI}x": "fix",  # the compiler reads it so
    "src/---": "src/_portable",
    ".": "_portable",
    "..": "_portable",
    "": "_portable",
    "/": "/_portable",
}


@pytest.mark.parametrize(("name", "instead"), NAMES.items())
def test_a_name_that_python_cannot_import(name: str, instead: str) -> None:
    for options in ((), ("--check",), ("--force",)):
        status, output = vendor(name, *options)

        assert status == 2
        assert "does not end in a name that Python can import" in output
        assert output.endswith(f"Type: picklecheck vendor {instead}\n")
    assert everything() == {}


@pytest.mark.parametrize("name", ["_portable", "größe", "match", "_"])
def test_a_name_that_python_can_import(name: str) -> None:
    assert vendoring.nearest_importable(name) == name


def test_the_folder_above_has_to_be_there() -> None:
    assert vendor("no/such/_portable") == (
        2,
        "picklecheck: There is no folder 'no/such' to put it in.\n  Make it first: mkdir -p no/such\n",
    )


def test_the_import_line_is_as_long_as_there_are_packages(tmp_path: Path) -> None:
    for name in ("src/app/sub", "src/odd-name"):
        Path(name).mkdir(parents=True)
    for name in ("src/app", "src/app/sub", "src/odd-name"):
        (Path(name) / "__init__.py").touch()

    paths = {
        "src/app/sub/_portable": "app.sub._portable",
        "src/app/../app/_portable": "app._portable",
        "src/_portable": "_portable",
        "src/odd-name/_portable": "_portable",
        f"{tmp_path}/_portable": "_portable",
        "/_portable": "_portable",
    }
    assert {path: vendoring.import_line(Path(path)) for path in paths} == {
        path: f"from {name} import install" for path, name in paths.items()
    }


def test_to_check_and_to_force_is_a_contradiction() -> None:
    status, output = vendor(COPY, "--check", "--force")

    assert status == 2
    assert output.startswith("picklecheck: --check writes nothing, ")
    assert everything() == {}


def test_the_help_fits() -> None:
    status, output = vendor("--help")

    assert status == 0
    assert output.startswith("Usage: ")
    assert max(map(len, output.splitlines())) <= 80
    assert "Exit status: 0 " in output


def test_the_licence_of_a_wheel_lies_beside_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "picklecheck"
    (package / "_bundled").mkdir(parents=True)
    (package / "_bundled" / "LICENSE").touch()
    (package.parent / "LICENSE").write_text("of another package, which is badly packed")
    monkeypatch.setattr(resources, "PACKAGE", package)

    assert resources.resource("LICENSE") == package / "_bundled" / "LICENSE"
    assert '"LICENSE" = "picklecheck/_bundled/LICENSE"\n' in (REPOSITORY / "pyproject.toml").read_text()
