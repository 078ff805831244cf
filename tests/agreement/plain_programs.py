"""The text of plain programs: one dumps a value, another loads it and says what arrived. Pure; nothing of the check."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

# What a process did before it loads.
OF_MODULES = (
    "cold",
    "warm",
    "warm-function",
    "warm-same",
    "warm-other",
    "warm-built",
    "bare",
    "bare-module",
    "relay",
)
OF_SCRIPTS = ("cold", "warm", "warm-function", "bare", "bare-module", "mp-main")

_INSTALL = "from picklecheck.reducers import install\n\ninstall()\n"
_TRY_TO_LOAD = """\
try:
    loaded = {load}
except Exception:
    print("load-error", flush=True)
    os._exit(0)
"""


@dataclass(frozen=True)
class Bug:
    """One input: the module or script that it is, and what a receiver of it may have done before."""

    name: str
    is_script: bool
    cold: tuple[str, ...]
    warm: str | None

    @property
    def target(self) -> str:
        """What ``picklecheck run`` is asked for."""
        return f"scripts/{self.name}.py:value" if self.is_script else f"bugs.{self.name}:value"

    @property
    def receivers(self) -> tuple[str, ...]:
        """The states in which a plain program can be."""
        states = OF_SCRIPTS if self.is_script else OF_MODULES
        return tuple(state for state in states if self.warm is not None or state not in _EVALUATING)


_EVALUATING = ("warm", "warm-function", "warm-other")


def producer(bug: Bug, source: str, serializer: str, payload: str, *, with_fix: bool) -> str:
    """Return a program that dumps; a script dumps at its own end. ``source`` is the script's text."""
    dump = f"""\
import os
import {serializer} as serializer

sent = value()
try:
    data = serializer.dumps(sent{", protocol=5" if serializer == "pickle" else ""})
except Exception:
    print("dump-error", flush=True)
    os._exit(0)
with open({payload!r}, "wb") as file:
    file.write(data)
print("dumped")
"""
    install = _INSTALL if with_fix else "\n"
    if bug.is_script:
        return _guarded(install) + source + _guarded(dump)
    return install + f"from bugs.{bug.name} import value\n\n" + dump


def receiver(bug: Bug, source: str, state: str, serializer: str, payload: str) -> str:
    """Return a program that prepares itself as ``state`` says, loads, and prints what arrived."""
    if state == "mp-main":
        return source + _guarded(_spawn(serializer, payload))
    load = "serializer.loads(data)" if state == "bare-module" else "load()"
    return (
        f"import os\n\nimport {serializer} as serializer\n\n"
        + _preparation(bug, state)
        + f'with open({payload!r}, "rb") as file:\n    data = file.read()\n\n\n'
        + "def load():\n    return serializer.loads(data)\n\n\n"
        + _TRY_TO_LOAD.format(load=load)
        + _judgement(bug)
    )


def relay(bug: Bug, serializer: str, payload: str, onward: str) -> str:
    """Return a program that loads and dumps again."""
    return (
        f"import os\n\nimport {serializer} as serializer\n\n"
        + _preparation(bug, "cold")
        + f'with open({payload!r}, "rb") as file:\n    data = file.read()\n\n\n'
        + "def load():\n    return serializer.loads(data)\n\n\n"
        + _TRY_TO_LOAD.format(load="load()")
        + f"""
try:
    data = serializer.dumps(loaded{", protocol=5" if serializer == "pickle" else ""})
except Exception:
    print("dump-error", flush=True)
    os._exit(0)
with open({onward!r}, "wb") as file:
    file.write(data)
print("dumped")
"""
    )


def other_module(bug: Bug) -> str:
    """Return a module that evaluates the specializations, as another part of the receiver's program."""
    return f"{bug.warm}\n"


def _preparation(bug: Bug, state: str) -> str:
    warm = bug.warm or ""
    return {
        "cold": "".join(f"import {module}\n" for module in bug.cold),
        "relay": "".join(f"import {module}\n" for module in bug.cold),
        "warm": f"{warm}\n",
        "warm-function": f"def evaluate():\n    if True:\n{textwrap.indent(warm, ' ' * 8)}\n    return locals()\n\n\n"
        "KEPT = evaluate()\n"
        if warm
        else "",
        "warm-same": f"import bugs.{bug.name}\n",
        "warm-other": f"import other_{bug.name}\n",
        "warm-built": f"import bugs.{bug.name} as same\n\nBUILT = same.value()\n",
        "bare": "",
        "bare-module": "",
    }[state]


def _judgement(bug: Bug) -> str:
    if not bug.is_script:
        return f"import bugs.{bug.name} as bug\n\nprint(bug.is_right(loaded))\n"
    return f'import sys\n\nsys.path.insert(0, "scripts")\nimport {bug.name} as bug\n\nprint(bug.is_right(loaded))\n'


def _spawn(serializer: str, payload: str) -> str:
    return f"""\
import multiprocessing

import plain_child

child = multiprocessing.get_context("spawn").Process(target=plain_child.receive, args=({serializer!r}, {payload!r}))
child.start()
child.join()
"""


def _guarded(text: str) -> str:
    return '\nif __name__ == "__main__":\n' + textwrap.indent(text if text.strip() else "pass\n", "    ")
