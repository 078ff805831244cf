"""What a team repeats, as TOML: where it is found, and how it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from picklecheck.cli.config_file import COMMAND_KEYS, SHARED_KEYS, Config, find_config, read_config
from picklecheck.errors import UsageError

SHARED = f"The keys are {', '.join(SHARED_KEYS)}."


def write(path: Path, text: str = "") -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def own(folder: Path, text: str) -> Config:
    """Return what a file of picklecheck's own says."""
    return read_config(write(folder / "picklecheck.toml", text))


def test_the_own_file_goes_before_the_projects(tmp_path: Path) -> None:
    project = write(tmp_path / "pyproject.toml", "[tool.picklecheck]")
    assert find_config(tmp_path) == project

    path = write(tmp_path / "picklecheck.toml")
    assert find_config(tmp_path) == path


def test_the_nearest_file_is_meant(tmp_path: Path) -> None:
    above = write(tmp_path / "picklecheck.toml")
    assert find_config(tmp_path / "a" / "b") == above

    near = write(tmp_path / "a" / "pyproject.toml", "[tool.picklecheck]")
    assert find_config(tmp_path / "a" / "b") == near
    assert find_config(tmp_path / "a") == near
    assert find_config(tmp_path) == above


@pytest.mark.parametrize("text", ["", "[tool.ruff]", "tool = 1", '[tool]\nname = "picklecheck"', "[picklecheck]"])
def test_a_project_that_does_not_speak_of_it_is_passed_over(tmp_path: Path, text: str) -> None:
    above = write(tmp_path / "picklecheck.toml")
    write(tmp_path / "a" / "pyproject.toml", text)

    assert find_config(tmp_path / "a") == above


