"""What a team copies does what it says: the action, the canary, the hook and the jobs of GitLab, run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest
from ci_files import GITLAB, REPOSITORY, SURROUNDINGS, WORKFLOWS, act, load, steps_of, tidy_up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Place


# --- the action's script, run for real ---

pytest_plugins = ["ci_sample"]


@pytest.mark.thorough
def test_the_action_is_green_where_all_is_as_recorded(project: Path, own: Path) -> None:
    acted = act(project, own)

    assert acted.status == 0, acted.log
    assert acted.outputs == {"exit-status": "0", "report": "picklecheck-report.json"}
    assert acted.annotations == []
    assert acted.summary.startswith("## picklecheck: passed\n")
    assert json.loads((project / "picklecheck-report.json").read_text(encoding="utf-8"))["exit_status"] == 0


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_the_action_cannot_judge_a_project_that_is_not_installed(project: Path, own: Path) -> None:
    """Its sources lie in ``src``, where nothing but an installation finds them."""
    (project / "src").mkdir()
    (project / "shop").rename(project / "src" / "shop")

    acted = act(project, own)

    assert acted.status == 3
    assert acted.outputs["exit-status"] == "3"
    assert "No module named 'shop'" in acted.annotations[0]
    assert acted.summary.startswith("## picklecheck: could not judge\n")


@pytest.mark.thorough
def test_the_action_examines_the_python_of_the_job_and_not_its_own(project: Path, own: Path) -> None:
    """The job's has no Pydantic; an old report in the folder is not passed off as this run's."""
    venv.create(project.parent / "job", with_pip=False, symlinks=True)
    (project / "picklecheck-report.json").write_text("{}", encoding="utf-8")

    acted = act(project, own, path=project.parent / "job" / "bin")

    assert acted.status == 3
    assert acted.outputs == {"exit-status": "3"}
    assert "pydantic" in acted.log
    assert len(acted.annotations) == 1


@pytest.mark.thorough
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


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("change", "headline"),
    [(tidy_up, "you changed"), (pretend_that_pydantic_was_older_and_worse, "upstream changed")],
)
def test_the_headline_of_the_canary_says_who_changed_something(
    project: Path, own: Path, change: Callable[[Path], None], headline: str
) -> None:
    [tell] = [step for _, step in steps_of(load(WORKFLOWS[1])) if step.get("name") == "Who changed something"]
    change(project)
    acted = act(project, own, {})

    outputs = {"STATUS": acted.outputs["exit-status"], "REPORT": acted.outputs["report"]}
    ended = run_script(tell["run"], project, **outputs)

    assert acted.status == 1, acted.log
    assert ended.stdout == f"::warning title=picklecheck canary::The canary found: {headline}\n"


@pytest.mark.thorough
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


@pytest.mark.thorough
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
