"""What a team copies: the action, the workflows, the hook and the page about them are of the shape that their readers
expect, name options that exist, and do what they say.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml
from conftest import REPOSITORY

from picklecheck.baselines.compare import Status
from picklecheck.cli.group import cli
from picklecheck.cli.outputs import parse_output
from picklecheck.errors import UsageError
from picklecheck.gate import ExitStatus
from picklecheck.reports.formats import MATRIX_FORMATS
from picklecheck.sharding import parse_shard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from conftest import Place

ACTION = "OWNER/picklecheck@REVISION"
PAGE = (REPOSITORY / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = ("examples/github-workflow.yml", "examples/github-canary.yml")
GITLAB = "examples/gitlab-ci.yml"
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


# --- shapes ---


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_yaml_of_which_no_expression_gets_into_a_script(name: str) -> None:
    document = load(name)
    scripts = [step.get("run", "") for _, step in steps_of(document)] if isinstance(document, dict) else []

    assert document
    assert not [script for script in scripts if "${{" in script]


def test_the_action_is_a_composite_one_whose_inputs_reach_it_as_variables() -> None:
    action = load("action.yml")
    [step] = action["runs"]["steps"]

    assert action["runs"]["using"] == "composite"
    assert step["shell"] == "bash"
    assert {"name", "description"} <= action.keys()
    assert all({"description", "default"} == one.keys() for one in action["inputs"].values())
    assert step["env"] == {f"INPUT_{name.upper()}": f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}
    assert {name: one["value"] for name, one in action["outputs"].items()} == {
        name: f"${{{{ steps.{step['id']}.outputs.{name} }}}}" for name in ("exit-status", "report")
    }


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_reads_only_and_uses_official_actions_and_this_one(name: str) -> None:
    workflow = load(name)

    assert workflow["permissions"] == {"contents": "read"}
    assert True in workflow  # YAML 1.1 reads the key `on` as this
    for job in workflow["jobs"].values():
        assert {"runs-on", "steps"} <= job.keys()
        assert "permissions" not in job
        assert job.get("needs", next(iter(workflow["jobs"]))) in workflow["jobs"]
    for _, step in steps_of(workflow):
        assert ("uses" in step) != ("run" in step)
        assert step.get("uses", ACTION) in OFFICIAL | {ACTION}
        if step.get("uses") == ACTION:
            assert step.get("with", {}).keys() <= load("action.yml")["inputs"].keys()


def test_a_job_that_merges_runs_always_and_gets_every_report() -> None:
    jobs = load(WORKFLOWS[0])["jobs"]
    for source, target in (("check", "merge"), ("shard", "merge-shards")):
        upload, download = (
            next(step for step in jobs[name]["steps"] if verb in step.get("uses", ""))
            for name, verb in ((source, "upload-artifact"), (target, "download-artifact"))
        )
        [check] = [step for step in jobs[source]["steps"] if step.get("uses") == ACTION]
        pattern = download["with"]["pattern"].replace("*", ".+")

        assert jobs[target]["needs"] == source
        assert jobs[target]["if"] == upload["if"] == "always()"
        assert re.fullmatch(pattern, upload["with"]["name"])
        assert upload["with"]["path"] == check["with"]["report"]
        assert "matrix." in upload["with"]["path"]  # two files of one name would be one


def test_the_gitlab_jobs_have_what_gitlab_asks_for() -> None:
    document = load(GITLAB)
    jobs = {name: job for name, job in document.items() if "script" in job and not name.startswith(".")}

    assert jobs.keys() == {"check", "merge"}
    for job in jobs.values():
        assert job["stage"] in document["stages"]
        assert job["extends"] in document
        assert job["artifacts"]["when"] == "always"
        assert set(job.get("needs", [])) <= jobs.keys()
    assert jobs["merge"]["when"] == "always"
    assert jobs["merge"]["artifacts"]["reports"]["junit"] in " ".join(jobs["merge"]["script"])


def test_the_hook_has_the_keys_that_pre_commit_asks_for() -> None:
    [hook] = load(".pre-commit-hooks.yaml")

    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert (hook["id"], hook["language"], hook["types"]) == ("picklecheck", "system", ["python"])
    assert hook["pass_filenames"] is False


# --- the page names what there is ---


def column(heading: str, number: int = 0) -> list[str]:
    """Return a column of the table under a heading, without its own heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [row[number].strip().strip("`") for row in rows[2:]]


def test_the_tables_of_the_page_are_complete() -> None:
    assert column("GitHub") == list(load("action.yml")["inputs"])
    assert column("Formats") == list(MATRIX_FORMATS)
    assert column("Exit status") == [str(one.value) for one in ExitStatus]
    assert sorted(column("What a cell can be")) == sorted(one.value for one in Status)


