"""How many processes may run at a time: the cores, as far as this process and its container may use them."""

from __future__ import annotations

import contextlib
import math
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MEMBERSHIP = Path("/proc/self/cgroup")
_GROUPS = Path("/sys/fs/cgroup")


def default_jobs() -> int:
    """Return the number of cores that this process may use, a quota of its container's included."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([cores, *quotas(_MEMBERSHIP, _GROUPS)]))


def quotas(membership: Path, groups: Path) -> Iterator[int]:
    """Yield the quotas, in whole cores, of the control groups that a process is in; the files may not be there."""
    with contextlib.suppress(OSError, ValueError):
        for line in membership.read_text("utf-8").splitlines():
            _, controllers, name = line.split(":", 2)
            if not controllers:
                yield from _over_parents(groups, name, _quota_of_version_2)
            elif "cpu" in controllers.split(","):
                # Where both controllers are one folder, its two names are links to it.
                yield from _over_parents(groups / "cpu", name, _quota_of_version_1)


def _over_parents(root: Path, name: str, quota: Callable[[Path], float | None]) -> Iterator[int]:
    """Yield what is set for a group and for those above it; inside a container only its own root may be there."""
    path = PurePosixPath(name.lstrip("/"))
    for one in (path, *path.parents):
        with contextlib.suppress(OSError, ValueError):
            found = quota(root / one)
            if found is not None:
                yield max(1, math.ceil(found))


def _quota_of_version_2(folder: Path) -> float | None:
    quota, period = (folder / "cpu.max").read_text("utf-8").split()
    return None if quota == "max" else int(quota) / int(period)


def _quota_of_version_1(folder: Path) -> float | None:
    quota = int((folder / "cpu.cfs_quota_us").read_text("utf-8"))
    return None if quota <= 0 else quota / int((folder / "cpu.cfs_period_us").read_text("utf-8"))
