"""Commands whose options may stand in a file: flag > PICKLECHECK_* > file > default."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from click.core import ParameterSource
from click.testing import CliRunner, Result

from picklecheck.cli import cli
from picklecheck.cli.commands.matrix import command as matrix_command
from picklecheck.cli.commands.run import command as run_command
from picklecheck.cli.config_file import COMMAND_KEYS, SHARED_KEYS
from picklecheck.cli.configured_command import ConfiguredCommand, key_of
from picklecheck.errors import UsageError

# Options that are said anew each time.
NOT_IN_A_FILE = {
    *("shard", "verbose", "quiet", "exit-zero", "no-baseline", "show-config", "config", "no-config", "help"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, an empty one; nobody's variables count."""
    for name in [one for one in os.environ if one.startswith("PICKLECHECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@click.command("run", cls=ConfiguredCommand)
@click.argument("selection", nargs=-1)
@click.option("--jobs", type=int, default=1)
@click.option("--timeout", type=float, default=30.0)
@click.option("--color", type=click.Choice(["auto", "never"]), default="auto")
@click.option("--site", "sites", multiple=True)
@click.option("--allow-fixed", is_flag=True)
@click.option("--path", multiple=True)
@click.pass_context
def probe(context: click.Context, /, **values: object) -> None:
    """Tell what comes out."""
    source = context.get_parameter_source
    values["from file"] = sorted(name for name in context.params if source(name) is ParameterSource.DEFAULT_MAP)
    context.obj.update(values)


def run(*arguments: str, file: str = "", **variables: str) -> dict[str, object]:
    """Return what a command is called with."""
    if file:
        Path("picklecheck.toml").write_text(file, encoding="utf-8")
    found: dict[str, object] = {}
    ended = CliRunner().invoke(
        probe, arguments, obj=found, env={f"PICKLECHECK_{name}": value for name, value in variables.items()}
    )
    assert ended.exit_code == 0, ended.output
    return found


FLAGS = ("--jobs", "5", "--color", "auto", "--site", "e", "--site", "f", "--allow-fixed", "x")
FILE = 'jobs = 3\ncolor = "never"\nsite = ["a", "b"]\nallow-fixed = true\nscenarios = "m:a"\npath = "src"'


@pytest.mark.parametrize(
    ("file", "variables", "flags", "expected"),
    [
        ("", {}, (), (1, "auto", (), False, ())),
        (FILE, {}, (), (3, "never", ("a", "b"), True, ("m:a",))),
        (
            FILE,
            {"JOBS": "4", "SITE": "c d", "SCENARIOS": "m:b m:c"},
            (),
            (4, "never", ("c", "d"), True, ("m:b", "m:c")),
        ),
        (FILE, {"ALLOW_FIXED": "0", "COLOR": "auto"}, (), (3, "auto", ("a", "b"), False, ("m:a",))),
        (FILE, {"JOBS": "4", "SITE": "c", "COLOR": "never"}, FLAGS, (5, "auto", ("e", "f"), True, ("x",))),
        ("", {"JOBS": "4", "SITE": "c", "ALLOW_FIXED": "1"}, (), (4, "auto", ("c",), True, ())),
        ("", {"JOBS": "4"}, FLAGS, (5, "auto", ("e", "f"), True, ("x",))),
        ('site = "a"', {}, (), (1, "auto", ("a",), False, ())),
        ("jobs = 2\n[run]\njobs = 3\n[matrix]\njobs = 4", {}, (), (3, "auto", (), False, ())),
        ('[matrix]\ncached = true\npython = "3.12"', {}, (), (1, "auto", (), False, ())),
    ],
)
def test_a_flag_goes_before_a_variable_before_the_file_before_the_default(
    file: str, variables: dict[str, str], flags: tuple[str, ...], expected: tuple[object, ...]
) -> None:
    found = run(*flags, file=file, **variables)

    assert tuple(found[name] for name in ("jobs", "color", "sites", "allow_fixed", "selection")) == expected


def test_targets_lie_beside_the_file_that_names_them(folder: Path) -> None:
    assert run()["path"] == ()
    assert run(file="jobs = 2")["path"] == (str(folder),)
    assert run(file='path = "src"')["path"] == (str(folder / "src"),)
    assert run("--path", "mine")["path"] == ("mine",)


def test_a_command_knows_what_comes_from_the_file() -> None:
    assert run()["from file"] == []
    assert run(file='jobs = 2\nscenarios = ["m:a"]')["from file"] == ["jobs", "path", "selection"]
    assert run("m:b", "--jobs", "3")["from file"] == ["path"]


def test_a_file_is_found_above_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").mkdir()
    (folder / "pyproject.toml").write_text("[tool.picklecheck]\njobs = 7")
    monkeypatch.chdir(folder / "a")

    assert run()["jobs"] == 7


def test_another_file_may_be_named_or_none(folder: Path) -> None:
    (folder / "other.toml").write_text("jobs = 8")

    assert run("--config", "other.toml", file="jobs = 2")["jobs"] == 8
    assert run(CONFIG="other.toml")["jobs"] == 8
    assert run("--no-config")["jobs"] == 1
    assert run("--no-config", "--config", "missing.toml")["jobs"] == 1


def call(*arguments: str) -> Result:
    """Run the command line."""
    return CliRunner().invoke(cli, arguments, prog_name="picklecheck")


@pytest.mark.parametrize("name", ["missing.toml", ".", ""])
def test_a_file_that_is_named_has_to_be_there(name: str) -> None:
    ended = call("run", "--config", name)

    assert ended.exit_code == 2
    assert ended.output == (
        f"picklecheck: --config {name!r} is no file.\n  Give the path of a picklecheck.toml or a pyproject.toml.\n"
    )


# What stands in the file -> key, value and why it cannot be that.
WRONG: list[tuple[str, str, str]] = [
    ('jobs = "4"', "'jobs' cannot be '4'", "a number is wanted."),
    ("jobs = 2.5", "'jobs' cannot be 2.5", "a number is wanted."),
    ("jobs = true", "'jobs' cannot be True", "a number is wanted."),
    ("jobs = inf", "'jobs' cannot be inf", "a number is wanted."),
    ("jobs = 0", "'jobs' cannot be 0", "0 is not in the range x>=1."),
    ("jobs = [1]", "'jobs' cannot be [1]", "a number is wanted."),
    ("timeout = 0", "'timeout' cannot be 0", "is not in the range x>0."),
    ('timeout = "10s"', "'timeout' cannot be '10s'", "a number is wanted."),
    ('allow-fixed = "yes"', "'allow-fixed' cannot be 'yes'", "true or false is wanted."),
    ("allow-fixed = 1", "'allow-fixed' cannot be 1", "true or false is wanted."),
    ('site = "moon"', "'site' cannot be 'moon'", "'moon' is not one of 'main', 'function',"),
    ('site = ["main", 5]', "'site' cannot be ['main', 5]", "a string is wanted, in quotes."),
    ("color = true", "'color' cannot be True", "a string is wanted, in quotes."),
    ('color = "pink"', "'color' cannot be 'pink'", "'pink' is not one of 'auto',"),
    ('format = "xml"', "'format' cannot be 'xml'", "'xml' is not one of 'grid',"),
    ('format = ["json"]', "'format' cannot be ['json']", "a string is wanted, in quotes."),
    ('baseline = ["b.json"]', "'baseline' cannot be [", "a string is wanted, in quotes."),
    ("scenarios = [1]", "'scenarios' cannot be [1]", "a string is wanted, in quotes."),
    ('path = "missing"', "'path' cannot be ", "does not exist."),
    ("[run]\npython = 3.10", "'python' cannot be 3.1", "a string is wanted, in quotes."),
]


@pytest.mark.parametrize(("text", "key", "why"), WRONG)
def test_a_value_that_cannot_be_is_told_with_file_and_key(folder: Path, text: str, key: str, why: str) -> None:
    (folder / "picklecheck.toml").write_text(text)

    ended = call("run")

    assert ended.exit_code == 2
    assert ended.output.startswith(f"picklecheck: {folder / 'picklecheck.toml'}: {key}")
    assert why in ended.output
    assert ended.output.endswith("\n  'picklecheck run --help' tells what the option takes.\n")


@pytest.mark.parametrize("text", ["pydantic = 2.10", "python = [3.10]", 'cached = "no"', "cross = 1"])
def test_what_the_matrix_alone_takes_is_checked_too(folder: Path, text: str) -> None:
    (folder / "picklecheck.toml").write_text(f"[matrix]\n{text}")

    assert call("matrix").exit_code == 2
    assert call("run", "--show-config").exit_code == 0


def test_a_value_that_a_flag_replaces_is_checked_all_the_same(folder: Path) -> None:
    (folder / "picklecheck.toml").write_text("jobs = 0")

    assert call("run", "--jobs", "1", "--show-config").exit_code == 2
    assert call("run", "--no-config", "--show-config").exit_code == 0


def test_help_is_there_whatever_the_file_says(folder: Path) -> None:
    (folder / "picklecheck.toml").write_text("zzz")

    assert call("run", "--help").exit_code == 0


def test_a_subcommand_is_configured_and_told_by_its_whole_name(folder: Path) -> None:
    (folder / "picklecheck.toml").write_text("baseline = 5")

    ended = call("baseline", "show")

    assert ended.exit_code == 2
    assert ended.output.endswith("\n  'picklecheck baseline show --help' tells what the option takes.\n")


def test_what_a_run_would_run_with_is_shown_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "src").mkdir()
    (folder / "pyproject.toml").write_text(
        '[tool.picklecheck]\nscenarios = ["shop:a", "shop:b"]\npath = "src"\nallow-fixed = true\nserializer = "pickle"'
    )
    monkeypatch.setenv("PICKLECHECK_SITE", "main function")
    monkeypatch.setenv("PICKLECHECK_BASELINE", "b.json")

    ended = call("run", "--jobs", "2", "--show-config", "-q")

    assert ended.exit_code == 0
    assert [" ".join(line.split()) for line in ended.output.splitlines()] == [
        f"configuration file: {folder / 'pyproject.toml'}",
        "scenarios shop:a shop:b pyproject.toml",
        "serializer pickle pyproject.toml",
        "site main function PICKLECHECK_SITE",
        "receiver - default",
        "fix - default",
        "python - default",
        f"path {folder / 'src'} pyproject.toml",
        "isolation auto default",
        "jobs 2 command line",
        "timeout 30.0 default",
        "baseline b.json PICKLECHECK_BASELINE",
        "no-baseline false default",
        "allow-fixed true pyproject.toml",
        "shard - default",
        "format grid default",
        "output - default",
        "color auto default",
        "verbose 0 default",
        "quiet 1 command line",
        "exit-zero false default",
    ]


def test_without_a_file_it_is_shown_in_columns() -> None:
    ended = CliRunner().invoke(probe, ["--show-config", "m:a"], obj={})

    assert (
        ended.output
        == """\
configuration file: none
scenarios    m:a    command line
jobs         1      default
timeout      30.0   default
color        auto   default
site         -      default
allow-fixed  false  default
path         -      default
"""
    )


def keys_of(command: click.Command) -> set[str]:
    """Return what the options and arguments of a command are called in a file."""
    return {key_of(one) for one in command.params}


@pytest.mark.parametrize(("name", "command"), [("run", run_command), ("matrix", matrix_command)])
def test_every_option_is_a_key_or_is_said_anew_each_time(name: str, command: click.Command) -> None:
    # A file's key ``matrix`` is a table, in which the option of that name is called ``file``.
    options = {"file" if one == "matrix" else one for one in keys_of(command)}

    assert options - NOT_IN_A_FILE == {*SHARED_KEYS, *COMMAND_KEYS[name]}


def test_every_option_has_a_variable() -> None:
    for command in (run_command, matrix_command):
        for one in command.params:
            if key_of(one) not in ("no-config", "show-config"):
                assert one.envvar == f"PICKLECHECK_{key_of(one).upper().replace('-', '_')}"


def test_a_variable_without_scenarios_is_refused() -> None:
    ended = CliRunner().invoke(probe, (), obj={}, env={"PICKLECHECK_SCENARIOS": " "})

    assert isinstance(ended.exception, UsageError)
    assert ended.exception.message == "PICKLECHECK_SCENARIOS is empty."


def test_a_baseline_without_a_name_is_refused() -> None:
    ended = CliRunner().invoke(run_command, ("--baseline", "", "shapes.*"))

    assert isinstance(ended.exception, UsageError)
    assert ended.exception.message == "--baseline is empty."
