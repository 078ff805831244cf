"""What ``picklecheck vendor`` finds in the place of the copy: what it replaces, what it refuses, what it puts back."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from vendor_command_line import COPY, everything, vendor

from picklecheck import __version__ as VERSION  # noqa: N812
from picklecheck import vendoring
from picklecheck.resources import PACKAGE
from picklecheck.vendoring import Copy, make_copy

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def nothing() -> None:
    """There is nothing."""


def an_empty_folder() -> None:
    COPY.mkdir()


def what_git_leaves() -> None:
    (COPY / "__pycache__").mkdir(parents=True)
    (COPY / "__pycache__" / "_gone.pyc").touch()


@pytest.mark.parametrize("prepare", [nothing, an_empty_folder, what_git_leaves])
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_where_nothing_is_a_copy_is_made(prepare: Callable[[], None], mask: int) -> None:
    prepare()
    status, output = vendor(COPY, "--check")
    assert (status, output) == (1, f"'_portable' is {'empty' if COPY.exists() else 'not there'}.\n")

    before = os.umask(mask)
    try:
        assert vendor(COPY)[0] == 0
    finally:
        os.umask(before)

    assert COPY.stat().st_mode & 0o777 == 0o777 & ~mask
    assert {path.stat().st_mode & 0o777 for path in COPY.iterdir()} == {0o666 & ~mask}
    assert not (COPY / "__pycache__").exists()
    assert os.listdir() == ["_portable"]  # noqa: PTH208
    assert vendor(COPY, "--check") == (0, f"_portable is up to date (picklecheck {VERSION})\n")


def test_what_is_up_to_date_is_not_touched() -> None:
    vendor(COPY)
    before = COPY.stat().st_ino

    assert vendor(COPY) == (0, f"_portable is up to date (picklecheck {VERSION})\n")
    assert COPY.stat().st_ino == before


def older_copy() -> Copy:
    """Return what an older picklecheck would have written."""
    return Copy("0.0.9", {**make_copy().files, "_gone.py": b"'a module that is no more'\n"})


def test_a_copy_of_another_version_is_replaced() -> None:
    """Also if a checkout has changed its line ends, and programs have left something there."""
    written = vendoring.vendor(COPY, older_copy())
    for path in COPY.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    what_git_leaves()

    assert vendor(COPY, "--check") == (1, f"'_portable' is of picklecheck 0.0.9, and this is {VERSION}.\n")
    done = f"wrote {written.count - 1} files to _portable (picklecheck {VERSION}, was 0.0.9)"
    assert vendor(COPY) == (0, f"{done}\nfrom _portable import install\n")
    assert {path.name for path in COPY.iterdir()} == {*make_copy().files, "VENDORED.json"}
    assert os.listdir() == ["_portable"]  # noqa: PTH208


def test_a_copy_of_another_build_of_this_version_is_replaced() -> None:
    vendoring.vendor(COPY, replace(older_copy(), version=VERSION))

    sentence = f"'_portable/_gone.py' is of another build of picklecheck {VERSION}.\n"
    assert vendor(COPY, "--check") == (1, sentence)
    assert "was another build of it)" in vendor(COPY)[1]
    assert vendor(COPY, "--check")[0] == 0


def edited() -> str:
    """A module is not as it was written."""
    with (COPY / "_names.py").open("a") as file:
        file.write("# better\n")
    return "'_portable/_names.py' was edited since picklecheck 0.0.9 wrote it."


def missing() -> str:
    """A module is gone."""
    (COPY / "_names.py").unlink()
    return "'_portable/_names.py' is missing from the copy that picklecheck 0.0.9 wrote."


def pipe_for_a_file() -> str:
    """Whoever reads it waits for ever."""
    (COPY / "_names.py").unlink()
    os.mkfifo(COPY / "_names.py")
    return "'_portable/_names.py' was edited since picklecheck 0.0.9 wrote it."


def link_for_a_file() -> str:
    """A module stands somewhere else."""
    (COPY / "_names.py").unlink()
    (COPY / "_names.py").symlink_to("__init__.py")
    return "'_portable/_names.py' was edited since picklecheck 0.0.9 wrote it."


def licence() -> str:
    """The licence is another one."""
    (COPY / "LICENSE").write_text("Do what you want.\n")
    return "'_portable/LICENSE' was edited since picklecheck 0.0.9 wrote it."


@pytest.mark.parametrize("edit", [edited, missing, pipe_for_a_file, link_for_a_file, licence])
def test_an_edited_copy_is_replaced_by_force_only(edit: Callable[[], str]) -> None:
    vendoring.vendor(COPY, older_copy())
    sentence = edit()
    before = everything()

    assert vendor(COPY, "--check") == (1, f"{sentence}\n")
    assert vendor(COPY) == (2, f"picklecheck: {sentence}\n  With --force it is replaced, and the edits are gone.\n")
    assert everything() == before
    status, output = vendor(COPY, "--force")
    assert status == 0
    assert f"(picklecheck {VERSION}, was 0.0.9 with edits)\n" in output
    assert vendor(COPY, "--check")[0] == 0
    assert os.listdir() == ["_portable"]  # noqa: PTH208


def added() -> str:
    """The copy holds a file of the user's."""
    vendoring.vendor(COPY, older_copy())
    (COPY / "mine.py").touch()
    return "'_portable/mine.py' is no file of the copy that picklecheck 0.0.9 wrote."