# --- every command line is one that the program takes ---


def parse(words: Sequence[str]) -> None:
    """Have the real command line read ``words``, and do nothing; raises click.UsageError."""
    command: click.Command = cli
    context = click.Context(cli)
    rest = list(words[1:])
    while isinstance(command, click.Group):
        found = command.get_command(context, rest[0])
        assert found is not None, words
        command, rest = found, rest[1:]
    if not rest:
        return  # the name of a command
    made = command.make_context("picklecheck", rest, parent=context)
    choices = [one.type.choices for one in command.params if one.name == "form" and isinstance(one.type, click.Choice)]
    for text in made.params.get("files", ()):
        parse_output(text, choices[0])
    if made.params.get("shard"):
        parse_shard(made.params["shard"])


def filled_in(text: str, job: Any) -> str:
    """Return a text of a workflow with the first value of each axis of its job."""
    axes = job.get("strategy", {}).get("matrix", {})
    values = {**{name: value[0] for name, value in axes.items()}, **(axes.get("include") or [{}])[0]}
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: str(values[found[1]]), text)


def written_commands() -> Iterator[str]:
    """Yield the command lines of the page, the hook, GitLab's jobs, and the texts for people in all of them."""
    replaced = {"CODE": "PC301", "$CI_NODE_INDEX": "1", "$CI_NODE_TOTAL": "4"}
    lines = re.findall(r"^\$ (picklecheck .+)$", PAGE, re.MULTILINE)
    for name in (*FILES, "docs/ci.md"):
        lines += re.findall(r"`(picklecheck [^`\n]+)`", (REPOSITORY / name).read_text(encoding="utf-8"))
    lines += [line for job in load(GITLAB).values() if "script" in job for line in job["script"]]
    lines += [hook["entry"] for hook in load(".pre-commit-hooks.yaml")]
    for line in dict.fromkeys(lines):
        yield re.sub("|".join(map(re.escape, replaced)), lambda found: replaced[found[0]], line)


@pytest.mark.parametrize("line", [*written_commands()])
def test_a_command_line_is_one_that_the_program_takes(
    line: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)

    parse(shlex.split(line))


