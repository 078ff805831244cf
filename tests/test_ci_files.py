"""What a team copies is of the shape that its readers expect, and names commands and options that exist."""

from __future__ import annotations

import re
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
from ci_files import (
    ACTION,
    FILES,
    GITLAB,
    OFFICIAL,
    OWN_HOOKS,
    OWN_WORKFLOW,
    PAGE,
    REPOSITORY,
    WORKFLOWS,
    act,
    action_steps,
    load,
    steps_of,
)

from picklecheck.cli.group import cli
from picklecheck.cli.outputs import parse_output
from picklecheck.errors import UsageError
from picklecheck.gate.compare import Status
from picklecheck.gate.exit_status import ExitStatus
from picklecheck.plan.sharding import parse_shard
from picklecheck.reports.formats import MATRIX_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


# --- shapes ---

pytest_plugins = ["ci_sample"]


@pytest.mark.parametrize("name", [*FILES, OWN_WORKFLOW, OWN_HOOKS])
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


@pytest.mark.parametrize("name", [*WORKFLOWS, OWN_WORKFLOW])
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
