"""The files that a team copies, as the tests of them read and run them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPOSITORY = Path(__file__).resolve().parent.parent
ACTION = "OWNER/picklecheck@REVISION"
PAGE = (REPOSITORY / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = ("examples/github-workflow.yml", "examples/github-canary.yml")
GITLAB = "examples/gitlab-ci.yml"
# The project's own, which nobody copies.
OWN_WORKFLOW = ".github/workflows/ci.yml"
OWN_HOOKS = ".pre-commit-config.yaml"
FILES = ("action.yml", *WORKFLOWS, GITLAB, ".pre-commit-hooks.yaml")
OFFICIAL = {
    "actions/checkout@v7",
    "actions/setup-python@v7",
    "actions/upload-artifact@v7",
    "actions/download-artifact@v8",
}
# Options of whoever runs the tests are none of the examples.
SURROUNDINGS = {name: value for name, value in os.environ.items() if not name.startswith("PICKLECHECK_")}
AT_MODULE_SCOPE = "OrderPage = Page[Order]\n"


def load(name: str) -> Any:
    return yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))


def steps_of(document: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each step of a workflow, or of an action, with its job."""
    for job in document.get("jobs", {"action": document["runs"]} if "runs" in document else {}).values():
        for step in job["steps"]:
            yield job, step


def action_steps() -> list[tuple[Any, Any]]:
    return [(job, step) for name in WORKFLOWS for job, step in steps_of(load(name)) if step.get("uses") == ACTION]


@dataclass(frozen=True)
class Acted:
    """What a step of a workflow that uses the action came to."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str

    @property
    def annotations(self) -> list[str]:
        return [line for line in self.log.splitlines() if line.startswith("::error ")]


def act(
    project: Path, environment: Path | None, inputs: Mapping[str, str] | None = None, *, path: Path | None = None
) -> Acted:
    """Run the action in a project as GitHub does; ``path`` is a folder whose python3 is the job's."""
    action = load("action.yml")
    [step] = action["runs"]["steps"]
    runner = project.parent / "runner"
    runner.mkdir(exist_ok=True)
    files = {name: runner / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for file in files.values():
        file.write_text("")
    given = {name: (inputs or {}).get(name, one["default"]) for name, one in action["inputs"].items()}
    home = {"HOME": str(runner), "TMPDIR": str(runner), "RUNNER_TEMP": str(runner)}
    ended = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=project,
        env={
            **SURROUNDINGS,
            **home,
            **{name: str(file) for name, file in files.items()},
            **{f"INPUT_{name.upper()}": value for name, value in given.items()},
            **({"PICKLECHECK_ACTION_ENVIRONMENT": str(environment)} if environment else {}),
            "PATH": f"{path or Path(sys.executable).parent}:{SURROUNDINGS['PATH']}",
            "GITHUB_ACTION_PATH": str(REPOSITORY),
            "CI": "true",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
    outputs = {name: value for name, _, value in (line.partition("=") for line in lines)}
    summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    return Acted(ended.returncode, ended.stdout + ended.stderr, outputs, summary)


def tidy_up(project: Path) -> None:
    """Move the specialization into the function: the change that looks like nothing."""
    jobs = project / "shop" / "jobs.py"
    text = jobs.read_text(encoding="utf-8")
    assert AT_MODULE_SCOPE in text
    jobs.write_text(text.replace(AT_MODULE_SCOPE, "").replace("OrderPage(", "Page[Order]("), encoding="utf-8")