def folder_added() -> str:
    """The copy holds a folder of the user's."""
    vendoring.vendor(COPY, older_copy())
    (COPY / "mine").mkdir()
    return "'_portable/mine' is no file of the copy that picklecheck 0.0.9 wrote."


def folder_for_a_file() -> str:
    """A module has become a folder."""
    vendoring.vendor(COPY, older_copy())
    (COPY / "_names.py").unlink()
    (COPY / "_names.py").mkdir()
    return "'_portable/_names.py' is no file of the copy that picklecheck 0.0.9 wrote."


def copied_by_hand() -> str:
    """Nobody knows which version that is."""
    shutil.copytree(PACKAGE / "reducers", COPY, ignore=shutil.ignore_patterns("__pycache__"))
    return "'_portable' is no copy of picklecheck's: it holds __init__.py and no VENDORED.json."


def somebodys_work() -> str:
    """It has nothing to do with picklecheck."""
    (COPY / "deep").mkdir(parents=True)
    (COPY / "deep" / "work.py").write_text("years of it")
    return "'_portable' is no copy of picklecheck's: it holds deep and no VENDORED.json."


def manifest(text: str) -> Callable[[], str]:
    """Return what makes a copy with another manifest."""

    def write() -> str:
        vendoring.vendor(COPY, older_copy())
        (COPY / "VENDORED.json").write_text(text)
        return f"'_portable/VENDORED.json' is nothing that picklecheck {VERSION} can read."

    return write


UNREADABLE = [
    "<<<<<<< a conflict",
    "[]",
    "{}",
    '{"schema_version": 1, "picklecheck": "0.0.9", "files": []}',
    '{"schema_version": 2, "picklecheck": "9.0", "files": {}}',
]
FOREIGN = [added, folder_added, folder_for_a_file, copied_by_hand, somebodys_work, *map(manifest, UNREADABLE)]


@pytest.mark.parametrize("prepare", FOREIGN)
def test_what_picklecheck_has_not_written_is_never_removed(prepare: Callable[[], str]) -> None:
    sentence = prepare()
    before = everything()
    Path("_portable.old").symlink_to("nowhere")  # the name is taken

    assert vendor(COPY, "--check") == (1, f"{sentence}\n")
    hint = "Choose another name. With --force, what is there becomes '_portable.old2'."
    assert vendor(COPY) == (2, f"picklecheck: {sentence}\n  {hint}\n")
    Path("_portable.old").unlink()
    assert everything() == before
    status, output = vendor(COPY, "--force")
    assert (status, output.splitlines()[-1]) == (0, "what was there is now _portable.old")
    assert vendor(COPY, "--check")[0] == 0
    shutil.rmtree(COPY)
    Path("_portable.old").rename(COPY)
    assert everything() == before


def link_to_a_copy() -> str:
    """Writing would replace the link, or what it leads to: who knows."""
    vendoring.vendor(Path("elsewhere"), older_copy())
    COPY.symlink_to("elsewhere")
    return "'_portable' is a symbolic link."


def link_to_nothing() -> str:
    """It exists and does not."""
    COPY.symlink_to("nowhere")
    return "'_portable' is a symbolic link."


