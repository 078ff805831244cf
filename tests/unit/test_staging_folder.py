"""A staging folder: gone with its maker, also where that one was killed."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from picklecheck.errors import PlaceUnusableError
from picklecheck.staging import StagingFolder
from picklecheck.staging.folder import LOCK, PREFIX

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_run_left_is_removed_by_the_next_one(parent: Path) -> None:
    orphan = parent / f"{PREFIX}orphan"
    (orphan / "payloads").mkdir(parents=True)
    (orphan / LOCK).touch()

    with StagingFolder():
        assert not orphan.exists()


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
