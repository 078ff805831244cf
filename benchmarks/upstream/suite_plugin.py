"""A pytest plugin for the environment under test: switches the fix on if it shall be on, and writes each outcome down.

Loaded with ``-p suite_plugin``. Needs the standard library, Pydantic and a copy of ``picklecheck.reducers``. Both sides
of a comparison load it, and it imports the same in both: only the call of ``install()`` is one side's own.
"""

import functools
import importlib
import importlib.metadata
import json
import os
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import pytest

LEVEL = "PICKLECHECK_SUITE_LEVEL"
REPORT = "PICKLECHECK_SUITE_REPORT"

T = TypeVar("T")

# A test has several phases, and since pytest 9 subtests under the same id: the worst is its outcome.
_RANKS = {"passed": 0, "xfailed": 1, "xpassed": 1, "skipped": 1, "failed": 2, "error": 3}
_LONGEST = 300
_outcomes: dict[str, tuple[str, str]] = {}
# The tests that pickle an instance of a specialization: those in which the fix has something to do.
_pickling: set[str] = set()
_witness: list[Any] = []


def pytest_load_initial_conftests() -> None:
    """Install before the suite's own code is imported."""
    from pydantic import BaseModel, RootModel  # noqa: PLC0415 - of the environment under test

    reducers = importlib.import_module("picklecheck.reducers")
    for model in (BaseModel, RootModel):
        _watch(model)
    _witness.append(_make_witness())
    if os.environ[LEVEL] != "none":
        reducers.install(os.environ[LEVEL])


def pytest_runtest_logreport(report: "pytest.TestReport") -> None:
    """Note a phase of a test."""
    outcome = str(report.outcome)
    if hasattr(report, "wasxfail"):
        outcome = {"skipped": "xfailed", "passed": "xpassed"}.get(outcome, outcome)
    elif report.failed and report.when != "call":
        outcome = "error"
    if report.when == "call" or outcome != "passed":
        _note(report.nodeid, outcome, report.longrepr)


def pytest_collectreport(report: "pytest.CollectReport") -> None:
    """Note a module that cannot be imported, or that is skipped as a whole."""
    if not report.passed:
        _note(report.nodeid, "error" if report.failed else "skipped", report.longrepr)


def pytest_sessionfinish() -> None:
    """Write the report, in one step: half a report would be taken for a small suite."""
    report = {
        "level": os.environ[LEVEL],
        "is_active": _is_active(),
        "python": sys.version.partition(" ")[0],
        "packages": {one.metadata["Name"].lower(): one.version for one in importlib.metadata.distributions()},
        "outcomes": _outcomes,
        "pickling": sorted(_pickling),
    }
    path = Path(os.environ[REPORT])
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(report), encoding="utf-8")
    partial.replace(path)


def _note(test: str, outcome: str, reason: object) -> None:
    if test not in _outcomes or _RANKS[outcome] > _RANKS[_outcomes[test][0]]:
        _outcomes[test] = (outcome, _first_line(reason) if outcome in ("failed", "error") else "")


def _first_line(reason: object) -> str:
    crash = getattr(reason, "reprcrash", None)
    lines = str(crash.message if crash else reason).strip().splitlines()
    return "".join(lines[:1] if crash else lines[-1:])[:_LONGEST]


def _watch(model: Any) -> None:
    """Note who asks an instance for its state: picklers do, and Pydantic's own ways of copying don't."""
    function = vars(model)["__getstate__"]

    @functools.wraps(function)
    def watching(self: Any) -> Any:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        if test and type(self).__pydantic_generic_metadata__["origin"] is not None:
            _pickling.add(test)
        return function(self)

    model.__getstate__ = watching


def _make_witness() -> Any:
    """Make a model with Pydantic's own classes as they are now: tests may import Pydantic a second time."""
    from pydantic import BaseModel  # noqa: PLC0415 - of the environment under test

    class Witness(BaseModel, Generic[T]):
        value: T

    Witness.__qualname__ = "Witness"
    globals()["Witness"] = Witness
    return Witness


def _is_active() -> bool:
    """Tell whether a specialization that is registered nowhere is pickled as a recipe: the fix, at the very end."""
    try:
        return b"getitem" in pickle.dumps(_witness[0][int](value=1))
    except pickle.PicklingError:
        return False
