"""Which interpreter ``--python`` means."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from picklecheck.environments.interpreter import find_interpreter
from picklecheck.errors import UsageError


def make_interpreter(path: Path) -> Path:
    """Write a file that can be executed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_default_is_this_interpreter() -> None:
    assert find_interpreter(None) == Path(sys.executable)


def test_a_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = make_interpreter(tmp_path / "bin" / "python3")
    monkeypatch.chdir(tmp_path)

    assert find_interpreter("bin/python3") == python
    assert find_interpreter("bin/../bin/./python3") == python
    assert find_interpreter(str(python)) == python


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = make_interpreter(tmp_path / "python")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert find_interpreter("~/python") == python


def test_a_folder_is_an_environment(tmp_path: Path) -> None:
    python = make_interpreter(tmp_path / "venv" / "bin" / "python")

    assert find_interpreter(str(tmp_path / "venv")) == python


def test_links_are_not_followed(tmp_path: Path) -> None:
    link = tmp_path / "venv" / "bin" / "python"
    link.parent.mkdir(parents=True)
    link.symlink_to(make_interpreter(tmp_path / "python3.11"))

    assert find_interpreter(str(link)) == link


@pytest.mark.parametrize("missing", ["nothing", "empty", "empty/bin/python", "file/python"])
def test_what_is_not_there_is_named(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError) as caught:
        find_interpreter(missing)

    assert caught.value.message == f"There is no interpreter at {missing!r}."
    assert "--python" in caught.value.hint


def test_what_cannot_be_looked_at_is_named() -> None:
    # From Python 3.14 on, pathlib says of all that it is not there.
    with pytest.raises(UsageError, match=r"'/x+' cannot be looked at: File name too long\.|There is no interpreter"):
        find_interpreter("/" + "x" * 5000)


def test_a_dangling_link_is_no_interpreter(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(tmp_path / "gone")

    with pytest.raises(UsageError, match="There is no interpreter"):
        find_interpreter(str(tmp_path / "python"))


def test_a_file_that_cannot_be_executed_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "python"
    text.write_text("no program")
    text.chmod(0o644)

    with pytest.raises(UsageError) as caught:
        find_interpreter(str(text))

    assert caught.value.message == f"{str(text)!r} cannot be executed."
    assert "--python" in caught.value.hint
