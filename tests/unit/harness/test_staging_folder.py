"""A staging folder: gone with its maker, also where that one was killed."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from picklecheck.errors import PlaceUnusableError
from picklecheck.harness.staging import StagingFolder
from picklecheck.harness.staging.folder import LOCK, MARK, PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_run_left_is_removed_by_the_next_one(parent: Path) -> None:
    orphan = make_orphan(parent / f"{PREFIX}orphan")

    with StagingFolder():
        assert not orphan.exists()


def make_orphan(folder: Path) -> Path:
    (folder / "payloads").mkdir(parents=True)
    (folder / LOCK).write_bytes(MARK)
    return folder


def a_folder_with_a_lock(folder: Path) -> None:
    folder.mkdir()
    (folder / LOCK).write_text("a lock of somebody's")


def one_whose_lock_is_empty(folder: Path) -> None:
    folder.mkdir()
    (folder / LOCK).touch()


def one_whose_lock_is_a_pipe(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(folder / LOCK)


def a_link_to_an_orphan(folder: Path) -> None:
    folder.symlink_to(make_orphan(folder.with_name("elsewhere")))


def an_orphan_whose_lock_is_a_link(folder: Path) -> None:
    make_orphan(folder)
    (folder / LOCK).rename(folder / "other")
    (folder / LOCK).symlink_to("other")


def an_orphan_of_another_user(folder: Path) -> None:
    make_orphan(folder)
    if os.geteuid():
        pytest.skip("only root can make a folder of another user's")
    os.chown(folder, 54321, 54321)


@pytest.mark.parametrize(
    "make",
    [
        a_folder_with_a_lock,
        one_whose_lock_is_empty,
        one_whose_lock_is_a_pipe,
        a_link_to_an_orphan,
        an_orphan_whose_lock_is_a_link,
        an_orphan_of_another_user,
    ],
)
def test_what_is_called_like_one_of_ours_and_is_none_stays(parent: Path, make: Callable[[Path], None]) -> None:
    folder = parent / f"{PREFIX}mine"
    make(folder)
    before = sorted(parent.rglob("*"))

    with StagingFolder():
        pass

    assert sorted(parent.rglob("*")) == before


def test_what_another_run_uses_stays_and_so_does_what_is_not_ours(parent: Path) -> None:
    stranger = parent / f"{PREFIX}notes"
    stranger.mkdir()
    with StagingFolder() as first:
        with StagingFolder() as second:
            assert first.root.is_dir()
            assert second.root != first.root
        assert list(parent.iterdir()) == [first.root, stranger] or list(parent.iterdir()) == [stranger, first.root]
    assert list(parent.iterdir()) == [stranger]


def test_a_place_that_cannot_be_used_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nothing"))

    with pytest.raises(PlaceUnusableError, match="cannot be used: No such file or directory"), StagingFolder():
        pass
