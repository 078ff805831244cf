"""Scripts as targets: where their files lie, and what could be asked of them. They are read here, never run."""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError
from picklecheck.plan.targets import targets_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from picklecheck.model import Scenario

_MOST = 6


def find_targets(selection: Sequence[str], folders: Sequence[str]) -> tuple[Scenario, ...]:
    """Return the targets among the words of a selection, scripts with the paths of their files; raises UsageError.

    Scripts are looked for in the working folder and in ``folders``, which are those that modules are imported from.
    """
    for word in selection:
        if word.endswith(".py") and ":" not in word:
            raise _no_name(word, folders)
    return tuple(
        replace(one, module=_find(one.defined_in, folders)) if one.is_script else one for one in targets_in(selection)
    )


def _find(name: str, folders: Sequence[str]) -> str:
    path = Path(os.path.expanduser(name))  # noqa: PTH111 - "~" alone, and not what else Path would make of it
    places: dict[str, str] = {}
    for folder in (str(Path.cwd()), *folders):
        found = os.path.abspath(Path(folder) / path)  # noqa: PTH100 - links stay: a script's folder is where it is named
        if os.path.isfile(found):  # noqa: PTH113
            places.setdefault(os.path.realpath(found), found)
    if not places:
        msg = f"There is no script {name!r}."
        raise UsageError(msg, f"It was looked for in {', '.join(dict.fromkeys((str(Path.cwd()), *folders)))}.")
    if len(places) > 1:
        msg = f"{name!r} is two scripts: {' and '.join(places.values())}."
        raise UsageError(msg, "Give its whole path.")
    return next(iter(places.values()))


def _no_name(word: str, folders: Sequence[str]) -> UsageError:
    """Return the error of a script that is named without what it is to send, and what could be said instead."""
    offered = list(_offered(Path(_find(word, folders))))
    msg = f"{word!r} is a script; which of its values is to be sent is not said."
    if not offered:
        return UsageError(msg, f"Write {word}:NAME. It has no function without parameters yet, nor any value.")
    more = len(offered) - _MOST
    names = ", ".join(f"{word}:{name}" for name in offered[:_MOST]) + (f" and {more} more" if more > 0 else "")
    return UsageError(msg, f"Write {word}:NAME, a function that returns the value, or the value. There are: {names}.")


def _offered(path: Path) -> Iterator[str]:
    """Yield the names at a script's module scope that may be sent: functions without parameters, and values."""
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return
    names: dict[str, None] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef) and not _needs_arguments(node.args):
            names[node.name] = None
        elif isinstance(node, ast.Assign):
            names.update(dict.fromkeys(one.id for one in node.targets if isinstance(one, ast.Name)))
        elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
            names[node.target.id] = None
    # main() is what runs the script, and not what makes something to send.
    yield from (name for name in names if not name.startswith("_") and name != "main")


def _needs_arguments(arguments: ast.arguments) -> bool:
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return positional > 0 or any(default is None for default in arguments.kw_defaults)
