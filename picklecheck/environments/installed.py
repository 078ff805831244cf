"""What was really installed into an environment, read from its files alone: no process is started for it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from platform import machine
from typing import TYPE_CHECKING

from picklecheck.files import read_regular

if TYPE_CHECKING:
    from pathlib import Path

# Written by the installer about the installation, or naming a place: they differ where the content does not.
_ABOUT_INSTALLING = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json"}


@dataclass(frozen=True)
class RecordedFile:
    """A line of a RECORD: where the file lies, and its ``sha256=...`` and size, if it says so."""

    name: str
    path: Path
    hash: str
    size: int | None


@dataclass(frozen=True)
class Distribution:
    """An installed package. ``folder`` is its dist-info; ``requires`` are its Requires-Dist lines."""

    name: str
    version: str
    requires: tuple[str, ...]
    folder: Path

    @cached_property
    def files(self) -> tuple[RecordedFile, ...]:
        """What its RECORD lists; raises OSError or ValueError."""
        text = read_regular(self.folder / "RECORD").decode()
        try:
            rows = list(csv.reader(text.splitlines()))
        except csv.Error as error:  # which is no ValueError
            raise ValueError(str(error)) from error
        return tuple(
            RecordedFile(row[0], self.folder.parent / row[0], row[1], int(row[2]) if row[2] else None)
            for row in rows
            if len(row) == 3 and "__pycache__" not in row[0]
        )

    @cached_property
    def is_local(self) -> bool:
        """Does it come from a folder, as an editable project does?"""
        try:
            document = json.loads(read_regular(self.folder / "direct_url.json"))
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(document, dict) and "dir_info" in document


def read_distributions(environment: Path) -> tuple[Distribution, ...]:
    """Return the packages of an environment by name; raises OSError."""
    found = [_read(folder) for folder in environment.glob("lib/python*/site-packages/*.dist-info")]
    return tuple(sorted(found, key=lambda one: one.name))


def canonical(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def compute_digest(environment: Path, distributions: tuple[Distribution, ...]) -> str:
    """Return a hash of all that code in this environment can come from: the packages' files and the interpreter.

    Empty if a package is editable: its files are somewhere else and change. Raises OSError or ValueError.
    """
    if any(one.is_local for one in distributions):
        return ""
    digest = hashlib.sha256()
    python = (environment / "bin" / "python").resolve()
    about = python.stat()
    settings = read_regular(environment / "pyvenv.cfg").decode()
    kept = sorted(line for line in settings.splitlines() if line.startswith(("implementation", "version")))
    digest.update(repr((sys.platform, machine(), str(python), about.st_size, about.st_mtime_ns, kept)).encode())
    for one in distributions:
        rows = sorted(
            (file.name, file.hash)
            for file in one.files
            if not file.name.startswith("..") and file.path.name not in _ABOUT_INSTALLING
        )
        digest.update(repr((one.name, one.version, rows)).encode())
    return digest.hexdigest()


def find_damage(distributions: tuple[Distribution, ...], *, deep: bool) -> list[str]:
    """Compare the files with what the packages' RECORDs say, by size; with ``deep``, by their hashes too."""
    problems = []
    for one in distributions:
        try:
            files = one.files
        except (OSError, ValueError):
            problems.append(f"{one.name} {one.version} has no RECORD that can be read.")
            continue
        for file in files:
            problem = _find_problem(file, deep=deep)
            if problem:
                problems.append(f"{one.name} {one.version}: {file.name} {problem}.")
    return problems


def measure(environment: Path) -> tuple[int, int]:
    """Count the files and their bytes, without __pycache__, which fills in use; raises OSError."""
    count = total = 0
    folders = [os.fspath(environment)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                else:
                    count += 1
                    total += entry.stat(follow_symlinks=False).st_size
    return count, total


def _read(folder: Path) -> Distribution:
    name, _, version = folder.name.removesuffix(".dist-info").partition("-")
    requires = []
    for line in read_regular(folder / "METADATA").decode(errors="replace").splitlines():
        if not line.strip():
            break  # what follows is the description
        key, _, value = line.partition(":")
        if key == "Requires-Dist":
            requires.append(value.strip())
        elif key == "Name":
            name = value.strip()
        elif key == "Version":
            version = value.strip()
    return Distribution(canonical(name), version, tuple(requires), folder)


def _find_problem(file: RecordedFile, *, deep: bool) -> str | None:
    try:
        size = file.path.stat().st_size
        if file.size is not None and size != file.size:
            return f"has {size} bytes, and should have {file.size}"
        if deep and file.hash.startswith("sha256="):
            found = base64.urlsafe_b64encode(hashlib.sha256(read_regular(file.path)).digest()).rstrip(b"=").decode()
            if found != file.hash.removeprefix("sha256="):
                return "was changed"
    except OSError as error:
        return f"cannot be read: {(error.strerror or str(error)).lower()}"
    return None
