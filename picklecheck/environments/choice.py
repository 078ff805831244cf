"""Which environment is examined where nobody names one: the project's rather than picklecheck's own."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from picklecheck.environments.interpreter import find_interpreter
from picklecheck.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Choice:
    """The interpreter to examine, and why that one; empty where it was named, or is the one that runs picklecheck."""

    python: Path
    why: str = ""


def choose_interpreter(named: str | None, project: Path, variables: Mapping[str, str]) -> Choice:
    """Return the interpreter that is named, else that of VIRTUAL_ENV, of the project's ``.venv``, or this one.

    Raises UsageError, and EnvironmentUnusableError where an environment that is meant cannot be had: another one would
    answer another question.
    """
    if named is not None:
        return Choice(find_interpreter(named))
    active, beside = variables.get("VIRTUAL_ENV"), project / ".venv"
    if active:
        return _in(Path(os.path.abspath(active)), "VIRTUAL_ENV names it")  # noqa: PTH100 - links stay
    if _is_there(beside / "pyvenv.cfg"):
        return _in(beside, "it is the project's")
    return Choice(Path(sys.executable))


def _in(root: Path, why: str) -> Choice:
    if os.path.realpath(root) == os.path.realpath(sys.prefix):
        return Choice(Path(sys.executable))
    python = root / "bin" / "python"
    if not _is_there(python):
        msg = f"There is no interpreter in {root}, which is to be examined since {why}."
        raise EnvironmentUnusableError(msg, "Make it anew, or name another one with --python.")
    return Choice(python, why)


def _is_there(path: Path) -> bool:
    """Is there such a file, as far as we may look?"""
    try:
        return path.is_file()
    except OSError:
        return False
