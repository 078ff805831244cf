"""Matrix files: the options of ``picklecheck matrix`` as TOML."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from picklecheck.errors import UsageError
from picklecheck.plan.exclude_rules import CELL_VALUES, check_rules, parse_rule
from picklecheck.plan.matrix_file import MatrixFile, builtin_names, find_matrix_file, read_matrix_file
from picklecheck.plan.version_specs import select_releases
from picklecheck.resources import resource

BUILTIN = ("cross", "full", "patches-2.14", "pydantic", "pythons", "report", "states")
KEYS = (
    "The keys are pydantic, python, cloudpickle, with, with-editable, with-requirements, scenario, serializer, site, "
    "receiver, fix, exclude, cross."
)
# Two of each minor line, as far as the lines matter.
RELEASES = tuple(map(Version, ("2.0", *(f"2.{minor}.{patch}" for minor in range(15) for patch in range(8)))))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, an empty one: paths in messages are short there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str) -> MatrixFile:
    """Write ``m.toml`` into the current folder and read it."""
    Path("m.toml").write_text(text, encoding="utf-8")
    return read_matrix_file(Path("m.toml"))


def test_a_file_says_what_the_options_would(folder: Path) -> None:
    found = read(
        """
        pydantic = ["minors", "2.13.4"]
        python = ["3.8", "3.13", "venvs/a/bin/python", "/usr/bin/python3", "python3.11"]
        cloudpickle = "3.1.*"
        with = ["numpy>=1.20", "attrs"]
        with-editable = ["../mine", ".", "lib[extra]", "/opt/theirs"]
        with-requirements = "requirements.txt"
        scenario = ["shapes.*", "values.in_list"]
        serializer = ["pickle:4", "cloudpickle"]
        site = ["main", "elsewhere"]
        receiver = ["cold", "warm-same"]
        fix = "none"
        cross = true
        exclude = [
            "python>=3.13 pydantic<2.8",
            { serializer = "cloudpickle", site = "main" },
        ]
        """
    )

    assert found == MatrixFile(
        path=Path("m.toml"),
        pydantic=("minors", "2.13.4"),
        python=("3.8", "3.13", f"{folder}/venvs/a/bin/python", "/usr/bin/python3", "python3.11"),
        cloudpickle=("3.1.*",),
        requirements=("numpy>=1.20", "attrs"),
        editables=(f"{folder.parent}/mine", f"{folder}", f"{folder}/lib[extra]", "/opt/theirs"),
        requirement_files=(f"{folder}/requirements.txt",),
        scenarios=("shapes.*", "values.in_list"),
        serializers=("pickle:4", "cloudpickle"),
        sites=("main", "elsewhere"),
        receivers=("cold", "warm-same"),
        fixes=("none",),
        exclude=(parse_rule("python>=3.13 pydantic<2.8"), parse_rule("serializer=cloudpickle site=main")),
        cross=True,
    )


def test_an_empty_file_says_nothing(folder: Path) -> None:
    assert folder
    assert read("# nothing\n") == MatrixFile(Path("m.toml"))


def test_what_stands_twice_counts_once(folder: Path) -> None:
    assert folder
    assert read('pydantic = ["2.14", "2.13", "2.14"]').pydantic == ("2.14", "2.13")


def test_paths_are_from_the_folder_of_the_file_on_and_links_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "real").mkdir()
    (folder / "link").symlink_to("real")
    path = Path("real/m.toml")
    path.write_text('python = ["../link/python", "~/venv/bin/python"]\nwith-editable = "."', encoding="utf-8")
    monkeypatch.setenv("HOME", "/home/me")

    found = read_matrix_file(path)

    assert found.python == (f"{folder}/link/python", "/home/me/venv/bin/python")
    assert found.editables == (f"{folder}/real",)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('exclude = "python<3.9"', ["python<3.9"]),
        ('exclude = ["python<3.9", "site=main"]', ["python<3.9", "site=main"]),
        ('[exclude]\npython = "<3.9"', ["python<3.9"]),
        ('[[exclude]]\npython = "<3.9"\n[[exclude]]\nsite = "main"', ["python<3.9", "site=main"]),
        ("exclude = []", []),
    ],
)
def test_rules_are_strings_or_tables(folder: Path, text: str, rules: list[str]) -> None:
    assert folder
    assert [rule.text for rule in read(text).exclude] == rules


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            'pydnatic = "2.14"',
            "m.toml has a key 'pydnatic', which no matrix file knows.",
            f"Did you mean 'pydantic'? {KEYS}",
        ),
        (
            'with_editable = "."',
            "m.toml has a key 'with_editable', which no matrix file knows.",
            f"Did you mean 'with-editable'? {KEYS}",
        ),
        ('zzz = "."', "m.toml has a key 'zzz', which no matrix file knows.", KEYS),
        (
            "pydantic = 2.14",
            "m.toml: 'pydantic' holds a number, where a string is wanted.",
            "Write pydantic = '...', in quotes, or an array of such strings.",
        ),
        (
            "python = ['3.8', 3.10]",
            "m.toml: 'python' holds a number, where a string is wanted.",
            "Write python = '...', in quotes, or an array of such strings.",
        ),
        (
            "site = true",
            "m.toml: 'site' holds a boolean, where a string is wanted.",
            "Write site = '...', in quotes, or an array of such strings.",
        ),
        (
            "with = [['numpy']]",
            "m.toml: 'with' holds an array, where a string is wanted.",
            "Write with = '...', in quotes, or an array of such strings.",
        ),
        (
            "[pydantic]\nversion = '2.14'",
            "m.toml: 'pydantic' holds a table, where a string is wanted.",
            "Write pydantic = '...', in quotes, or an array of such strings.",
        ),
        (
            "pydantic = 2026-01-01",
            "m.toml: 'pydantic' holds a date or time, where a string is wanted.",
            "Write pydantic = '...', in quotes, or an array of such strings.",
        ),
        ("pydantic = ['']", "m.toml: 'pydantic' holds an empty string.", "Fill it, or leave the key out."),
        ("with-editable = []", "m.toml: 'with-editable' is an empty list.", "Fill it, or leave the key out."),
        (
            "site = 'mian'",
            "m.toml: site 'mian' is none of main, function, elsewhere, annotation, origin.",
            "Did you mean 'main'?",
        ),
        (
            "fix = ['none', 'x']",
            "m.toml: fix 'x' is none of none, instance, class.",
            "Write fix = 'none', for instance.",
        ),
        (
            "serializer = 'pickle:6'",
            f"m.toml: serializer 'pickle:6' is none of {', '.join(CELL_VALUES['serializer'])}.",
            "Did you mean 'pickle:5'?",
        ),
        (
            "cross = 'yes'",
            "m.toml: 'cross' holds a string, where true or false is wanted.",
            "Write cross = true, without quotes.",
        ),
        (
            "cross = 1",
            "m.toml: 'cross' holds a number, where true or false is wanted.",
            "Write cross = true, without quotes.",
        ),
        (
            "exclude = 3",
            "m.toml: 'exclude' holds a number, where a string or a table is wanted.",
            "Write exclude = ['python>=3.13 pydantic<2.8'], for instance.",
        ),
        (
            "exclude = ['site=mian']",
            f"m.toml: The exclude rule 'site=mian': 'mian' is none of {', '.join(CELL_VALUES['site'])}.",
            "Did you mean 'main'?",
        ),
        (
            "exclude = [{}]",
            "m.toml: An exclude rule without conditions would exclude everything.",
            "A rule reads like 'python>=3.13 pydantic<2.8' or 'serializer=cloudpickle site=main'.",
        ),
        (
            "pydantic = ?",
            "m.toml is not TOML: invalid value (at line 1, column 12).",
            "A line reads KEY = VALUE, as in pydantic = ['2.13.4', 'latest'].",
        ),
        (
            "# a comment\npydantic = ['2.14'",
            "m.toml is not TOML: unclosed array (at end of document).",
            "A line reads KEY = VALUE, as in pydantic = ['2.13.4', 'latest'].",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said_in_one_sentence(folder: Path, text: str, message: str, hint: str) -> None:
    assert folder
    with pytest.raises(UsageError) as caught:
        read(text)

    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_file_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "m.toml").write_bytes(b"pydantic = '\xff'")

    with pytest.raises(UsageError, match=r"^m\.toml is not UTF-8, which TOML has to be\.$"):
        read_matrix_file(Path("m.toml"))


def test_a_folder_is_refused(folder: Path) -> None:
    (folder / "m.toml").mkdir()

    with pytest.raises(UsageError, match=r"^m\.toml is a folder, not a matrix file\.$"):
        read_matrix_file(find_matrix_file("m.toml"))


def test_what_cannot_be_read_is_refused(folder: Path) -> None:
    assert folder
    name = "x" * 300

    with pytest.raises(UsageError, match=r"^x{300} cannot be read: File name too long\.$"):
        read_matrix_file(find_matrix_file(name))


@pytest.mark.parametrize("name", BUILTIN)
def test_a_built_in_file_is_found_by_its_name(folder: Path, name: str) -> None:
    assert folder
    assert find_matrix_file(name) == find_matrix_file(f"{name}.toml") == resource("matrix") / f"{name}.toml"


def test_a_file_of_a_built_in_name_is_meant_with_its_suffix_alone(folder: Path) -> None:
    (folder / "pydantic.toml").touch()
    (folder / "report").mkdir()

    assert find_matrix_file("pydantic.toml") == Path("pydantic.toml")
    assert find_matrix_file("pydantic") == resource("matrix") / "pydantic.toml"
    assert find_matrix_file("report") == resource("matrix") / "report.toml"


def test_a_file_may_have_any_name(folder: Path) -> None:
    (folder / "mine").touch()

    assert find_matrix_file("mine") == Path("mine")
    assert find_matrix_file(f"{folder}/mine") == folder / "mine"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("pydnatic", "Did you mean 'pydantic'? "),
        ("reports.toml", "Did you mean 'report'? "),
        ("mine.toml", ""),
        ("somewhere/mine.toml", ""),
    ],
)
def test_what_is_not_there_is_refused_with_the_built_in_names(folder: Path, name: str, near: str) -> None:
    assert folder
    with pytest.raises(UsageError) as caught:
        find_matrix_file(name)

    assert caught.value.message == f"There is no matrix file {name!r}."
    assert caught.value.hint == (f"{near}Give the path of a file, or one of the built-in {', '.join(BUILTIN)}.")


def test_these_files_come_along() -> None:
    assert builtin_names() == BUILTIN


@pytest.mark.parametrize("name", BUILTIN)
def test_a_built_in_file_asks_for_releases_that_exist(name: str) -> None:
    found = read_matrix_file(find_matrix_file(name))

    assert select_releases("pydantic", found.pydantic, RELEASES)
    check_rules(found.exclude, pydantic=RELEASES, cloudpickle=())


def test_the_table_of_the_report_has_nine_releases() -> None:
    found = read_matrix_file(find_matrix_file("report"))

    assert len(select_releases("pydantic", found.pydantic, RELEASES)) == 9
    assert "2.13.4" in found.pydantic
    assert found.scenarios == ("shapes.specialization",)


# Which Pydantic each Python can have, as uv said with wheels alone: the newest patch of each line, and where it begins.
@pytest.mark.parametrize(
    ("python", "there", "not_there"),
    [
        ("3.8.18", "2.0 2.0.3 2.7.0 2.10.0 2.10.6", "2.11.0 2.11.10 2.12.5 2.13.5 2.14.3"),
        ("3.9.18", "2.0.3 2.10.6 2.11.0 2.12.0 2.13.0 2.13.5", "2.14.0 2.14.3"),
        ("3.10.13", "2.0.3 2.10.6 2.13.4 2.14.0 2.14.3", ""),
        ("3.11.7", "2.0.3 2.10.6 2.13.4 2.14.3", ""),
        ("3.12.1", "2.0.2 2.0.3 2.1.0 2.10.6 2.13.4 2.14.3", "2.0 2.0.1"),
        ("3.13.0", "2.8.0 2.8.2 2.9.0 2.10.0 2.13.5 2.14.0 2.14.3", "2.0.3 2.4.2 2.7.0 2.7.4"),
        ("3.14.0", "2.12.0a1 2.12.0 2.13.5 2.14.3", "2.10.6 2.11.10"),
    ],
)
def test_the_rules_of_the_pythons_exclude_what_cannot_exist_and_nothing_else(
    python: str, there: str, not_there: str
) -> None:
    rules = read_matrix_file(find_matrix_file("pythons")).exclude

    def is_excluded(pydantic: str) -> bool:
        return any(rule.excludes_environment(python, pydantic, "3.1.2") for rule in rules)

    assert [one for one in there.split() if is_excluded(one)] == []
    assert [one for one in not_there.split() if not is_excluded(one)] == []
