"""A copy of the fix in somebody's code base: what it consists of, what stands in its place, and how it gets there.

A copy holds the digests of its files (``VENDORED.json``). So a later picklecheck can tell an old copy, which it
replaces, from one that somebody has edited since, which it does not.
"""

from __future__ import annotations

import contextlib
import enum
import hashlib
import json
import keyword
import os
import re
import shlex
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from picklecheck import __version__
from picklecheck.errors import PlaceUnusableError, UsageError
from picklecheck.resources import PACKAGE, resource

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "VENDORED.json"
_SCHEMA_VERSION = 1
_DEFAULT_NAME = "_portable"
# Interpreters and file managers leave these; nobody misses them.
_LEFT_BY_PROGRAMS = {"__pycache__", ".DS_Store"}

# The last lines keep formatters, linters and type checkers from editing a copy, or from asking for it.
_HEADER = """\
# picklecheck.reducers {version}: makes specializations of generic Pydantic models survive pickle.
# Written by `picklecheck vendor PATH`, which also updates it; do not edit.
# MIT License, see the file LICENSE beside this one. {copyright}
# SPDX-License-Identifier: MIT
# fmt: off
# isort: skip_file
# flake8: noqa
# ruff: noqa: PGH004
# mypy: ignore-errors

"""


@dataclass(frozen=True)
class Copy:
    """What a picklecheck writes, but for the manifest: the content of each file by its name."""

    version: str
    files: Mapping[str, bytes]

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file by its name."""
        return {name: _digest(content) for name, content in self.files.items()}


class State(enum.Enum):
    """What stands where a copy belongs."""

    NOTHING = enum.auto()  # or an empty folder
    WHOLE = enum.auto()  # a copy as some picklecheck wrote it
    EDITED = enum.auto()  # a copy, and no file that picklecheck did not write
    FOREIGN = enum.auto()  # a folder with something that picklecheck did not write
    BLOCKED = enum.auto()  # no folder


@dataclass(frozen=True)
class Found:
    """What stands there; ``sentence`` says why it is no whole copy, ``version`` and ``digests`` are a copy's own."""

    state: State
    sentence: str = ""
    version: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What was done: ``count`` files (0: it was up to date) in place of what was ``before``.

    ``kept`` is where a folder with foreign files has gone, ``leftover`` an old copy that resisted removal.
    """

    count: int
    before: Found
    kept: Path | None = None
    leftover: Path | None = None


def make_copy() -> Copy:
    """Return what this picklecheck writes."""
    licence = resource("LICENSE").read_text(encoding="utf-8")
    holder = next(line for line in licence.splitlines() if line.startswith("Copyright"))
    header = _HEADER.format(version=__version__, copyright=holder)
    modules = sorted((PACKAGE / "reducers").glob("*.py"))
    files = {path.name: (header + path.read_text(encoding="utf-8")).encode() for path in modules}
    return Copy(__version__, {**files, "LICENSE": licence.encode()})


def vendor(path: Path, copy: Copy, *, force: bool = False) -> Written:
    """Write the copy to ``path``, as a whole or not at all.

    ``force`` also replaces an edited copy, and a folder with foreign files, which stays under another name. Raises
    UsageError, PlaceUnusableError.
    """
    check_name(path)
    found = examine(path)
    _refuse(path, found, force=force)
    if found.state is State.WHOLE and find_difference(path, found, copy) is None:
        return Written(0, found)
    kept = _free_name(path) if found.state is State.FOREIGN else None
    manifest = {"schema_version": _SCHEMA_VERSION, "picklecheck": copy.version, "files": copy.digests}
    files = {**copy.files, MANIFEST: (json.dumps(manifest, indent=2) + "\n").encode()}
    return Written(len(files), found, kept, _put_in_place(path, files, kept))


def check_name(path: Path) -> None:
    """Require a name that Python can import; raises UsageError."""
    name = nearest_importable(path.name)
    if name != path.name:
        msg = f"'{path}' does not end in a name that Python can import."
        raise UsageError(msg, f"Type: picklecheck vendor {shlex.quote(str(path.parent / name))}")


def nearest_importable(name: str) -> str:
    """Return a name that Python can import: ``name`` itself if it can, else one that resembles it."""
    # The compiler normalizes the names in a program, and then looks for a file of that name.
    if _is_importable(name) and unicodedata.normalize("NFKC", name) == name:
        return name
    letters = re.sub(r"\W", "_", unicodedata.normalize("NFKC", name.removesuffix(".py")))
    candidates = (letters, f"_{letters}", f"{letters}_") if letters.strip("_") else ()
    return next((one for one in candidates if _is_importable(one)), _DEFAULT_NAME)


def _is_importable(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def import_line(path: Path) -> str:
    """Return how a program imports the copy, as far as the ``__init__.py`` files around it tell."""
    names, folder = [path.name], path.parent.resolve()
    while folder.name and (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    dotted = ".".join(names) if all(map(_is_importable, names)) else path.name
    return f"from {dotted} import install"


def examine(path: Path) -> Found:
    """Look at what stands at ``path``; raises PlaceUnusableError."""
    try:
        if path.is_symlink():
            return Found(State.BLOCKED, f"'{path}' is a symbolic link.")
        if not path.exists():
            return Found(State.NOTHING, f"'{path}' is not there.")
        if not path.is_dir():
            return Found(State.BLOCKED, f"'{path}' is no folder.")
        return _examine_folder(path)
    except OSError as error:
        msg = f"'{path}' cannot be read: {error.strerror or error}."
        raise PlaceUnusableError(msg, "Without that, nobody can say what would be overwritten.") from error


def _examine_folder(path: Path) -> Found:
    names = sorted({one.name for one in path.iterdir()} - _LEFT_BY_PROGRAMS)
    if not names:
        return Found(State.NOTHING, f"'{path}' is empty.")
    if MANIFEST not in names:
        return Found(State.FOREIGN, f"'{path}' is no copy of picklecheck's: it holds {names[0]} and no {MANIFEST}.")
    try:
        version, digests = _read_manifest(path / MANIFEST)
    except (ValueError, KeyError, TypeError, AttributeError):
        sentence = f"'{path / MANIFEST}' is nothing that picklecheck {__version__} can read."
        return Found(State.FOREIGN, sentence)
    known = {*digests, MANIFEST}
    foreign = next((name for name in names if name not in known or (path / name).is_dir()), None)
    if foreign is not None:
        sentence = f"'{path / foreign}' is no file of the copy that picklecheck {version} wrote."
        return Found(State.FOREIGN, sentence, version, digests)
    sentence = next(filter(None, (_find_edit(path / name, digest, version) for name, digest in digests.items())), "")
    return Found(State.EDITED if sentence else State.WHOLE, sentence, version, digests)


def _find_edit(path: Path, digest: str, version: str) -> str | None:
    if not path.exists():
        return f"'{path}' is missing from the copy that picklecheck {version} wrote."
    if not path.is_file() or _digest(path.read_bytes()) != digest:
        return f"'{path}' was edited since picklecheck {version} wrote it."
    return None


def _digest(content: bytes) -> str:
    """Hash a text, whatever line ends a checkout has given it."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _read_manifest(path: Path) -> tuple[str, dict[str, str]]:
    document = json.loads(path.read_text(encoding="utf-8"))
    if document["schema_version"] != _SCHEMA_VERSION:
        raise ValueError(document["schema_version"])
    return str(document["picklecheck"]), {name: str(digest) for name, digest in document["files"].items()}


