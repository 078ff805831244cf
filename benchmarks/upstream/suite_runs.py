"""Building the environment of a suite, and running the suite in it: a process in, a report out."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import suite_plugin
import suite_specializations
from suites import CannotRunError, is_folder, limits, read_days, read_requirements, requirement_of

from picklecheck import processes
from picklecheck.environments.index_settings import read_index_settings, working_folder
from picklecheck.environments.uv_errors import one_line
from picklecheck.environments.uv_tool import run_uv, tool_environment
from picklecheck.resources import PACKAGE

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from suites import Suite

Level = Literal["none", "class", "instance"]

_INSTALLING = 900.0
# What pytest says when tests failed; all other statuses are trouble of its own.
_JUDGED = (0, 1)
REPORT = "report.json"
SPECIALIZATIONS = "specializations.json"
_RANDOM = re.compile(r"_[0-9a-f]{10}\b")


@dataclass(frozen=True)
class Bench:
    """An environment with a suite beside it, ready to run."""

    suite: Suite
    python: Path
    source: Path
    folder: Path
    # The day of the tools; None is today.
    day: str | None
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What one run of a suite saw. Outcomes are words of pytest's; ``reasons`` are first lines of failures."""

    level: Level
    python: str
    packages: Mapping[str, str]
    outcomes: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    # Tests that pickle an instance of a specialization.
    pickling: Sequence[str] = ()


@dataclass(frozen=True)
class Specialization:
    """One that a test has left behind, and what came of it when it was pickled and loaded."""

    test: str
    name: str
    outcome: str
    reason: str

    @property
    def is_same(self) -> bool:
        """Whether it came back as itself."""
        return self.outcome == suite_specializations.SAME


def build(suite: Suite, source: Path, python: str, folder: Path, stop: threading.Event) -> Bench:
    """Make an environment as the release's own files ask for, with the tools of its day. Raises CannotRunError."""
    settings = read_index_settings(os.environ, working_folder()).for_uv

    def uv(*arguments: str) -> str | None:
        """Return what went wrong, if anything."""
        ended = run_uv(arguments, stop, settings=settings, timeout=_INSTALLING)
        return None if ended.status == 0 else one_line(ended.stderr)

    place = folder / "environment"
    trouble = uv("venv", "--quiet", "--clear", "--no-project", "--python", python, str(place))
    if trouble:
        message = f"uv could not make an environment: {trouble}"
        raise CannotRunError(message)
    interpreter = place / "bin" / "python"
    options = ["--quiet", "--python", str(interpreter), *limits(suite, source)]
    exact = [requirement_of(suite, source), *suite.project.beside, "pytest"]
    wanted = [*read_requirements(suite.project, source)]
    packages = [one for one in wanted if not is_folder(one)]
    wheels = ["pip", "install", *options, "--only-binary", ":all:", "--"]
    left_out = {}
    if uv(*wheels, *exact, *packages):
        trouble = uv(*wheels, *exact)
        if trouble:
            message = f"uv could not install {suite.name}: {trouble}"
            raise CannotRunError(message)
        # With what is there already, so that nothing moves the versions above.
        left_out = {one: uv(*wheels, *exact, one) for one in packages}
    left_out |= {one: uv("pip", "install", *options, "--", str(source / one)) for one in wanted if is_folder(one)}
    # Without uv's reason, which may name an index of the user's own.
    missing = tuple(one for one, reason in left_out.items() if reason)
    day = read_days(suite, source).get(suite.version)
    return Bench(suite, interpreter, source, folder, str(day) if day else None, missing)


@dataclass(frozen=True)
class Fix:
    """A copy of the fix alone, and the plugin, from which the environments import them; ``digest`` tells which fix."""

    folder: Path
    digest: str


