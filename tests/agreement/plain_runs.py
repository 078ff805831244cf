"""Run the plain programs of a bug, and return what became of what it sends: the check must agree with that."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import plain_programs
from plain_programs import Bug

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
SERIALIZERS = ("pickle", "cloudpickle")
FIXES = ("none", "class")
# target, serializer, receiver, fix
Key = tuple[str, str, str, str]


def find_bugs() -> list[Bug]:
    """Return all, by name; what is in them is read, and not imported."""
    modules = [(path, False) for path in sorted((HERE / "bugs").glob("*.py"))]
    scripts = [(path, True) for path in sorted((HERE / "scripts").glob("*.py"))]
    return [bug for path, is_script in modules + scripts if (bug := _read(path, is_script)) is not None]


def _read(path: Path, is_script: bool) -> Bug | None:  # noqa: FBT001
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in _CONSTANTS:
            found[node.targets[0].id] = ast.literal_eval(node.value)
    if "WARM" not in found:  # what the others import
        return None
    return Bug(path.stem, is_script, found.get("COLD", ()), found["WARM"])


_CONSTANTS = ("COLD", "WARM")


class Interpreter:
    """Runs programs with one Python: forked from one process, or each in an interpreter of its own."""

    def __init__(self, python: str, folder: Path, *, is_forking: bool = True) -> None:
        self.folder = folder
        self._python = python
        self._environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("PYTHON")},
            "PYTHONPATH": os.pathsep.join([str(HERE), str(folder), str(REPOSITORY)]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "ignore",
        }
        self._server = self._start(str(HERE / "plain_fork.py")) if is_forking else None

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self._python, *arguments],
            cwd=HERE,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, name: str, text: str) -> str:
        """Run a program, and return the last line that it printed, or how it ended."""
        program = self.folder / f"{name}.py"
        program.write_text(text, encoding="utf-8")
        if self._server is None:
            done = subprocess.run(
                [self._python, str(program)],
                cwd=HERE,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=100,
                check=False,
            )
            return _answer(done.returncode, done.stdout, done.stderr)
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        output = self.folder / f"{name}.out"
        self._server.stdin.write(json.dumps([str(program), str(output)]) + "\n")
        self._server.stdin.flush()
        status = int(self._server.stdout.readline())
        return _answer(status, output.read_text(), Path(f"{output}.error").read_text())

    def close(self) -> None:
        """End the process that forks."""
        if self._server is not None:
            self._server.communicate()


def _answer(status: int, output: str, errors: str) -> str:
    if status < 0:
        return "crash"
    lines = output.splitlines()
    return lines[-1] if status == 0 and lines else f"{output}\n{errors}"


def outcomes(bugs: Iterable[Bug], interpreter: Interpreter, receivers: Iterable[str] | None = None) -> dict[Key, str]:
    """Return what plain programs saw of each cell."""
    wanted = None if receivers is None else set(receivers)
    found: dict[Key, str] = {}
    for bug in bugs:
        if not bug.is_script and bug.warm is not None:
            other = interpreter.folder / f"other_{bug.name}.py"
            other.write_text(plain_programs.other_module(bug), encoding="utf-8")
        states = [state for state in bug.receivers if wanted is None or state in wanted]
        for serializer in SERIALIZERS:
            for fix in FIXES:
                for state, outcome in _sent(bug, interpreter, serializer, fix, states).items():
                    found[bug.target, serializer, state, fix] = outcome
    return found


def _sent(bug: Bug, interpreter: Interpreter, serializer: str, fix: str, states: list[str]) -> dict[str, str]:
    stem = f"{bug.name}_{serializer}_{fix}"
    payload, onward = (str(interpreter.folder / f"{stem}.{kind}") for kind in ("payload", "onward"))
    source = (HERE / "scripts" / f"{bug.name}.py").read_text(encoding="utf-8") if bug.is_script else ""
    text = plain_programs.producer(bug, source, serializer, payload, with_fix=fix == "class")
    # A script is sent by a file of its own name, as its user has it.
    name = f"{bug.name}" if bug.is_script else f"{stem}_send"
    dumped = interpreter.run(name, text)
    if dumped != "dumped":
        return dict.fromkeys(states, dumped)
    found = {}
    for state in states:
        sent = payload
        if state == "relay":
            relayed = interpreter.run(f"{stem}_relay", plain_programs.relay(bug, serializer, payload, onward))
            if relayed != "dumped":
                found[state] = relayed
                continue
            sent = onward
        text = plain_programs.receiver(bug, source, state, serializer, sent)
        found[state] = interpreter.run(f"{stem}_{state.replace('-', '_')}", text)
    return found


if __name__ == "__main__":  # by hand: python plain_runs.py PYTHON FOLDER [NAME ...]
    _python, _folder, *_names = sys.argv[1:]
    _interpreter = Interpreter(_python, Path(_folder))
    _bugs = [one for one in find_bugs() if not _names or one.name in _names]
    for _key, _outcome in outcomes(_bugs, _interpreter).items():
        print("/".join(_key), _outcome)  # noqa: T201
    _interpreter.close()