def test_a_command_line_with_an_option_that_there_is_not_would_be_found(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    for line in (
        "run --baselines x",
        "merge --quiet",
        "matrix --shard 5/4",
        "run --output xml=a",
        "run --format record",
    ):
        with pytest.raises((click.UsageError, UsageError)):
            parse(["picklecheck", *line.split()])


@pytest.mark.parametrize(("job", "step"), action_steps())
def test_a_step_of_a_workflow_ends_in_a_command_line_that_the_program_takes(
    job: Any, step: Any, project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The action's script is run with a Python that notes the command line instead of running it."""
    monkeypatch.chdir(project)
    told = tmp_path / "told"
    fake = tmp_path / "environment" / "bin" / "python"
    fake.parent.mkdir(parents=True)
    fake.write_text(f'#!/bin/sh\n[ "$2" = -m ] || exec "{sys.executable}" "$@"\nprintf "%s\\0" "$@" >"{told}"\n')
    fake.chmod(0o755)
    inputs = {name: filled_in(text, job) for name, text in step.get("with", {}).items()}

    ended = act(project, tmp_path / "environment", inputs)

    assert ended.status == 0, ended.log
    interpreter, module, name, *words = told.read_text(encoding="utf-8").split("\0")[:-1]
    assert (interpreter, module, name) == ("-I", "-m", "picklecheck")
    parse([name, *words])


# --- the action's script, run for real ---


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


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds picklecheck, as the action makes one."""
    folder = tmp_path_factory.mktemp("own") / "environment"
    venv.create(folder, with_pip=False, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    paths = {str(REPOSITORY), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "picklecheck.pth").write_text("\n".join(sorted(paths)) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project in a repository of its own, with a baseline."""
    folder = tmp_path_factory.mktemp("recorded") / "shop"
    shutil.copytree(REPOSITORY / "tests" / "sample_project", folder, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    for line in ("run --no-baseline --output json=report.json", "baseline update report.json"):
        command = [sys.executable, "-m", "picklecheck", *line.split()]
        variables = {**SURROUNDINGS, "PYTHONPATH": str(REPOSITORY), "CI": ""}
        subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True)
    return folder


@pytest.fixture
def project(recorded: Path, tmp_path: Path) -> Path:
    """A copy of the sample project, with a baseline and ``report.json``, the report that it was recorded from."""
    return shutil.copytree(recorded, tmp_path / "project" / "shop")


def tidy_up(project: Path) -> None:
    """Move the specialization into the function: the change that looks like nothing."""
    jobs = project / "shop" / "jobs.py"
    text = jobs.read_text(encoding="utf-8")
    assert AT_MODULE_SCOPE in text
    jobs.write_text(text.replace(AT_MODULE_SCOPE, "").replace("OrderPage(", "Page[Order]("), encoding="utf-8")


def test_the_action_is_green_where_all_is_as_recorded(project: Path, own: Path) -> None:
    acted = act(project, own)

    assert acted.status == 0, acted.log
    assert acted.outputs == {"exit-status": "0", "report": "picklecheck-report.json"}
    assert acted.annotations == []
    assert acted.summary.startswith("## picklecheck: passed\n")
    assert json.loads((project / "picklecheck-report.json").read_text(encoding="utf-8"))["exit_status"] == 0


def test_the_action_is_red_at_the_line_that_broke(project: Path, own: Path) -> None:
    tidy_up(project)

    acted = act(project, own, {"report": "red.json"})

    assert acted.status == 1
    assert acted.outputs == {"exit-status": "1", "report": "red.json"}
    assert [line.partition("::shop")[0] for line in acted.annotations] == [
        "::error file=shop/jobs.py,line=12,title=PC101 dump-error%3A regressed",
        "::error file=shop/jobs.py,line=12,title=PC301 wrong-type%3A regressed",
    ]
    assert acted.summary.startswith("## picklecheck: findings\n")
    assert (project / "red.json").exists()


def test_the_action_cannot_judge_a_project_that_is_not_installed(project: Path, own: Path) -> None:
    """Its sources lie in ``src``, where nothing but an installation finds them."""
    (project / "src").mkdir()
    (project / "shop").rename(project / "src" / "shop")

    acted = act(project, own)

    assert acted.status == 3
    assert acted.outputs["exit-status"] == "3"
    assert "No module named 'shop'" in acted.annotations[0]
    assert acted.summary.startswith("## picklecheck: could not judge\n")


def test_the_action_examines_the_python_of_the_job_and_not_its_own(project: Path, own: Path) -> None:
    """The job's has no Pydantic; an old report in the folder is not passed off as this run's."""
    venv.create(project.parent / "job", with_pip=False, symlinks=True)
    (project / "picklecheck-report.json").write_text("{}", encoding="utf-8")

    acted = act(project, own, path=project.parent / "job" / "bin")

    assert acted.status == 3
    assert acted.outputs == {"exit-status": "3"}
    assert "pydantic" in acted.log
    assert len(acted.annotations) == 1


def test_the_action_merges_the_files_of_a_pattern(project: Path, own: Path) -> None:
    (project / "reports").mkdir()
    (project / "report.json").rename(project / "reports" / "a report.json")

    acted = act(project, own, {"command": "merge", "arguments": "'reports/*.json' --detail"})

    assert acted.status == 0, acted.log
    assert "Against picklecheck-baseline.json: 8 as recorded." in acted.log


def test_the_arguments_of_the_action_are_split_and_never_executed(project: Path, own: Path) -> None:
    acted = act(project, own, {"arguments": "shop.jobs:order '$(touch pwned)' `touch pwned` ; touch pwned"})

    assert acted.status == 2
    assert "No scenario is called '$(touch pwned)'." in acted.log
    assert not (project / "pwned").exists()


@pytest.mark.parametrize(
    ("inputs", "word"),
    [
        ({"command": "bisect"}, "'command'"),
        ({"arguments": "'shop.jobs:order"}, "'arguments'"),
        ({"command": "merge", "python": "python3"}, "'python'"),
        ({"report": "a\nexit-status=0"}, "'report'"),
        ({"report": ""}, "'report'"),
        ({"baseline": "nowhere.json"}, "status 2"),
    ],
)
def test_the_action_refuses_what_it_cannot_use(project: Path, own: Path, inputs: dict[str, str], word: str) -> None:
    acted = act(project, own, inputs)

    assert acted.status == 2
    assert acted.outputs == {"exit-status": "2"}
    assert word in acted.annotations[-1]


@pytest.mark.network
def test_the_action_installs_its_own_source_and_leaves_the_environment_of_the_job(project: Path) -> None:
    before = subprocess.run([sys.executable, "-m", "pip", "freeze"], check=True, capture_output=True).stdout

    acted = act(project, None)

    assert acted.status == 0, acted.log
    assert subprocess.run([sys.executable, "-m", "pip", "freeze"], check=True, capture_output=True).stdout == before


@pytest.mark.network
def test_the_action_could_not_judge_where_it_cannot_be_installed(project: Path) -> None:
    acted = act(project, None, {"version": "picklecheck-is-not-called-this==1"})

    assert acted.status == 3
    assert "could not be installed" in acted.annotations[0]


# --- the canary, the hook, the shards ---


def run_script(script: str, project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script of an example; ``picklecheck`` is the one under test."""
    function = f'picklecheck() {{ "{sys.executable}" -m picklecheck "$@"; }}\n'
    return subprocess.run(
        ["bash", "-e", "-c", function + script],
        cwd=project,
        env={**SURROUNDINGS, "PYTHONPATH": str(REPOSITORY), **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def pretend_that_pydantic_was_older_and_worse(project: Path) -> None:
    path = project / "picklecheck-baseline.json"
    text = re.sub(r'("pydantic": |pydantic)"?2\.\d+\.\d+"?', lambda found: f'{found[1]}"2.0"', path.read_text())
    text = text.replace('pydantic"2.0"-', "pydantic2.0-")
    path.write_text(text.replace('"pass", "code": null', '"load-error", "code": "PC201"', 1))


@pytest.mark.parametrize(
    ("change", "headline"),
    [(tidy_up, "You changed"), (pretend_that_pydantic_was_older_and_worse, "Upstream changed")],
)
def test_the_headline_of_the_canary_says_who_changed_something(
    project: Path, own: Path, change: Callable[[Path], None], headline: str
) -> None:
    [(_, step)] = [(job, step) for job, step in steps_of(load(WORKFLOWS[1])) if step.get("uses") == ACTION]
    [tell] = [step for _, step in steps_of(load(WORKFLOWS[1])) if step.get("name") == "Who changed something"]
    change(project)
    acted = act(project, own, step["with"])

    ended = run_script(tell["run"], project, STATUS=acted.outputs["exit-status"])

    assert acted.status == 1, acted.log
    assert ended.stdout.startswith(f"::warning title=picklecheck canary::{headline}")


def test_the_hook_runs_without_a_network(project: Path, tmp_path: Path) -> None:
    [hook] = load(".pre-commit-hooks.yaml")
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo'):\n"
        "        raise SystemExit('the network was asked')\n"
        "sys.addaudithook(refuse)\n",
        encoding="utf-8",
    )
    offline = {"PYTHONPATH": f"{tmp_path}:{REPOSITORY}"}

    green = run_script(hook["entry"], project, **offline)
    tidy_up(project)
    red = run_script(hook["entry"], project, **offline)

    assert (green.returncode, red.returncode) == (0, 1), green.stderr + red.stderr
    assert "4 regressed (you changed: 4)" in red.stdout


def test_the_variables_of_gitlab_split_the_plan(project: Path) -> None:
    """With ``run`` in place of ``matrix``, which would build environments."""
    job = load(GITLAB)["check"]
    [script] = job["script"]
    shard = script[script.index("--shard") :]

    parts = []
    for index in range(1, job["parallel"] + 1):
        node = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(job["parallel"])}
        ended = run_script(f"picklecheck run {shard}", project, **node)
        assert ended.returncode == 0, ended.stderr
        report = json.loads((project / f"shard-{index}.json").read_text(encoding="utf-8"))
        parts.append({cell["id"] for cell in report["cells"]})
    merged = run_script(load(GITLAB)["merge"]["script"][-1], project)

    assert [len(part) for part in parts] == [2, 2, 2, 2]
    assert len(set.union(*parts)) == 8
    assert merged.returncode == 0, merged.stderr
    assert "Against picklecheck-baseline.json: 8 as recorded." in merged.stdout
    assert (project / "picklecheck.xml").exists()


@pytest.mark.network
def test_the_jobs_of_gitlab_do_what_they_say(project: Path, place: Place) -> None:
    jobs = load(GITLAB)
    (project / "picklecheck-baseline.json").unlink()
    (project / "report.json").unlink()
    for index in range(1, jobs["check"]["parallel"] + 1):
        node = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(jobs["check"]["parallel"])}
        variables = {**place.environment, **node, "PICKLECHECK_NO_BASELINE": "1"}
        assert run_script(jobs["check"]["script"][0], project, **variables).returncode in {0, 1}
    ended = run_script(jobs["merge"]["script"][-1], project, **place.environment, PICKLECHECK_NO_BASELINE="1")

    assert ended.returncode == 1, ended.stderr
    assert "3 of 3 environments checked." in ended.stdout
    assert (project / "picklecheck.xml").exists()
