"""A team's project, in a repository of its own: what turns its gate red, what it is told, in every format."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from draw_gate import move_the_specialization_into_a_function

from picklecheck.reports.formats import MATRIX_FORMATS, RUN_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import Place

SAMPLE = Path(__file__).resolve().parent / "sample_project"
FILES = {one: f"report.{one}" for one in MATRIX_FORMATS}
CELL = "shop.jobs:order_page/pickle/own/cold/none"


@dataclass(frozen=True)
class Gate:
    """What a run said: its exit status, and each format's text."""

    status: int
    stderr: str
    texts: Mapping[str, str]

    @property
    def document(self) -> Any:
        """The JSON report."""
        return json.loads(self.texts["json"])

    def differences(self, status: str) -> list[dict[str, str]]:
        """Return the cells that stand like this to the baseline."""
        return [one for one in self.document["baseline"]["differences"] if one["status"] == status]


class Project:
    """A clone of the sample project, with a history of its own."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.root = place.work / "shop"
        shutil.copytree(SAMPLE, self.root, ignore=shutil.ignore_patterns("__pycache__"))
        self.git("init", "--quiet")
        self.commit("A shop")

    def git(self, *arguments: str) -> str:
        """Run git here, and return what it prints."""
        who = ("-c", "user.name=shop", "-c", "user.email=shop@example.invalid", "-c", "commit.gpgsign=false")
        ended = subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return ended.stdout

    def commit(self, message: str) -> None:
        """Commit all that is there."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def command(self, *arguments: str, expected: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run picklecheck here, as a developer does."""
        ended = subprocess.run(
            [sys.executable, "-m", "picklecheck", *arguments],
            cwd=self.root,
            env={**self._place.environment, "CI": ""},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert expected is None or ended.returncode == expected, ended.stdout + ended.stderr
        return ended

    def record(self, *arguments: str) -> None:
        """Record a baseline, and commit it."""
        self.command(*arguments, "--no-baseline", "--exit-zero", "--output", "json=report.json")
        self.command("baseline", "update", "report.json")
        (self.root / "report.json").unlink()
        self.commit("Record what is so")

    def move_the_specialization_into_a_function(self) -> None:
        """Make the change that looks like nothing."""
        move_the_specialization_into_a_function(self.root)
        self.commit("Tidy up")

    def gate(self, *arguments: str) -> Gate:
        """Run the gate once, in all formats."""
        forms = MATRIX_FORMATS if "matrix" in arguments else RUN_FORMATS
        outputs = [word for form in forms for word in ("--output", f"{form}={FILES[form]}")]
        ended = self.command(*arguments, *outputs, expected=None)
        texts = {form: (self.root / FILES[form]).read_text(encoding="utf-8") for form in forms}
        assert texts["grid"] == ended.stdout
        return Gate(ended.returncode, ended.stderr, texts)


@pytest.fixture
def project(place: Place) -> Project:
    """The sample project in a folder of its own."""
    return Project(place)


def junit_counts(text: str) -> dict[str, int]:
    """Return the totals of a JUnit document."""
    root = ET.fromstring(text)
    return {name: int(root.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}


def words_of_svg(text: str) -> str:
    """Return the text of a picture, without its blanks."""
    return "".join("".join(ET.fromstring(text).itertext()).split())


@pytest.mark.thorough
def test_a_specialization_that_moves_into_a_function_turns_the_gate_red(project: Project) -> None:
    project.record("run")
    assert project.gate("run").status == 0

    project.move_the_specialization_into_a_function()
    gate = project.gate("run")

    assert gate.status == 1
    assert {one["cell"] for one in gate.differences("regressed")} == {
        f"shop.jobs:order_page/{serializer}/own/{receiver}/none"
        for serializer in ("pickle", "cloudpickle")
        for receiver in ("cold", "warm-same")
    }
    assert all(one["why"] == "its source changed" for one in gate.differences("regressed"))
    cure = "install()"
    grid = " ".join(gate.texts["grid"].split())
    assert "4 regressed (you changed: 4)" in grid
    assert f"{CELL}: was pass, is dump-error PC101 _pickle.PicklingError (you changed: its source changed)" in grid
    assert cure in grid
    assert junit_counts(gate.texts["junit"]) == {"tests": 8, "failures": 4, "errors": 0, "skipped": 0}
    for form in ("junit", "markdown", "github", "github-summary"):
        assert cure in gate.texts[form], form
        assert "regressed" in gate.texts[form], form
        assert "you changed" in gate.texts[form], form
    assert "::error file=shop/jobs.py,line=11," in gate.texts["github"]
    assert "4regressed(youchanged:4)" in words_of_svg(gate.texts["svg"])


@pytest.mark.thorough
def test_an_accepted_failure_is_green_until_its_day_is_over(project: Project) -> None:
    project.move_the_specialization_into_a_function()
    project.record("run")
    baseline = project.root / "picklecheck-baseline.json"
    document = json.loads(baseline.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        if cell["outcome"] != "pass":
            cell.update(reason="workers are warm [#12]", until="2999-12-31")
    baseline.write_text(json.dumps(document), encoding="utf-8")

    accepted = project.gate("run")
    baseline.write_text(json.dumps(document).replace("2999-12-31", "2020-12-31"), encoding="utf-8")
    expired = project.gate("run")

    assert (accepted.status, expired.status) == (0, 1)
    assert junit_counts(accepted.texts["junit"])["skipped"] == 4
    assert "workers are warm [#12] (until 2999-12-31)" in accepted.texts["junit"]
    assert len(expired.differences("expired")) == 4
    for form in ("grid", "junit", "markdown", "github"):
        assert "expired" in expired.texts[form], form


@pytest.mark.thorough
def test_a_scenario_that_is_gone_makes_the_baseline_stale_until_it_is_pruned(project: Project) -> None:
    project.record("run")
    configuration = project.root / "pyproject.toml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace(', "shop.jobs:order"]', "]"), encoding="utf-8")

    stale = project.gate("run")
    narrowed = project.gate("run", "shop.jobs:order_page")
    project.command("baseline", "prune", FILES["json"])

    assert (stale.status, narrowed.status, project.gate("run").status) == (1, 0, 0)
    assert len(stale.differences("missing")) == 4
    assert len(narrowed.differences("not checked")) == 4
    for form in ("grid", "junit", "markdown", "github"):
        assert "missing" in stale.texts[form].lower(), form
        assert "picklecheck baseline prune" in " ".join(stale.texts[form].split()), form


@pytest.mark.network
def test_an_upstream_repair_turns_up_as_fixed_until_it_is_recorded(
    project: Project, environment: Callable[..., Path]
) -> None:
    """Pydantic 2.14.1 registers the class in one module and names another; 2.14.2 mended that."""
    then, now = (str(environment(version)) for version in ("2.14.1", "2.14.3"))
    project.record("run", "--python", then)

    fixed = project.gate("run", "--python", now)
    allowed = project.gate("run", "--python", now, "--allow-fixed")
    project.command("baseline", "update", FILES["json"])
    recorded = project.gate("run", "--python", now)

    assert (fixed.status, allowed.status, recorded.status) == (1, 0, 0)
    assert len(fixed.differences("fixed")) == 4
    assert {one["why"] for one in fixed.differences("fixed")} == {"pydantic 2.14.1 -> 2.14.3"}
    assert junit_counts(fixed.texts["junit"])["failures"] == 4
    assert "4 fixed (upstream changed: 4)" in " ".join(fixed.texts["grid"].split())
    for form in ("grid", "junit", "markdown", "github", "github-summary"):
        text = " ".join(fixed.texts[form].split())
        assert "fixed" in text, form
        assert "picklecheck baseline update" in text, form
    assert "4fixed(upstreamchanged:4)" in words_of_svg(fixed.texts["svg"])


@pytest.mark.network
def test_an_upstream_regression_is_told_from_a_change_of_ones_own(
    project: Project, environment: Callable[..., Path]
) -> None:
    then, now = (str(environment(version)) for version in ("2.14.3", "2.14.1"))
    project.record("run", "--python", then)

    upstream = project.gate("run", "--python", now)
    project.move_the_specialization_into_a_function()
    both = project.gate("run", "--python", now)

    assert (upstream.status, both.status) == (1, 1)
    assert "(upstream changed: 4)" in " ".join(upstream.texts["grid"].split())
    assert "(both changed: 4)" in " ".join(both.texts["grid"].split())


@pytest.mark.thorough
def test_an_environment_in_which_the_project_cannot_be_imported_is_status_3(project: Project) -> None:
    project.record("run")
    (project.root / "shop" / "__init__.py").write_text("import a_package_that_is_not_installed\n", encoding="utf-8")

    gate = project.gate("run")

    assert gate.status == 3
    assert junit_counts(gate.texts["junit"])["errors"] == 8
    assert gate.document["exit_status"] == 3
    for form in ("grid", "json", "junit", "markdown", "github", "github-summary"):
        text = " ".join(gate.texts[form].split())
        assert "PC904" in text, form
        assert "a_package_that_is_not_installed" in text, form
    assert "PC904undecided" in words_of_svg(gate.texts["svg"])


@pytest.mark.network
def test_an_environment_that_cannot_be_had_is_status_3(project: Project) -> None:
    arguments = ("matrix", "--pydantic", "2.14.3", "--with", "a-package-that-nobody-has-made==1.0", "--no-baseline")

    gate = project.gate(*arguments)

    assert gate.status == 3
    assert gate.document["environments"][0]["status"] == "unavailable"
    assert junit_counts(gate.texts["junit"]) == {"tests": 1, "failures": 0, "errors": 1, "skipped": 0}
    for form in ("grid", "json", "junit", "markdown", "github", "github-summary", "record"):
        assert "a-package-that-nobody-has-made" in " ".join(gate.texts[form].split()), form


@pytest.mark.thorough
def test_a_job_does_not_record_what_it_is_judged_by(project: Project, place: Place) -> None:
    project.record("run")
    before = (project.root / "picklecheck-baseline.json").read_bytes()
    project.move_the_specialization_into_a_function()
    project.gate("run")

    ended = subprocess.run(
        [sys.executable, "-m", "picklecheck", "baseline", "update", FILES["json"]],
        cwd=project.root,
        env={**place.environment, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("picklecheck: CI is set")
    assert (project.root / "picklecheck-baseline.json").read_bytes() == before


@pytest.mark.thorough
def test_nothing_is_left_behind(project: Project, place: Place) -> None:
    project.record("run")
    project.gate("run")

    assert place.left_behind() == []
    untracked = project.git("status", "--porcelain", "--untracked-files").split()[1::2]
    assert sorted(untracked) == sorted(FILES[form] for form in RUN_FORMATS)


@pytest.mark.thorough
def test_a_stale_baseline_is_seen_by_whoever_judges(project: Project) -> None:
    project.record("run")
    configuration = project.root / "pyproject.toml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace(', "shop.jobs:order"]', "]"), encoding="utf-8")
    for shard in (1, 2):
        project.command("run", "--shard", f"{shard}/2", "--output", f"json={shard}.json", expected=None)

    merged = project.command("merge", "1.json", "2.json", "--quiet", expected=1)
    project.command("baseline", "diff", "1.json", "2.json", expected=1)
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "--picklecheck", "-q", "-p", "no:cacheprovider"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "4 missing" in merged.stdout
    assert tested.returncode == 1
    assert "FAILED picklecheck::baseline" in tested.stdout
    assert "picklecheck baseline prune" in tested.stdout


@pytest.mark.thorough
def test_a_target_of_the_matrix_alone_is_not_missing_in_a_run(project: Project) -> None:
    project.record("run")
    configuration = project.root / "pyproject.toml"
    text = configuration.read_text(encoding="utf-8").replace(', "shop.jobs:order"]', "]")
    configuration.write_text(text + '\n[tool.picklecheck.matrix]\nscenarios = ["shop.jobs:order"]\n', encoding="utf-8")

    assert len(project.gate("run").differences("missing")) == 0


@pytest.mark.thorough
def test_nothing_differs_is_not_said_of_what_could_not_be_judged(project: Project) -> None:
    project.record("run")
    (project.root / "shop" / "__init__.py").write_text("import a_package_that_is_not_installed\n", encoding="utf-8")
    project.gate("run")

    ended = project.command("baseline", "diff", FILES["json"], expected=3)

    assert "could not be judged" in ended.stderr
