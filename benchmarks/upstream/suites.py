"""Which suites there are: where a release's tests come from, what they need, and what of them is left out."""

from __future__ import annotations

import os
import re
import sys
import tarfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from picklecheck import processes
from picklecheck.environments.index_settings import read_index_settings, working_folder
from picklecheck.environments.uv_errors import one_line
from picklecheck.environments.uv_tool import tool_environment

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_DOWNLOADING = 300.0
_RELEASE_DAY = re.compile(r"^## v(\S+) \((\d{4}-\d\d-\d\d)\)", re.MULTILINE)


class CannotRunError(Exception):
    """A suite cannot be had or gave no report: an error, and never "no difference". The message is one line."""


@dataclass(frozen=True)
class Project:
    """What the suites of all releases of a package have in common."""

    # Requirement groups, by any of their names over the years.
    groups: tuple[str, ...] = ()
    # Files that name requirements.
    files: tuple[str, ...] = ()
    # Paths that are left out, with the reason.
    ignored: Mapping[str, str] = field(default_factory=dict)
    # Installed as well, at these versions.
    beside: tuple[str, ...] = ()
    # Which release's sdist has the tests of a release whose own has none.
    tests_of: Mapping[str, str] = field(default_factory=dict)
    # Folders from which its tests import, too.
    paths: tuple[str, ...] = ()
    # pytest's, in place of the ones in the suite's own settings.
    options: tuple[str, ...] = ()


PROJECTS = {
    "pydantic": Project(
        groups=("dev", "testing", "testing-extra"),
        ignored={
            "tests/benchmarks": "measures speed",
            "tests/mypy": "runs mypy",
            "tests/pyright": "runs pyright",
            "tests/typechecking": "read by type checkers",
            "tests/plugin": "needs an example plugin installed, which then acts on all other tests",
            "tests/test_docs.py": "runs the examples of the documentation, which the sdist does not have",
        },
    ),
    "cloudpickle": Project(
        files=("dev-requirements.txt",),
        beside=("pydantic==2.14.3",),  # install() is about its models, and imports it
        tests_of={"3.1.2": "3.1.0", "3.1.1": "3.1.0"},
        paths=(".", "tests"),
        options=("--capture=no",),  # it pickles sys.stdout
    ),
}


@dataclass(frozen=True)
class Suite:
    """One release of one package."""

    package: str
    version: str

    @property
    def name(self) -> str:
        """The package and its release."""
        return f"{self.package} {self.version}"

    @property
    def project(self) -> Project:
        """What is known of the package."""
        return PROJECTS[self.package]

    @property
    def tests_of(self) -> str:
        """The release whose tests are run."""
        return self.project.tests_of.get(self.version, self.version)


def parse_suite(text: str) -> Suite:
    """Read ``pydantic==2.14.3``; raises ValueError."""
    package, found, version = text.partition("==")
    if package not in PROJECTS or not found or not re.fullmatch(r"[0-9][\w.]*", version):
        message = f"a suite is pydantic==VERSION or cloudpickle==VERSION, not {text!r}"
        raise ValueError(message)
    return Suite(package, version)


def download(suite: Suite, folder: Path, stop: threading.Event) -> Path:
    """Fetch and unpack the sdist with the suite's tests; return its folder. Raises CannotRunError."""
    constraint = folder / "build-constraint.txt"
    # cloudpickle 3.1's metadata is of a form that flit_core 4 no longer reads, and names no upper bound.
    constraint.write_text("flit_core<4\n", encoding="utf-8")
    wanted = f"{suite.package}=={suite.tests_of}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", suite.package]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(folder), wanted]
    settings = read_index_settings(os.environ, working_folder()).for_pip
    # The second one is what newer pips hear for builds.
    constraints = {"PIP_CONSTRAINT": str(constraint), "PIP_BUILD_CONSTRAINT": str(constraint)}
    environment = tool_environment({**settings, **constraints})
    ended = processes.run_tool(command, stop, timeout=_DOWNLOADING, environment=environment, folder=folder)
    archive = next(folder.glob(f"{suite.package}-{suite.tests_of}.tar.gz"), None)
    if ended.status != 0 or archive is None:
        message = f"pip could not download the sdist of {wanted}: {one_line(ended.stderr)}"
        raise CannotRunError(message)
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    source = folder / archive.name.removesuffix(".tar.gz")
    if not (source / "tests").is_dir():
        message = f"the sdist of {wanted} has no tests; get them from the project's repository, and give --source"
        raise CannotRunError(message)
    return source


def read_requirements(project: Project, source: Path) -> Iterator[str]:
    """Yield what the tests need, as the release's own files say: requirements, and folders relative to ``source``."""
    tables = _toml(source / "pyproject.toml")
    groups: Mapping[str, Any] = tables.get("dependency-groups", {})
    # Before there were dependency groups, Pydantic used PDM.
    groups = groups or tables.get("tool", {}).get("pdm", {}).get("dev-dependencies", {})
    for name in project.groups:
        yield from (one for one in groups.get(name, ()) if isinstance(one, str))
    for name in project.files:
        file = source / name
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        yield from (line.strip() for line in lines if line.strip() and not line.startswith("#"))


def requirement_of(suite: Suite, source: Path) -> str:
    """Return the package itself, with all its extras: their tests are skipped without."""
    extras = _toml(source / "pyproject.toml").get("project", {}).get("optional-dependencies", {})
    return f"{suite.package}{'[' + ','.join(sorted(extras)) + ']' if extras else ''}=={suite.version}"


def read_days(suite: Suite, source: Path) -> dict[str, date]:
    """Return the days of the release and of its minor's first one, by version, where the changelog tells them."""
    file = source / "HISTORY.md"
    days = dict(_RELEASE_DAY.findall(file.read_text(encoding="utf-8"))) if file.exists() else {}
    first = ".".join([*suite.version.split(".")[:2], "0"])
    return {one: date.fromisoformat(days[one]) for one in (suite.version, first) if one in days}


def limits(suite: Suite, source: Path) -> list[str]:
    """Return the options that have uv install the packages of the release's day.

    And the pytest of the day of its minor: the suite of a patch release does not keep up with pytest's.
    """
    days = [f"{day + timedelta(days=1)}T23:59:59Z" for day in read_days(suite, source).values()]
    if not days:
        return []
    return ["--exclude-newer", days[0], "--exclude-newer-package", f"pytest={days[-1]}"]


def is_folder(requirement: str) -> bool:
    """Tell whether a line names a folder and no package."""
    return requirement.startswith(".")


def _toml(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
