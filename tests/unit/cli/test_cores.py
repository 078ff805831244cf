"""How many workers there are by default: cores, and quotas of control groups."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from picklecheck.harness.cores import default_jobs, quotas

if TYPE_CHECKING:
    from pathlib import Path

# What a process says of its groups, the files of those, and the quotas that follow.
CASES: dict[str, tuple[str, dict[str, str], list[int]]] = {
    "version 2": ("0::/jobs/one\n", {"jobs/one/cpu.max": "150000 100000\n"}, [2]),
    "version 2, set further up": (
        "0::/jobs/one\n",
        {"jobs/one/cpu.max": "max 100000\n", "jobs/cpu.max": "300000 100000\n"},
        [3],
    ),
    "version 2, in a container that sees its own root": ("0::/docker/abc\n", {"cpu.max": "50000 100000\n"}, [1]),
    "version 2, no quota": ("0::/\n", {"cpu.max": "max 100000\n"}, []),
    "version 1": (
        "5:memory:/one\n4:cpu,cpuacct:/one\n",
        {"cpu/one/cpu.cfs_quota_us": "200000\n", "cpu/one/cpu.cfs_period_us": "100000\n"},
        [2],
    ),
    "version 1, no quota": (
        "4:cpu:/\n",
        {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"},
        [],
    ),
    "nonsense": ("0::/\nno line\n", {"cpu.max": "many few\n"}, []),
}


@pytest.mark.parametrize(("membership", "files", "expected"), CASES.values(), ids=CASES)
def test_a_quota(tmp_path: Path, membership: str, files: dict[str, str], expected: list[int]) -> None:
    (tmp_path / "membership").write_text(membership)
    for name, text in files.items():
        path = tmp_path / "groups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    assert list(quotas(tmp_path / "membership", tmp_path / "groups")) == expected


def test_without_control_groups_there_is_no_quota(tmp_path: Path) -> None:
    assert list(quotas(tmp_path / "nothing", tmp_path)) == []


def test_there_is_always_one() -> None:
    assert 1 <= default_jobs() <= (os.cpu_count() or 1)
