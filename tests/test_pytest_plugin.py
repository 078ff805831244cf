"""The pytest plugin, as users run it: the fixture, the configured cells as tests, and what is left behind."""

from __future__ import annotations

import importlib
import json
import platform
import re
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pydantic
import pytest

from picklecheck.gate.baseline import Baseline, Entry, Finding, Versions
from picklecheck.gate.baseline import Place as Recorded
from picklecheck.gate.baseline_file import to_text
from picklecheck.model import Outcome, environment_id

if TYPE_CHECKING:
    from conftest import Ended, Place

MODELS = """
from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    value: T


AT_MODULE_SCOPE = Box[int]
"""
JOBS = """
from models import AT_MODULE_SCOPE, Box


def good():
    return AT_MODULE_SCOPE(value=1)


def bad():
    return Box[str](value="a")


def fails():
    raise LookupError("on purpose")
"""
TESTS = """
import os
import sys

import jobs


def test_nothing_is_done_for_those_who_do_not_ask():
    loaded = {name for name in sys.modules if name.partition(".")[0] == "picklecheck"}
    assert loaded == {"picklecheck", "picklecheck.pytest_plugin"}
    assert os.listdir(os.environ["TMPDIR"]) == []


def test_good(cold_roundtrip):
    for receiver in ("bare", "cold", "warm"):
        assert cold_roundtrip(jobs.good(), receiver=receiver).isolation == os.environ.get("WANTED", "fork")


def test_fixed(cold_roundtrip):
    cold_roundtrip(jobs.bad(), fix="class", serializer="cloudpickle")


def test_bad(cold_roundtrip):
    box = jobs.bad()
    cold_roundtrip(box)


def test_undecided(cold_roundtrip):
    cold_roundtrip(Leaves())


def test_usage(cold_roundtrip):
    cold_roundtrip(1, receiver="nobody")


class Leaves:
    def __reduce__(self):
        return os._exit, (0,)
"""
FRAMES = re.compile(r"picklecheck/\w+\.py:\d+")


@pytest.fixture
def project(place: Place) -> Place:
    """The user's project: models, jobs and a test."""
    for name, source in (("models", MODELS), ("jobs", JOBS), ("test_jobs", TESTS)):
        (place.work / f"{name}.py").write_text(source)
    return place


def run(place: Place, *arguments: str, **environment: str) -> Ended:
    """Run pytest here; whatever it warns of is an error."""
    # xdist makes a folder for the temporary files of tests, where the others wait for a test that wants one.
    words = ("--basetemp", str(place.work / "base")) if "-n" in arguments else ()
    words = ("-m", "pytest", *words, "-p", "no:cacheprovider", "-W", "error", "-rA", "--color=no")
    ended = place.run_python(*words, *arguments, environment={"COLUMNS": "300", **environment})
    assert "INTERNALERROR" not in ended.stdout + ended.stderr
    assert place.left_behind() == []
    return ended


def configure(place: Place, *scenarios: str, **keys: object) -> None:
    """Write what ``--picklecheck`` is to check."""
    said = {"scenarios": list(scenarios), "receiver": ["cold"], **keys}
    lines = [f"{key.replace('_', '-')} = {json.dumps(value)}" for key, value in said.items()]
    (place.work / "picklecheck.toml").write_text("\n".join(lines) + "\n")


def outcomes(ended: Ended) -> dict[str, str]:
    """Return what became of each test, from the summary."""
    found = re.findall(
        r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) (?:picklecheck|\S+\.py)::(\S+)", ended.stdout, re.MULTILINE
    )
    return {name: outcome for outcome, name in found}


def test_the_fixture_passes_and_fails_with_the_diagnosis(project: Place) -> None:
    ended = run(project)

    assert ended.status == 1
    assert outcomes(ended) == {
        "test_nothing_is_done_for_those_who_do_not_ask": "PASSED",
        "test_good": "PASSED",
        "test_fixed": "PASSED",
        "test_bad": "FAILED",
        "test_undecided": "FAILED",
        "test_usage": "FAILED",
    }
    assert "NotPortableError: models:Box[str]: PC101 dump-error: the class is registered nowhere" in ended.stdout
    assert "process that dumps (tried once: it arrived)." in ended.stdout
    assert "E         do   Call `from picklecheck.reducers import install; install()`" in ended.stdout
    assert "UndecidedError: test_jobs:Leaves: PC901 undecided" in ended.stdout
    assert "UsageError: receiver 'nobody' is none of" in ended.stdout
    assert ">       cold_roundtrip(box)" in ended.stdout
    assert not FRAMES.search(ended.stdout)


