"""The tasks of noxfile.py, the hooks and the workflow of the project run what the README and the other tests run."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ci_files import OWN_HOOKS, OWN_WORKFLOW, load, steps_of
from test_house import CHECKS

if TYPE_CHECKING:
    from types import ModuleType

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tasks() -> ModuleType:
    """The noxfile, which no path for modules leads to."""
    spec = importlib.util.spec_from_file_location("noxfile", REPOSITORY / "noxfile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Session:
    """Takes down the commands of a task instead of running them."""

    def __init__(self, *posargs: str) -> None:
        self.posargs = posargs
        self.commands: list[list[str]] = []

    def run(self, program: str, *arguments: str) -> None:
        self.commands.append([Path(program).name, *arguments])


def commands_of(task: Any, *posargs: str) -> list[list[str]]:
    session = Session(*posargs)
    task.func(session)
    return session.commands


def test_the_tasks_run_the_commands_of_the_readme(tasks: ModuleType) -> None:
    for task in (tasks.quick, tasks.full):
        [[program, *arguments]] = commands_of(task)
        command = f".venv/bin/{program} {shlex.join(arguments)}"

        assert re.search(re.escape(command) + r"(`|\n)", README), command


def test_a_task_takes_arguments_of_its_user(tasks: ModuleType) -> None:
    [command] = commands_of(tasks.quick, "-k", "help")

    assert command[-2:] == ["-k", "help"]


def test_the_scripts_of_the_docs_task_exist(tasks: ModuleType) -> None:
    named = {word for command in commands_of(tasks.docs) for word in command if word.endswith(".py")}

    assert named
    assert {path for path in named if not (REPOSITORY / path).is_file()} == set()


def test_the_hooks_and_the_check_task_run_the_checks_of_the_tests(tasks: ModuleType) -> None:
    [repository] = load(OWN_HOOKS)["repos"]
    hooks = [shlex.split(hook["entry"])[0] for hook in repository["hooks"]]
    checks = [command[0] for command in commands_of(tasks.check)]

    assert repository["repo"] == "local"
    assert sorted(hooks) == sorted(f".venv/bin/{tool}" for tool in checks)
    assert len(checks) == len(CHECKS)
    assert all(Path(sys.executable).with_name(tool).exists() for tool in checks)


def test_the_workflow_runs_all_on_one_python_and_the_quick_tests_on_the_others() -> None:
    jobs = load(OWN_WORKFLOW)["jobs"]
    runs = [step["run"] for _, step in steps_of({"jobs": jobs}) if "run" in step]
    setup = README.split("<!-- test command -->")[1].split("```")[1].splitlines()[1].rpartition(" && ")[0]

    assert runs == [".ci/run", setup, ".venv/bin/nox -s quick"]
    assert jobs["quick"]["strategy"]["matrix"]["python"] == ["3.10", "3.12", "3.13", "3.14"]
