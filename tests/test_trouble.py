"""Whatever user code does to its process, its own cell gets the right outcome and no other cell is disturbed."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from picklecheck.harness.runner import Runner
from picklecheck.harness.settings import RunSettings
from picklecheck.harness.staging import StagingFolder
from picklecheck.model import Cell, Outcome, Result, Serializer

if TYPE_CHECKING:
    from conftest import Place

TIMEOUT = 2.5

# What is done -> outcome, and a word of the reason. A missing report is never a verdict, whatever the exit status.
EXPECTED = {
    "hang": (Outcome.TIMEOUT, "hung"),
    "hang_and_ignore_sigterm": (Outcome.TIMEOUT, "hung"),
    "kill": (Outcome.CRASH, "SIGKILL"),
    "segfault": (Outcome.CRASH, "SIGSEGV"),
    "exit_at_once": (Outcome.UNDECIDED, "without a report, with status 0"),
    "exit_politely": (Outcome.UNDECIDED, "without a report, with status 3"),
    "raise_something": (None, "as [/bold]asked"),  # a dump-error or a load-error
    "print_without_end": (Outcome.PASS, ""),
    "close_everything": (Outcome.UNDECIDED, "without a report"),
    "fork_and_go_on_twice": (Outcome.PASS, ""),
    "leave_somebody_behind": (Outcome.PASS, ""),
    "write_to_the_channel": (Outcome.PASS, ""),
    "kill_the_server": (Outcome.UNDECIDED, "the probe server ended with status -9"),
}


@pytest.fixture
def catalogue(tmp_path: Path, pytestconfig: pytest.Config) -> Path:
    """A catalogue like the built-in one, of a single family."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    init = (pytestconfig.rootpath / "repros" / "__init__.py").read_text()
    (folder / "__init__.py").write_text(init + '\nFAMILIES = {"trouble": ("trouble",)}\n')
    shutil.copy(pytestconfig.rootpath / "tests" / "trouble" / "trouble.py", folder)
    return folder


@pytest.mark.thorough
@pytest.mark.parametrize("isolation", ["fork", "spawn"])
def test_trouble(isolation: str, catalogue: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", None)  # read TMPDIR again
    results = check_everything(isolation, catalogue)

    wrong = []
    for name, result in sorted(results.items()):
        verdict = result.verdict
        if name == "fine":
            outcome, words = Outcome.PASS, ""
        else:
            when, _, action = name.partition("_")
            expected, words = EXPECTED[action]
            outcome = expected or (Outcome.DUMP_ERROR if when == "dump" else Outcome.LOAD_ERROR)
        if verdict.outcome is not outcome or words not in verdict.reason:
            wrong.append((name, verdict))
    assert not wrong
    assert len(results) == 2 * len(EXPECTED) + 1
    assert "in hang" in words_of(results["load_hang"]), "faulthandler should have said where it hung"
    assert 0 < len(words_of(results["load_print_without_end"])) < 10_000
    # The environment of this very process is that of its start, and carries no mark.
    assert place.left_behind() == []


def words_of(result: Result) -> str:
    """Return the end of what the receiver wrote to stderr."""
    assert result.observation is not None
    assert result.observation.receiver is not None
    return result.observation.receiver.stderr


def check_everything(isolation: str, catalogue: Path) -> dict[str, Result]:
    """Run each scenario once and return the results by scenario name."""
    stop = threading.Event()
    settings = RunSettings(isolation, 2, TIMEOUT)
    with StagingFolder(catalogue) as folder, Runner(Path(sys.executable), settings, folder, stop) as runner:
        environment = runner.environment()
        scenarios = runner.scenarios()
        cells = [Cell(one.id, Serializer("pickle"), "main", "cold", "none") for one in scenarios]
        results = list(runner.run(scenarios, cells, environment))
    return {result.cell.scenario.partition(".")[2]: result for result in results}