@pytest.mark.thorough
def test_the_fixture_starts_new_interpreters_if_asked_to(project: Place) -> None:
    ended = run(project, "--picklecheck-isolation", "spawn", "-k", "good or bad", WANTED="spawn")

    assert outcomes(ended) == {"test_good": "PASSED", "test_bad": "FAILED"}


GOOD, GOOD_BY_VALUE = "jobs:good/pickle/own/cold/none", "jobs:good/cloudpickle/own/cold/none"
BAD, BAD_BY_VALUE = "jobs:bad/pickle/own/cold/none", "jobs:bad/cloudpickle/own/cold/none"
UNSUPPORTED = "generics.pep695_class/pickle/main/cold/none"
UNPROMISED = "shapes.specialization/pickle/function/cold/none"
NOW_SUPPORTED = "controls.plain_model/pickle/main/cold/none"


def test_each_configured_cell_is_a_test(project: Place) -> None:
    configure(project, "jobs:good", "jobs:bad", "jobs:fails", UNSUPPORTED, UNPROMISED)
    ended = run(project, "--picklecheck", "-k", "jobs: or cold", "--junitxml", "report.xml")

    assert ended.status == 1
    expected = {
        GOOD: "PASSED",
        GOOD_BY_VALUE: "PASSED",
        BAD: "FAILED",
        BAD_BY_VALUE: "FAILED",
        "jobs:fails/pickle/own/cold/none": "FAILED",
        "jobs:fails/cloudpickle/own/cold/none": "FAILED",
        UNPROMISED: "XFAIL",
    }
    if sys.version_info >= (3, 12):
        expected[UNSUPPORTED] = "XFAIL"  # a reproduction, of which nothing is promised
    else:
        assert "unsupported here: the producer cannot build it: SyntaxError" in ended.stdout
    assert outcomes(ended) == expected
    assert "collected 14 items / 6 deselected / 8 selected" in ended.stdout
    assert "PC101 dump-error: the class is registered nowhere" in ended.stdout
    assert "  gate broken: it is to pass, and is dump-error PC101" in ended.stdout
    assert "process that dumps (tried once: it arrived)." in ended.stdout
    assert "PC904 undecided: the target could not be built" in ended.stdout
    assert "nothing is promised here: dump-error PC101" in ended.stdout
    assert "Traceback" not in ended.stdout
    told = [line for line in ended.stdout.splitlines() if not line.startswith("SKIPPED")]  # pytest says who skipped
    assert not [line for line in told if FRAMES.search(line)]

    cases = ET.parse(project.work / "report.xml").getroot().iter("testcase")
    found = {str(case.get("name")): [child.tag for child in case] for case in cases}
    assert set(found) == {*expected, UNSUPPORTED}
    assert found[GOOD] == []
    assert found[BAD] == found["jobs:fails/pickle/own/cold/none"] == ["failure"]
    assert found[UNPROMISED] == ["skipped"]


def record(place: Place, recorded: dict[str, Finding], reason: str | None = None) -> None:
    """Write a baseline of this environment."""
    cloudpickle: str = importlib.import_module("cloudpickle").__version__
    versions = Versions(platform.python_version(), pydantic.VERSION, cloudpickle)
    name = environment_id(platform.python_version(), pydantic.VERSION, cloudpickle)
    entries = [Entry(Recorded(cell, name, name), finding, reason) for cell, finding in recorded.items()]
    baseline = Baseline("0", {name: versions}, {}, {one.place: one for one in entries})
    (place.work / "known.json").write_text(to_text(baseline))


@pytest.mark.thorough
def test_a_baseline_makes_strict_expectations(project: Place) -> None:
    recorded = {
        BAD: Finding(Outcome.DUMP_ERROR, "PC101", "_pickle.PicklingError"),
        BAD_BY_VALUE: Finding(Outcome.WRONG_TYPE, "PC302"),
        GOOD: Finding(Outcome.LOAD_ERROR, "PC201", "AttributeError"),
        GOOD_BY_VALUE: Finding(Outcome.PASS),
        UNPROMISED: Finding(Outcome.PASS),
        NOW_SUPPORTED: Finding(Outcome.UNSUPPORTED, "PC801"),
    }
    record(project, recorded, "ticket 42")
    cells = ("jobs:good", "jobs:bad", UNPROMISED, NOW_SUPPORTED)
    configure(project, *cells, baseline="known.json")
    ended = run(project, "--picklecheck", "-k", "cold and not test_")

    assert ended.status == 1
    assert outcomes(ended) == {
        BAD: "XFAIL",
        BAD_BY_VALUE: "FAILED",
        GOOD: "FAILED",
        GOOD_BY_VALUE: "PASSED",
        UNPROMISED: "FAILED",
        NOW_SUPPORTED: "FAILED",
    }
    assert f"XFAIL picklecheck::{BAD} - ticket 42; if it passes, record that with 'picklecheck baseline" in ended.stdout
    assert "[XPASS(strict)] ticket 42" in ended.stdout
    assert "  gate changed: was wrong-type PC302, is wrong-type PC301" in ended.stdout
    assert "  gate regressed: was pass, is dump-error PC101" in ended.stdout
    assert "  gate fixed: was unsupported PC801, is pass" in ended.stdout
    assert "Traceback" not in ended.stdout

    configure(project, "jobs:good", NOW_SUPPORTED, baseline="known.json", allow_fixed=True)
    ended = run(project, "--picklecheck", "-k", "cold and not test_")
    assert ended.status == 0
    assert outcomes(ended) == {GOOD: "XPASS", GOOD_BY_VALUE: "PASSED", NOW_SUPPORTED: "PASSED"}


