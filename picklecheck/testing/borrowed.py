"""Modules that only a test run has: no worker finds them, but a test's fresh processes do, on the test's own path."""
# mypy: allow-untyped-calls
# The probe is untyped: the annotations that Python 3.8 reads would cost imports in every child.

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from picklecheck.probe.classes import all_within, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

_TEST_NAME = re.compile(r"(.+\.)?(conftest|test_\w+|\w+_test)")
_REWRITER = "_pytest.assertion.rewrite"


def borrowed_modules(names: Iterable[str]) -> list[str]:
    """Return the test run's modules in which a payload looks a specialization up, though they have no part in it.

    ``names`` are the globals of the payload. A class that a test defines is the test's own affair; but a specialization
    that stands in a test module only because that one was the first to evaluate it is missing wherever work is done.
    """
    found: dict[str, None] = {}
    for name in names:
        module, _, path = name.partition(" ")
        cls = _look_up(module, path)
        if isinstance(cls, type) and origin_of(cls) is not None and _is_of_the_test_run(module):
            parts = {one.__module__ for one in all_within(cls)}
            if module not in parts:
                found[module] = None
    return list(found)


def _look_up(module: str, path: str) -> object:
    found: object = sys.modules.get(module)
    # The name of a specialization has dots of its own: it stands as it is in the module.
    if path in getattr(found, "__dict__", {}):
        return vars(found)[path]
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def _is_of_the_test_run(name: str) -> bool:
    module = sys.modules.get(name)
    if module is None or name == "__main__":
        return False  # the receiver's __main__ is another program: loading fails by itself
    return _is_collected(name, module) or _is_beside_tests(name)


def _is_collected(name: str, module: ModuleType) -> bool:
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    return _TEST_NAME.fullmatch(name) is not None or type(loader).__module__ == _REWRITER


def _is_beside_tests(name: str) -> bool:
    """Is a module found in a folder that was put on the path for the sake of the tests in it, or below that?"""
    folder = _folder(name.partition(".")[0])
    usual = {os.path.abspath(one) for one in (os.curdir, *os.environ.get("PYTHONPATH", "").split(os.pathsep))}  # noqa: PTH100
    if folder is None or folder in usual:
        return False
    tests = [other for other, module in list(sys.modules.items()) if "." not in other and _is_collected(other, module)]
    folders = {_folder(other) for other in tests} - usual - {None}
    return any(f"{folder}{os.sep}".startswith(f"{one}{os.sep}") for one in folders)


def _folder(top: str) -> str | None:
    """Return the folder in which a module or package without a dot in its name lies."""
    module = sys.modules.get(top)
    path = getattr(module, "__file__", None)
    if not isinstance(path, str):
        return None
    return os.path.dirname(os.path.dirname(path) if hasattr(module, "__path__") else path)  # noqa: PTH120