def copy_fix(folder: Path) -> Fix:
    """Copy it once, so that all suites are run with the same."""
    shutil.rmtree(folder, ignore_errors=True)
    reducers = folder / "picklecheck" / "reducers"
    shutil.copytree(PACKAGE / "reducers", reducers, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "picklecheck" / "__init__.py").touch()
    for plugin in (suite_plugin, suite_specializations):
        shutil.copy(str(plugin.__file__), folder)
    digest = hashlib.sha256()
    for file in sorted(reducers.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return Fix(folder, digest.hexdigest()[:12])


@dataclass(frozen=True)
class Order:
    """What to run: ``tests`` alone, if there are any; ``every``: and pickle every specialization."""

    name: str
    level: Level
    tests: Sequence[str] = ()
    every: bool = False


def run(bench: Bench, fix: Fix, order: Order, timeout: float, stop: threading.Event) -> Path:
    """Run a suite in a folder of its own, and return that; raises CannotRunError if there is no report."""
    place = bench.folder / f"{order.name}-{order.level}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    # Not the package's source, which Python would import instead of what is installed.
    shutil.copytree(bench.source / "tests", place / "suite" / "tests")
    for file in ("pyproject.toml", "tox.ini"):
        if (bench.source / file).exists():
            shutil.copy(bench.source / file, place / "suite")
    own = [place / "suite" / path for path in bench.suite.project.paths]
    variables = {
        "PYTHONPATH": os.pathsep.join(map(str, [fix.folder, *own])),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_ADDOPTS": "",
        "TMPDIR": str(place),
        suite_plugin.LEVEL: order.level,
        suite_plugin.REPORT: str(place / REPORT),
        suite_specializations.REPORT: str(place / SPECIALIZATIONS),
    }
    command = [str(bench.python), "-m", "pytest", *_options(bench, place, order), *(order.tests or ["tests"])]
    environment = tool_environment(variables)
    ended = processes.run_tool(command, stop, timeout=timeout, environment=environment, folder=place / "suite")
    (place / "stdout.txt").write_text(ended.stdout, encoding="utf-8")
    (place / "stderr.txt").write_text(ended.stderr, encoding="utf-8")
    if ended.status not in _JUDGED or not (place / REPORT).exists():
        how = f"did not end within {timeout:.0f} s" if ended.status is None else f"ended with status {ended.status}"
        said = [line.strip() for line in (ended.stdout + ended.stderr).splitlines() if line.strip()][-1:]
        message = f"{bench.suite.name}, level {order.level}: pytest {how}: {''.join(said)}"
        raise CannotRunError(message)
    return place


def read_report(place: Path, level: Level) -> Report:
    """Read what the plugin wrote; raises CannotRunError if the fix was not what it should have been to the end."""
    told = json.loads((place / REPORT).read_text(encoding="utf-8"))
    if told["level"] != level or told["is_active"] != (level != "none"):
        message = f"at the end of the suite, run at level {level}, the fix was {'' if told['is_active'] else 'not '}on"
        raise CannotRunError(message)
    return Report(
        level,
        told["python"],
        told["packages"],
        {test: outcome for test, (outcome, _) in told["outcomes"].items()},
        {test: reason for test, (_, reason) in told["outcomes"].items() if reason},
        told["pickling"],
    )


def read_specializations(place: Path) -> list[Specialization]:
    """Read what the other plugin wrote; modules that tests write have another name each time."""
    told = json.loads((place / SPECIALIZATIONS).read_text(encoding="utf-8"))
    return [Specialization(*(_RANDOM.sub("", text) for text in one)) for one in told]


def _options(bench: Bench, place: Path, order: Order) -> list[str]:
    plugins = ["suite_plugin", *(["suite_specializations"] if order.every else [])]
    plugins += [f"no:{plugin}" for plugin in ("cacheprovider", "randomly", "xdist")]
    own = [*bench.suite.project.options, *(f"--ignore={path}" for path in bench.suite.project.ignored)]
    words = [word for plugin in plugins for word in ("-p", plugin)]
    return [*words, "-o", "addopts=", "--basetemp", str(place / "pytest"), *own]
