"""What users ask for beside Pydantic: lines of requirements, in files that may include others."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from picklecheck.environments.installed import canonical
from picklecheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picklecheck.environments.installed import Distribution
    from picklecheck.model import EnvironmentSpec

_INCLUDE = re.compile(r"(?:-r|--requirements?|-c|--constraints?)[ =]*(\S.*)")
_EDITABLE = re.compile(r"(?:-e|--editable)[ =]*(\S.*)")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_OPTION = re.compile(r"\s--\w[\w-]*.*")  # such as --hash, after a requirement
PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")


def describe_requirements(spec: EnvironmentSpec) -> list[object]:
    """Return all that the user's requirements decide: lines, the content of files, of local packages, of projects.

    Raises UsageError if a file cannot be read.
    """
    files = [file for path in spec.requirement_files for file in _files(Path(path), ())]
    lines = [line for _, text in files for line in _lines(text)]
    editables = [match[1] for line in lines if (match := _EDITABLE.match(line))]
    return [
        sorted((line, _local_content(line)) for line in spec.requirements),
        [(text, [_local_content(line) for line in _lines(text)]) for _, text in files],
        sorted((path, _project_content(Path(path))) for path in (*spec.editables, *editables)),
    ]


def find_disagreements(spec: EnvironmentSpec, distributions: tuple[Distribution, ...]) -> tuple[str, ...]:
    """Return a sentence for each requirement that the environment's Pydantic or cloudpickle does not meet.

    The axis decides; the user's pins are overridden, and this says so.
    """
    chosen = {"pydantic": spec.pydantic, "cloudpickle": spec.cloudpickle}
    found = [("--with asks for", line) for line in spec.requirements]
    for path in spec.requirement_files:
        for file, text in _files(Path(path), ()):
            found += [(f"{file.name} asks for", line) for line in _lines(text)]
    for one in distributions:
        found += [(f"{one.name} {one.version} asks for", line) for line in one.requires]
    sentences = []
    for who, line in found:
        asked = _parse(line)
        name = canonical(asked.name) if asked else ""
        if asked is None or name not in chosen or not _applies(asked, spec.python_version):
            continue
        if asked.url or not asked.specifier.contains(chosen[name], prereleases=True):
            wish = f"{name} @ {asked.url}" if asked.url else f"{name}{asked.specifier}"
            sentences.append(f"{who} {wish}, and the environment has {name} {chosen[name]}, as the axis says.")
    return tuple(dict.fromkeys(sentences))


def _files(path: Path, above: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    """Yield a file and those that it includes; what lies elsewhere (https://...) is left to uv."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        msg = f"The requirements in {path} cannot be read: {why}."
        raise UsageError(msg, "Give --with-requirements the path of a requirements.txt.") from error
    yield path, text
    for line in _lines(text):
        include = _INCLUDE.match(line)
        if include and "://" not in include[1]:
            below = path.parent / include[1].strip("\"' ")
            if below not in (*above, path):
                yield from _files(below, (*above, path))


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\\r?\n", " ", text)
    lines = (_COMMENT.sub("", line).strip() for line in joined.splitlines())
    return [line for line in lines if line]


def _parse(line: str) -> Requirement | None:
    try:
        return Requirement(_OPTION.sub("", line))
    except InvalidRequirement:
        return None


def _applies(asked: Requirement, python: str) -> bool:
    minor = ".".join(python.split(".")[:2])
    return asked.marker is None or asked.marker.evaluate(
        {"extra": "", "python_version": minor, "python_full_version": python}
    )


def _local_content(line: str) -> str:
    """Return the hash of a wheel that a requirement names by its path, or nothing."""
    path = Path(re.sub(r"^.*@\s*", "", line).removeprefix("file://").split("[")[0].split(";")[0].strip())
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.suffix in (".whl", ".gz") else ""
    except OSError:
        return ""


def _project_content(folder: Path) -> list[str]:
    """Return hashes of the files that decide what a project requires and how it is built."""
    hashes = []
    for name in PROJECT_FILES:
        try:
            hashes.append(hashlib.sha256((folder / name).read_bytes()).hexdigest())
        except OSError:
            hashes.append("")
    return hashes