def file() -> str:
    """A file, in which there is something."""
    COPY.write_text("something")
    return "'_portable' is no folder."


@pytest.mark.parametrize("prepare", [link_to_a_copy, link_to_nothing, file])
def test_what_is_no_folder_is_not_replaced_even_by_force(prepare: Callable[[], str]) -> None:
    sentence = prepare()
    before = everything()

    assert vendor(COPY, "--check") == (1, f"{sentence}\n")
    for options in ((), ("--force",)):
        status, output = vendor(COPY, *options)
        assert (status, output.splitlines()[0]) == (2, f"picklecheck: {sentence}")
    assert everything() == before


class Trouble:
    """A function that works some times, and then raises OSError."""

    def __init__(self, function: Callable[..., Any], number: int, good: int, bad: int = 1) -> None:
        self.function, self.number, self.good, self.bad = function, number, good, bad

    def __get__(self, instance: object, owner: object = None) -> Callable[..., Any]:
        return lambda *arguments, **options: self(instance, *arguments, **options)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.good -= 1
        if -self.bad <= self.good < 0:
            raise OSError(self.number, os.strerror(self.number))
        return self.function(*arguments, **options)


# A place where trouble comes -> the trouble. Replacing a copy renames twice: the old folder, and the new one.
TROUBLES: dict[str, tuple[str, Callable[[], Trouble]]] = {
    "read-only": ("tempfile.mkdtemp", lambda: Trouble(tempfile.mkdtemp, errno.EROFS, 0)),
    "full at once": ("Path.mkdir", lambda: Trouble(Path.mkdir, errno.ENOSPC, 0)),
    "full after a while": ("Path.write_bytes", lambda: Trouble(Path.write_bytes, errno.ENOSPC, 5)),
    "old one stays": ("Path.rename", lambda: Trouble(Path.rename, errno.EBUSY, 0)),
    "new one stays": ("Path.rename", lambda: Trouble(Path.rename, errno.EACCES, 1)),
}


@pytest.mark.parametrize("where", TROUBLES)
def test_nothing_is_half_written(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    vendoring.vendor(COPY, older_copy())
    before = everything()
    name, make = TROUBLES[where]
    trouble = make()
    monkeypatch.setattr(f"picklecheck.vendoring.{name}", trouble)

    assert vendor(COPY) == (
        2,
        f"picklecheck: '_portable' could not be written: {os.strerror(trouble.number)}.\n  Nothing was changed.\n",
    )
    assert everything() == before
    assert vendor(COPY)[0] == 0  # the trouble is over


def test_a_new_copy_is_not_half_written_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_bytes", Trouble(Path.write_bytes, errno.ENOSPC, 5))

    status, output = vendor(COPY)

    assert (status, "No space left on device." in output) == (2, True)
    assert everything() == {}


def test_an_old_copy_that_cannot_be_put_back_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    vendoring.vendor(COPY, older_copy())
    before = list(everything().values())
    monkeypatch.setattr(Path, "rename", Trouble(Path.rename, errno.EIO, 1, bad=2))

    status, output = vendor(COPY)

    (left,) = os.listdir()  # noqa: PTH208
    assert (status, output.splitlines()[-1]) == (2, f"  What was there is now '{left}'.")
    assert list(everything().values()) == before


def test_an_old_copy_that_cannot_be_removed_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's __pycache__ in it, say."""
    vendoring.vendor(COPY, older_copy())
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)

    status, output = vendor(COPY)

    (left,) = Path().glob(".*-old")
    assert (status, output.splitlines()[-1]) == (0, f"picklecheck: The old copy, now {left}, could not be removed.")


def test_an_interruption_comes_too_late_to_leave_anything_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    vendoring.vendor(COPY, older_copy())
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        os.kill(os.getpid(), signal.SIGTERM)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        assert vendor(COPY)[0] == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert vendor(COPY, "--check")[0] == 0
    assert os.listdir() == ["_portable"]  # noqa: PTH208


def test_a_place_that_cannot_be_read_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor(COPY)
    monkeypatch.setattr(Path, "iterdir", Trouble(Path.iterdir, errno.EACCES, 0, bad=2))
    for option in ((), ("--check",)):
        status, output = vendor(COPY, *option)
        assert (status, output.splitlines()[0]) == (3, "picklecheck: '_portable' cannot be read: Permission denied.")
