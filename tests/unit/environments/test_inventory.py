"""What lies in the cache: listed, measured, verified and removed."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from fake_installer import SPEC, make_cache

from picklecheck.environments.cache import holding, using
from picklecheck.environments.inventory import list_entries, measure_total, prune, verify
from picklecheck.environments.stamp import NAME as STAMP
from picklecheck.environments.stamp import read_stamp

if TYPE_CHECKING:
    from pathlib import Path

OTHER = replace(SPEC, pydantic="2.14.0")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A cache with two environments."""
    cache = make_cache(tmp_path)
    cache.get(SPEC)
    cache.get(OTHER)
    return tmp_path


def module(root: Path, number: int) -> Path:
    """Return a file of one of the environments."""
    return list_entries(root)[number].path / "lib" / "python3.11" / "site-packages" / "pydantic" / "__init__.py"


def test_no_cache_is_an_empty_one(tmp_path: Path) -> None:
    assert list_entries(tmp_path / "nothing") == ()
    assert measure_total(tmp_path / "nothing") == (0, 0)
    assert list(prune(tmp_path / "nothing")) == []


def test_entries(root: Path) -> None:
    first, second = list_entries(root)

    assert (first.pydantic, first.cloudpickle, first.python_version) == ("2.13.5", "3.1.2", "3.11.7")
    assert second.pydantic == "2.14.0"
    assert first.flaw is None
    assert first.bytes > 500
    assert first.built_at is not None
    assert first.last_used is not None


def test_shared_files_count_once(root: Path) -> None:
    total, own = measure_total(root)
    size = module(root, 0).stat().st_size
    os.link(module(root, 0), module(root, 1).with_name("copy.py"))

    assert own == total
    assert measure_total(root) == (total, total - size)


def test_prune_leaves_what_is_of_use(root: Path) -> None:
    assert list(prune(root)) == []
    assert len(list_entries(root)) == 2


def test_prune_removes_leftovers_and_what_is_damaged(root: Path) -> None:
    module(root, 0).write_text("")
    (root / "environments" / ".building-abc-1").mkdir()

    removed = {one.id.partition("-")[0]: one.reason for one in prune(root)}

    assert removed == {
        ".building": "a build that was cut off",
        "py3.11.7": "files are missing, or were added or changed",
    }
    assert [entry.pydantic for entry in list_entries(root)] == ["2.14.0"]
    assert len(list((root / "environments").iterdir())) == 1


def test_prune_leaves_what_is_being_built(root: Path) -> None:
    leftover = root / "environments" / ".building-abc-1"
    leftover.mkdir()

    with holding(root, "abc", None) as held:
        assert held
        assert list(prune(root)) == []
    assert [one.id for one in prune(root)] == [".building-abc-1"]


def test_prune_by_age_and_all(root: Path) -> None:
    old = list_entries(root)[0].path
    os.utime(old / "picklecheck.json", (1_600_000_000, 1_600_000_000))

    assert [(one.id, one.reason) for one in prune(root, older_than=timedelta(days=30))] == [
        (old.name, "last used on 2020-09-13")
    ]
    assert [one.reason for one in prune(root, everything=True)] == ["all were to go"]
    assert list_entries(root) == ()


def test_use_counts_as_use(root: Path) -> None:
    old = list_entries(root)[0].path
    os.utime(old / "picklecheck.json", (1_600_000_000, 1_600_000_000))

    make_cache(root).get(SPEC)

    assert list(prune(root, older_than=timedelta(days=30))) == []


def test_verify_reads_every_file(root: Path) -> None:
    entry = list_entries(root)[0]
    assert verify(entry) == []

    text = module(root, 0).read_text()
    module(root, 0).write_text(text.replace("V", "W", 1))

    (changed,) = [one for one in list_entries(root) if verify(one)]
    assert changed.flaw is None  # of the same size: that takes hashes
    assert verify(changed) == ["pydantic 2.13.5: pydantic/__init__.py was changed."]


def test_verify_waits_for_no_pipe_and_no_socket(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, listening = module(root, 0), module(root, 1)
    size = pipe.stat().st_size
    pipe.unlink()
    os.mkfifo(pipe)
    listening.unlink()
    monkeypatch.chdir(listening.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(listening.name)

    first, second = list_entries(root)

    assert f"pydantic 2.13.5: pydantic/__init__.py has 0 bytes, and should have {size}." in verify(first)
    assert any("pydantic 2.14.0: pydantic/__init__.py" in line for line in verify(second))


@pytest.mark.parametrize("name", ["METADATA", "RECORD"])
def test_nor_for_what_should_describe_a_package(root: Path, name: str) -> None:
    path = next(list_entries(root)[0].path.glob(f"lib/python*/site-packages/pydantic-*/{name}"))
    path.unlink()
    os.mkfifo(path)

    assert any(name in line for line in verify(list_entries(root)[0]))


def test_nor_for_a_stamp(root: Path) -> None:
    stamp = list_entries(root)[0].path / STAMP
    stamp.unlink()
    os.mkfifo(stamp)

    assert [one.flaw for one in list_entries(root)] == ["it was never finished, or its stamp is gone", None]
    assert [one.reason for one in prune(root)] == ["it was never finished, or its stamp is gone"]


def test_verify_says_what_is_missing(root: Path) -> None:
    module(root, 0).unlink()

    assert verify(list_entries(root)[0]) == [
        "Files are missing, or were added or changed.",
        "pydantic 2.13.5: pydantic/__init__.py cannot be read: no such file or directory.",
    ]


def test_a_rebuild_repairs_it(root: Path) -> None:
    module(root, 0).write_text(module(root, 0).read_text().replace("V", "W", 1))

    assert make_cache(root).rebuild(SPEC).was_built

    assert verify(list_entries(root)[0]) == []


def test_a_stamp_is_read_as_it_was_written(root: Path) -> None:
    stamp = read_stamp(list_entries(root)[0].path)

    assert stamp is not None
    assert stamp.spec == SPEC


def test_what_is_in_use_stays(root: Path) -> None:
    other = OTHER.id
    with using(make_cache(root).get(SPEC)):
        assert [one.id.startswith(other) for one in prune(root, everything=True)] == [True]
    assert [one.id.startswith(SPEC.id) for one in prune(root, everything=True)] == [True]
    assert list_entries(root) == ()
