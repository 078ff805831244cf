"""The file that makes a folder a finished environment: what was asked for, and what is in there. Written last."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from picklecheck.environments.installed import measure
from picklecheck.environments.requirements import describe_requirements
from picklecheck.files import read_regular, write_atomically
from picklecheck.model import EnvironmentSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "picklecheck.json"
LAYOUT = 1  # of the cache: raise it if older environments are not to be used any more


@dataclass(frozen=True)
class Stamp:
    """``files`` and ``bytes`` are counted without __pycache__ and the stamp; ``built_at`` is ISO 8601."""

    layout: int
    key: str
    spec: EnvironmentSpec
    digest: str
    packages: Mapping[str, str]
    notes: tuple[str, ...]
    built_at: str
    files: int
    bytes: int


def compute_key(spec: EnvironmentSpec, decisive: Mapping[str, Any]) -> str:
    """Return the hash of everything that decides what an environment contains; raises UsageError.

    A requirement without a version is decided when the environment is built, and stays so until it is removed.
    """
    parts = [
        LAYOUT,
        os.path.realpath(spec.python),
        spec.python_version,
        spec.pydantic,
        spec.cloudpickle,
        describe_requirements(spec),
        decisive,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def write_stamp(folder: Path, stamp: Stamp) -> None:
    """Write the stamp into an environment; raises OSError."""
    write_atomically(folder / NAME, [json.dumps(asdict(stamp), indent=1)])


def read_stamp(folder: Path) -> Stamp | None:
    """Read the stamp of an environment; None if it has none, or none that makes sense."""
    try:
        document = json.loads(read_regular(folder / NAME))
        spec: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in document["spec"].items()
        }
        fields = {**document, "spec": EnvironmentSpec(**spec), "notes": tuple(document["notes"])}
        found = Stamp(**fields)
        _require_text(found.spec.python, found.spec.python_version, found.spec.pydantic, found.spec.cloudpickle)
        _require_text(found.key, found.digest, found.built_at, *found.notes)
        _require_text(*found.packages, *found.packages.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found


def _require_text(*words: str) -> None:
    "".join(words)  # a TypeError for what is none


def find_flaw(folder: Path, stamp: Stamp | None) -> str | None:
    """Check an environment in some milliseconds; return what is wrong with it, or None."""
    if stamp is None:
        return "it was never finished, or its stamp is gone"
    if stamp.layout != LAYOUT:
        return "it is of another version of picklecheck"
    if not (folder / "bin" / "python").exists():
        return "its interpreter is gone"
    try:
        files, total = measure(folder)
        stamp_size = (folder / NAME).stat().st_size
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if (files - 1, total - stamp_size) != (stamp.files, stamp.bytes):
        return "files are missing, or were added or changed"
    return None


def touch(folder: Path) -> None:
    """Note that an environment is used now; a cache that is read-only does without."""
    with contextlib.suppress(OSError):
        os.utime(folder / NAME)
