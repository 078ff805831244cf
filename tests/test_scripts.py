"""Scripts as targets: run as their user runs them, received by those that have run them and those that have not."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ended, Place

MODELS = """from typing import Generic, List, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Page(BaseModel, Generic[T]):
    items: List[T] = []
"""
APP = """import os, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pydantic import BaseModel
from models import Page

class User(BaseModel):
    name: str = ""

UserPage = Page[User]
NAME, ARGUMENTS, FILE, FOLDER = __name__, sys.argv, __file__, sys.path[0]

def make_page():
    return UserPage(items=[User()])

def is_page(value):
    return isinstance(value, UserPage)

if __name__ == "__main__":
    print("it runs")
    GUARDED = [1]
    if os.environ.get("POOL"):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            print("arrived:", pool.submit(is_page, make_page()).result())
    sys.exit()
"""
TROUBLE = {
    "raises.py": ("raise LookupError('no [/bold] order')", "LookupError: no [/bold] order"),
    "refuses.py": ("import sys\ndef value(): pass\nsys.exit('give a file')", "SystemExit: give a file"),
    "argues.py": (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('file')\nparser.parse_args()",
        "SystemExit: 2",
    ),
    "hangs.py": ("import time\nwhile True: time.sleep(1)", "hung while it ran the script"),
    "lacks.py": ("other = 1", "has no attribute 'value'"),
    "wrong.py": ("value = (", "SyntaxError"),
}


@pytest.fixture
def project(place: Place) -> Path:
    """A script and the module beside it, in a folder of their own below the working folder."""
    folder = place.work / "tools"
    folder.mkdir()
    (folder / "models.py").write_text(MODELS)
    (folder / "app.py").write_text(APP)
    return folder


def cells_of(ended: Ended) -> dict[str, dict[str, Any]]:
    """Return the cells of a report by what stands behind the scenario in their ids."""
    document = json.loads(ended.stdout)
    assert document["exit_status"] == ended.status
    return {cell["id"].removeprefix(cell["scenario"] + "/"): cell for cell in document["cells"]}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.thorough)])
def test_who_has_run_the_script_finds_what_stands_in_it_and_nobody_else_does(
    isolation: str, picklecheck: Callable[..., Ended]
) -> None:
    ended = picklecheck("run", "tools/app.py:make_page", "--format", "json", "--isolation", isolation)
    cells = cells_of(ended)

    assert {name: cell["outcome"] for name, cell in cells.items()} == {
        "pickle/own/cold/none": "load-error",
        "pickle/own/warm/none": "load-error",
        "pickle/own/warm-function/none": "load-error",
        "pickle/own/mp-main/none": "pass",
        **{f"cloudpickle/own/{one}/none": "wrong-type" for one in ("cold", "warm", "warm-function", "mp-main")},
    }
    assert {cell["location"] for cell in cells.values()} == {"tools/app.py:13"}
    assert (ended.status, ended.stderr) == (1, "")


@pytest.mark.thorough
def test_so_says_the_pool_that_the_script_itself_starts(project: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "tools/app.py"],
        cwd=project.parent,
        env={"POOL": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert ended.stdout.splitlines() == ["it runs", "arrived: True"]


@pytest.mark.usefixtures("project")
def test_a_script_is_run_as_its_user_runs_it(place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "tools" / "sees.py").write_text(
        "import sys\nIS_MAIN = sys.modules['__main__'].__dict__ is globals()\n"
        "NAMES = [__name__, sys.argv, __file__, sys.path[0], IS_MAIN]\n"
        "assert NAMES[0] == '__main__' and NAMES[4], NAMES\n"
        "assert sys.argv == [__file__] and __file__.endswith('tools/sees.py'), NAMES\n"
        "assert __file__ == sys.path[0] + '/sees.py', NAMES\nimport models\n"
    )
    names = ["tools/sees.py:NAMES", "tools/app.py:GUARDED"]
    cells = cells_of(picklecheck("run", *(f"{one}/pickle/own/bare/none" for one in names), "--format", "json"))

    for cell in cells.values():
        assert cell["outcome"] == "pass", cell["reason"]


@pytest.mark.parametrize("name", TROUBLE)
def test_what_a_script_does_instead_is_told(name: str, place: Place, picklecheck: Callable[..., Ended]) -> None:
    source, words = TROUBLE[name]
    (place.work / name).write_text(source + "\n")
    limit = ("--timeout", "1" if name == "hangs.py" else "30")
    (cell,) = cells_of(picklecheck("run", f"{name}:value/pickle/own/cold/none", *limit, "--format", "json")).values()

    assert (cell["outcome"], cell["code"]) == ("undecided", "PC904")
    assert words in cell["reason"]
    assert place.left_behind() == []


def test_a_child_that_cannot_run_the_script_is_no_verdict(place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "once.py").write_text("if __name__ == '__mp_main__': raise OSError('only once')\nvalue = [1]\n")
    (cell,) = cells_of(picklecheck("run", "once.py:value/pickle/own/mp-main/none", "--format", "json")).values()

    assert (cell["outcome"], cell["code"]) == ("undecided", "PC902")
    assert cell["reason"] == "the receiver failed while it ran the script: OSError: only once"


BAD_INPUT = [
    (("app.py",), "'app.py' is a script; which of its values is to be sent is not said", "There are: app.py:UserPage"),
    (("absent.py:value",), "There is no script 'absent.py'", "It was looked for in"),
    (("absent.py",), "There is no script 'absent.py'", "It was looked for in"),
    (("app.py:",), "'app.py:' is no target", "SCRIPT.py:NAME"),
    (("app.py:1x",), "'app.py:1x' is no target", "SCRIPT.py:NAME"),
    (("app.py:make_page", "--receiver", "warm-same"), "no receiver 'warm-same'", "another receiver state"),
    (("app:make_page", "--receiver", "mp-main"), "no receiver 'mp-main'", "another receiver state"),
    (("app:make_page", "--site", "main"), "Targets have no site 'main'", "Leave out --site main"),
    (("app.py:make_page/pickle/own/warm-built/none",), "no receiver 'warm-built'", "another receiver state"),
]


@pytest.mark.parametrize(("words", "what", "hint"), BAD_INPUT, ids=[" ".join(row[0]) for row in BAD_INPUT])
def test_bad_input(
    words: tuple[str, ...], what: str, hint: str, place: Place, picklecheck: Callable[..., Ended]
) -> None:
    (place.work / "app.py").write_text(APP)
    ended = picklecheck("run", *words)

    assert (ended.status, ended.stdout) == (2, "")
    assert what in " ".join(ended.stderr.split())
    assert hint in " ".join(ended.stderr.split())


def test_one_name_of_two_scripts_is_refused(project: Path, picklecheck: Callable[..., Ended]) -> None:
    (project.parent / "app.py").write_text(APP)
    ended = picklecheck("run", "app.py:make_page", "--path", "tools")

    assert ended.status == 2
    assert "is two scripts" in ended.stderr


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
def test_a_configuration_names_scripts_from_its_own_folder(place: Place) -> None:
    (place.work / "picklecheck.toml").write_text("scenarios = ['tools/app.py:make_page']\nreceiver = ['mp-main']\n")
    inner = place.work / "inner"
    inner.mkdir()
    program = "import os, sys; os.chdir('inner'); from picklecheck.cli import cli; cli(['run', '--format', 'json'])"
    cells = cells_of(place.run_python("-c", program))

    assert {name: cell["outcome"] for name, cell in cells.items()} == {
        "pickle/own/mp-main/none": "pass",
        "cloudpickle/own/mp-main/none": "wrong-type",
    }


NOTE = (
    "jobs.py may be started as a script, too, and what it sends then is another case: `picklecheck run jobs.py:value`."
)


@pytest.mark.thorough
def test_a_module_that_is_also_a_script_is_told_of(place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "jobs.py").write_text("value = [1]\nif '__main__' == __name__:\n    print(value)\n")
    cell = "jobs:value/pickle/own/cold/none"

    ended = picklecheck("run", cell, "-q")
    assert NOTE in " ".join(ended.stdout.split())
    ended = picklecheck("run", cell, "--format", "json")
    assert ended.stderr == f"picklecheck: {NOTE}\n"
    assert [one["script"] for one in json.loads(ended.stdout)["scenarios"]] == ["jobs.py:value"]
    (place.work / "report.json").write_text(ended.stdout)
    assert NOTE in " ".join(picklecheck("merge", "report.json", "-q").stdout.split())
    for script in ("jobs.py", "./jobs.py"):
        ended = picklecheck("run", cell, f"{script}:value/pickle/own/cold/none", "--format", "json")
        assert ended.stderr == ""


def test_what_cannot_be_started_as_a_script_is_not_told_of_and_a_space_is_quoted(
    place: Place, picklecheck: Callable[..., Ended]
) -> None:
    (place.work / "pkg").mkdir()
    (place.work / "my jobs").mkdir()
    text = "value = [1]\nif __name__ == '__main__':\n    print(value)\n"
    (place.work / "pkg" / "__init__.py").touch()
    (place.work / "pkg" / "relative.py").write_text(f"from . import __path__\n{text}")
    (place.work / "my jobs" / "spaced.py").write_text(text)
    words = ("--serializer", "pickle", "--receiver", "cold", "-q", "--path", ".", "--path", "my jobs")
    ended = picklecheck("run", "pkg.relative:value", "spaced:value", *words)

    told = " ".join(ended.stdout.split())
    assert "relative" not in told
    assert "`picklecheck run 'my jobs/spaced.py:value'`" in told