def test_a_table_of_a_command_is_speaking_of_it(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", "[tool.picklecheck.matrix]\ncached = true")

    assert find_config(tmp_path) == path
    assert read_config(path).of("matrix") == {"cached": True}


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    above = write(tmp_path / "picklecheck.toml")
    (tmp_path / "a" / "picklecheck.toml").mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").mkdir()

    assert find_config(tmp_path / "a") == above


def test_a_project_that_is_no_toml_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", "[tool")

    with pytest.raises(UsageError, match="is not TOML") as caught:
        find_config(tmp_path / "a")

    assert caught.value.message.startswith(f"{path} is not TOML: ")
    assert "--no-config" in caught.value.hint


def test_keys_are_shared_and_those_of_a_command_go_before_them(tmp_path: Path) -> None:
    config = own(
        tmp_path,
        """
        scenarios = ["shop.jobs:order"]
        site = "main"
        jobs = 4
        timeout = 2.5
        allow-fixed = true
        [run]
        site = ["main", "function"]
        python = "3.12"
        [matrix]
        jobs = 8
        pydantic = ["minors", "2.14"]
        cross = false
        """,
    )

    shared = {"scenarios": ["shop.jobs:order"], "site": "main", "jobs": 4, "timeout": 2.5, "allow-fixed": True}
    assert config.path == tmp_path / "picklecheck.toml"
    assert config.of("run") == {**shared, "site": ["main", "function"], "python": "3.12"}
    assert config.of("matrix") == {**shared, "jobs": 8, "pydantic": ["minors", "2.14"], "cross": False}
    assert config.of("merge") == shared


def test_without_a_file_nothing_is_said() -> None:
    assert (Config().path, Config().of("run"), Config().of("merge")) == (None, {}, {})


@pytest.mark.parametrize("text", ["", "[run]", "[matrix]"])
def test_a_file_may_say_nothing(tmp_path: Path, text: str) -> None:
    config = own(tmp_path, text)

    assert [config.of(one) for one in ("run", "matrix", "merge")] == [{}, {}, {}]


def test_a_projects_other_tables_are_nobodys_business(tmp_path: Path) -> None:
    text = '[project]\nname = "a"\n[tool.ruff]\nselect = ["ALL"]\n[tool.picklecheck]\njobs = 2\n[tool.picklecheck.run]'

    assert read_config(write(tmp_path / "pyproject.toml", text)).of("run") == {"jobs": 2}


@pytest.mark.parametrize(
    ("text", "command", "expected"),
    [
        ('path = "src"', "run", {"path": "/x/y/src"}),
        ('path = [".", "../lib", "/abs"]', "run", {"path": ["/x/y", "/x/lib", "/abs"]}),
        ('path = "~/src"', "run", {"path": "/home/me/src"}),
        ('baseline = "b.json"', "merge", {"baseline": "/x/y/b.json"}),
        ('baseline = "catalogue"', "run", {"baseline": "catalogue"}),
        ('baseline = "./catalogue"', "run", {"baseline": "/x/y/catalogue"}),
        ('output = ["json=out/a.json", "grid=-"]', "run", {"output": ["json=/x/y/out/a.json", "grid=-"]}),
        ('output = "json=/abs/a=b.json"', "run", {"output": "json=/abs/a=b.json"}),
        ('output = "json"', "run", {"output": "json"}),
        ('output = "json="', "run", {"output": "json="}),
        ('[run]\npython = ".venv/bin/python"', "run", {"python": "/x/y/.venv/bin/python"}),
        ('[run]\npython = "python3.12"', "run", {"python": "python3.12"}),
        ('[matrix]\npython = ["3.12", "a/python"]', "matrix", {"python": ["3.12", "/x/y/a/python"]}),
        ('[matrix]\nwith-editable = [".", "../lib"]', "matrix", {"with-editable": ["/x/y", "/x/lib"]}),
        ('[matrix]\nwith-requirements = "r.txt"', "matrix", {"with-requirements": "/x/y/r.txt"}),
        ('[matrix]\nwith = "attrs>=23"', "matrix", {"with": "attrs>=23"}),
        ('matrix = "axes.toml"', "matrix", {"file": "/x/y/axes.toml"}),
        ('matrix = "conf/axes"', "matrix", {"file": "/x/y/conf/axes"}),
        ('matrix = "cross"', "matrix", {"file": "cross"}),
        ('matrix = "patches-2.14"', "matrix", {"file": "patches-2.14"}),
        ('[matrix]\nfile = "axes.toml"', "matrix", {"file": "/x/y/axes.toml"}),
        ('[matrix]\nfile = "full"', "matrix", {"file": "full"}),
        ('matrix = "cross"', "run", {}),
        ('[matrix]\nbaseline = "m.json"', "matrix", {"baseline": "/x/y/m.json"}),
    ],
)
def test_paths_are_meant_from_the_folder_of_the_file_on(
    text: str, command: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: text.encode())
    monkeypatch.setenv("HOME", "/home/me")

    assert read_config(Path("/x/y/picklecheck.toml")).of(command) == expected


def test_a_file_beside_it_goes_before_the_built_in_baseline(tmp_path: Path) -> None:
    write(tmp_path / "catalogue", "{}")

    assert own(tmp_path, 'baseline = "catalogue"').of("run") == {"baseline": str(tmp_path / "catalogue")}


def test_links_stay_for_the_place_of_a_virtual_environment_counts(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to("/usr/bin/env")

    assert own(tmp_path, '[run]\npython = "./python"').of("run") == {"python": str(tmp_path / "python")}


MATRIX = f"The keys are {', '.join((*COMMAND_KEYS['matrix'], *SHARED_KEYS))}."
NO_VALUE = "holds a table or a date, where a string, a number or a boolean is wanted."
# Name of the file, its text -> what is said of it, and what to do.
REFUSED: list[tuple[str, str, str, str]] = [
    ("picklecheck.toml", "jbos = 2", "has a key 'jbos', which is none", f"Did you mean 'jobs'? {SHARED}"),
    ("picklecheck.toml", "zzz = 2", "has a key 'zzz', which is none", SHARED),
    ("picklecheck.toml", "cached = true", "has a key 'cached', which", f"It belongs into [matrix]. {SHARED}"),
    (
        "picklecheck.toml",
        "[run]\ncached = true",
        "has a key 'cached' in [run], which",
        "The keys are python",
    ),
    (
        "picklecheck.toml",
        '[matrix]\npidantic = "2"',
        "a key 'pidantic' in [matrix],",
        f"Did you mean 'pydantic'? {MATRIX}",
    ),
    ("picklecheck.toml", "[tool.picklecheck]", "has a key 'tool', which is none", SHARED),
    ("picklecheck.toml", "[merge]", "has a key 'merge', which is none", "The keys are"),
    ("picklecheck.toml", "run = 1", "'run' is no table.", "Write [run] on a line of its own."),
    ("picklecheck.toml", "matrix = 1", "'matrix' is no table.", "Write [matrix] on a line of its own."),
    ("picklecheck.toml", 'matrix = ["a.toml"]', "'matrix' is no table.", "Write [matrix] on a line of its own."),
    ("picklecheck.toml", "jobs = 2026-12-31", f"'jobs' {NO_VALUE}", "Write jobs = '...', or an array of such values."),
    ("picklecheck.toml", "site = [[1]]", f"'site' {NO_VALUE}", "Write site = '...', or an array of such values."),
    ("picklecheck.toml", "[site]\na = 1", f"'site' {NO_VALUE}", "Write site = '...', or an array of such values."),
    ("picklecheck.toml", "jobs = ", "is not TOML: ", "Mend the line, or leave the file out with --no-config."),
    ("picklecheck.toml", "jobs = 1\njobs = 2", "is not TOML: ", "Mend the line,"),
    ("pyproject.toml", "[tool.picklecheck]\njbos = 2", "a key 'jbos' in [tool.picklecheck], which", "Did you mean"),
    (
        "pyproject.toml",
        "[tool.picklecheck]\ncached = true",
        "has a key 'cached' in [tool.picklecheck], which",
        "It belongs into [tool.picklecheck.matrix]. ",
    ),
    (
        "pyproject.toml",
        "[tool.picklecheck.run]\nsit = 1",
        "has a key 'sit' in [tool.picklecheck.run], which",
        "Did you mean 'site'? ",
    ),
    ("pyproject.toml", "[tool]\npicklecheck = 1", "'tool.picklecheck' is no table.", "Write [tool.picklecheck] on a"),
    ("pyproject.toml", "[tool.picklecheck]\nrun = 1", "'run' is no table.", "Write [tool.picklecheck.run] on a line"),
]


@pytest.mark.parametrize(("name", "text", "message", "hint"), REFUSED)
def test_what_cannot_be_understood_is_refused_by_file_and_key(
    tmp_path: Path, name: str, text: str, message: str, hint: str
) -> None:
    path = write(tmp_path / name, text)

    with pytest.raises(UsageError) as caught:
        read_config(path)

    assert caught.value.message.startswith(str(path))
    assert message in caught.value.message
    assert caught.value.hint.startswith(hint)


def test_a_file_that_is_not_utf_8_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "picklecheck.toml"
    path.write_bytes(b'site = "\xff"')

    with pytest.raises(UsageError) as caught:
        read_config(path)

    assert caught.value.message.startswith(f"{path} is not TOML: 'utf-8' codec can't decode byte 0xff")


@pytest.mark.parametrize(("name", "why"), [("folder", "Is a directory"), ("missing.toml", "No such file or directory")])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(UsageError) as caught:
        read_config(tmp_path / name)

    assert caught.value.message == f"{tmp_path / name} cannot be read: {why}."
    assert caught.value.hint == "Give the path of a TOML file that can be read."


@pytest.mark.parametrize("text", ["scenarios = []", "scenarios = ''"])
def test_no_scenarios_are_not_the_whole_catalogue(tmp_path: Path, text: str) -> None:
    (tmp_path / "picklecheck.toml").write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match="'scenarios' is empty"):
        read_config(tmp_path / "picklecheck.toml")