@pytest.mark.parametrize("xdist", [(), pytest.param(("-n", "2"), marks=pytest.mark.thorough)], ids=["alone", "xdist"])
def test_a_run_as_recorded_is_green(project: Place, xdist: tuple[str, ...]) -> None:
    record(project, {BAD: Finding(Outcome.DUMP_ERROR, "PC101", "_pickle.PicklingError")})
    configure(project, GOOD, BAD, fix=["none"], baseline="known.json")
    ended = run(project, "--picklecheck", "-k", "good or none", *xdist)

    assert ended.status == 0, ended.stdout
    assert outcomes(ended) == {"test_good": "PASSED", GOOD: "PASSED", BAD: "XFAIL"}
    assert "recorded as dump-error PC101 _pickle.PicklingError" in ended.stdout


@pytest.mark.thorough
def test_what_was_recorded_as_failing_and_passes_fails_with_runxfail_too(project: Place) -> None:
    record(project, {GOOD: Finding(Outcome.LOAD_ERROR, "PC201", "AttributeError")})
    configure(project, GOOD, baseline="known.json")

    ended = run(project, "--picklecheck", "--runxfail", "-k", "cold and not test_")
    without = run(project, "--picklecheck", "-k", "cold and not test_", PICKLECHECK_NO_BASELINE="1")

    assert (ended.status, outcomes(ended)) == (1, {GOOD: "FAILED"})
    assert (without.status, outcomes(without)) == (0, {GOOD: "PASSED"})


# What stands in picklecheck.toml -> what is said of it.
MISTAKES = {
    None: "there is no [tool.picklecheck] in",
    "receiver = ['cold']": "picklecheck.toml names no scenarios. Write scenarios = ",
    "scenarios = ['jobs:good']\nbaseline = 'none.json'": "There is no baseline ",
    "scenarios = ['jobs:good']\nbaseline = 'jobs.py'": "is no JSON: ",
    "scenarios = ['jobs:']": "'jobs:' is no target.",
    "scenarios = ['jobs:good']\nserializer = ['json']": "'json' is no serializer.",
    "scenarios = ['jobs:good']\n[run]\npython = 'nowhere'": "nowhere",
    "scenarios = [": "is not TOML: ",
}


def complain(place: Place, words: str, *arguments: str, **environment: str) -> None:
    """Run with a mistake, and look at what is said of it."""
    ended = run(place, "--picklecheck", *arguments, **environment)

    assert ended.status == 4
    (line,) = [one for one in ended.stderr.splitlines() if one]
    assert line.startswith("ERROR: --picklecheck: ")
    assert words in line
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(("text", "words"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_a_mistake_is_told_in_a_sentence(text: str | None, words: str, project: Place) -> None:
    if text is not None:
        (project.work / "picklecheck.toml").write_text(text)
    complain(project, words)


@pytest.mark.thorough
def test_a_mistake_in_a_variable(project: Place) -> None:
    configure(project, "jobs:good")
    complain(project, "'soon' is not a valid float", PICKLECHECK_TIMEOUT="soon")


@pytest.mark.thorough
def test_a_mistake_in_a_project_file_above(project: Place) -> None:
    (project.work / "pyproject.toml").write_text("[")
    tests = project.work / "tests"
    tests.mkdir()
    (tests / "pytest.ini").write_text("[pytest]\n")
    complain(project, "pyproject.toml is not TOML", "-c", "tests/pytest.ini", "--rootdir", "tests", "tests")


@pytest.mark.thorough
def test_a_mistake_with_xdist_is_told_once(project: Place) -> None:
    complain(project, "there is no [tool.picklecheck] in", "-n", "2")