def find_difference(path: Path, found: Found, copy: Copy) -> str | None:
    """Return one sentence about how what was found differs from the copy, or None."""
    if found.sentence:
        return found.sentence
    if found.version != copy.version:
        return f"'{path}' is of picklecheck {found.version}, and this is {copy.version}."
    digests = copy.digests
    for name in sorted({*digests, *found.digests}):
        if digests.get(name) != found.digests.get(name):
            return f"'{path / name}' is of another build of picklecheck {copy.version}."
    return None


def _refuse(path: Path, found: Found, *, force: bool) -> None:
    if not path.parent.is_dir():
        msg = f"There is no folder '{path.parent}' to put it in."
        raise UsageError(msg, f"Make it first: mkdir -p {shlex.quote(str(path.parent))}")
    if found.state is State.BLOCKED:
        raise UsageError(found.sentence, "Give a folder, or a name that is not there yet.")
    if force:
        return
    if found.state is State.EDITED:
        raise UsageError(found.sentence, "With --force it is replaced, and the edits are gone.")
    if found.state is State.FOREIGN:
        raise UsageError(
            found.sentence, f"Choose another name. With --force, what is there becomes '{_free_name(path)}'."
        )


def _free_name(path: Path) -> Path:
    """Return a name for what stands at ``path``, under which no import finds it."""
    kept = path.with_name(f"{path.name}.old")
    number = 1
    while os.path.lexists(kept):
        number += 1
        kept = path.with_name(f"{path.name}.old{number}")
    return kept


def _put_in_place(path: Path, files: Mapping[str, bytes], kept: Path | None) -> Path | None:
    """Write the files beside ``path`` and rename the folder, once they are all there.

    What stands at ``path`` is renamed to ``kept``, or removed in the end; returns it if it cannot be removed.
    """
    aside = path
    try:
        made = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
        beside = path.parent / made.name  # as the user writes it: made is absolute from Python 3.12 on
        aside = kept or beside.with_name(f"{beside.name}-old")
        try:
            new = beside / "new"  # a folder of its own: mkdtemp's is for nobody else's eyes
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content)
            _exchange(path, new, aside)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        msg = f"'{path}' could not be written: {error.strerror or error}."
        stranded = aside != path and aside.exists()
        raise UsageError(msg, f"What was there is now '{aside}'." if stranded else "Nothing was changed.") from error
    if kept is None:
        shutil.rmtree(aside, ignore_errors=True)
        return aside if aside.exists() else None
    return None


def _exchange(path: Path, new: Path, aside: Path) -> None:
    """Rename what stands at ``path``, if anything, and the new folder; puts the old one back if that fails."""
    was_there = path.exists()
    if was_there:
        path.rename(aside)
    try:
        new.rename(path)
    except BaseException:
        if was_there:
            with contextlib.suppress(OSError):
                aside.rename(path)
        raise
