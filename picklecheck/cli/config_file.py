"""What a team repeats, as TOML: ``[tool.picklecheck]`` in pyproject.toml, or picklecheck.toml."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from picklecheck.errors import UsageError, did_you_mean
from picklecheck.files import parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OWN_FILE = "picklecheck.toml"
PROJECT_FILE = "pyproject.toml"

# The baseline that comes along: what the catalogue showed on each line of Pydantic, recorded with matrix/refresh.py.
CATALOGUE = "catalogue"

# Keys are the long names of options. These mean the same for every command that has them ...
SHARED_KEYS = (
    "scenarios",
    "path",
    "serializer",
    "site",
    "receiver",
    "fix",
    "isolation",
    "jobs",
    "timeout",
    "baseline",
    "allow-fixed",
    "format",
    "output",
    "color",
)
# ... and these stand in a table of the command.
COMMAND_KEYS: Mapping[str, tuple[str, ...]] = {
    "run": ("python",),
    "matrix": (
        "file",
        "pydantic",
        "python",
        "cloudpickle",
        "with",
        "with-editable",
        "with-requirements",
        "exclude",
        "cross",
        "offline",
        "download-pythons",
        "cached",
        "detail",
        "evidence",
    ),
}
# Which of them hold paths; those are meant from the folder of the file on.
_PATHS = ("path", "baseline", "with-editable", "with-requirements")


@dataclass(frozen=True)
class Config:
    """What a file says: ``values`` maps a command to its keys and values, shared keys included; paths are absolute.

    ``path`` is None where there is no file.
    """

    path: Path | None = None
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, command: str) -> Mapping[str, Any]:
        """Return what is said for a command."""
        return self.values.get(command, self.values.get("", {}))


def find_config(folder: Path) -> Path | None:
    """Return the nearest file that configures picklecheck, in ``folder`` or above it; None if there is none."""
    for place in (folder, *folder.parents):
        own, project = place / OWN_FILE, place / PROJECT_FILE
        if _is_file(own):
            return own
        if _is_file(project) and "picklecheck" in _tools(_load(project)):
            return project
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:  # of a folder that must not be looked into; before Python 3.14 that is no False
        msg = f"{path.parent} cannot be searched for a configuration: {error.strerror}."
        raise UsageError(msg, "Change to a folder that can be read, or leave it out with --no-config.") from error


def read_config(path: Path) -> Config:
    """Read a file; raises UsageError for a key that is not known, with a suggestion."""
    document = _load(path)
    own = _tools(document).get("picklecheck", {}) if path.name == PROJECT_FILE else document
    if not isinstance(own, dict):
        msg = f"{path}: 'tool.picklecheck' is no table."
        raise UsageError(msg, "Write [tool.picklecheck] on a line of its own.")
    shared: dict[str, Any] = {}
    tables: dict[str, dict[str, Any]] = {name: {} for name in COMMAND_KEYS}
    for key, value in own.items():
        if key == "matrix" and isinstance(value, str):
            tables["matrix"]["file"] = _located(path, "matrix", value)
        elif key in COMMAND_KEYS:
            if not isinstance(value, dict):
                msg = f"{path}: {key!r} is no table."
                raise UsageError(msg, f"Write [{_table(path, key)}] on a line of its own.")
            known = (*COMMAND_KEYS[key], *SHARED_KEYS)
            tables[key].update({one: _checked(path, key, one, value[one], known) for one in value})
        else:
            shared[key] = _checked(path, "", key, value, SHARED_KEYS)
    return Config(path, {name: {**shared, **tables.get(name, {})} for name in ("", *COMMAND_KEYS)})


def _load(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(path.read_bytes().decode())
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise UsageError(msg, "Give the path of a TOML file that can be read.") from error
    except (ValueError, RecursionError) as error:  # of UTF-8, or of TOML
        msg = f"{path} is not TOML: {str(error)[:1].lower()}{str(error)[1:]}."
        raise UsageError(msg, "Mend the line, or leave the file out with --no-config.") from error


def _tools(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found = document.get("tool")
    return found if isinstance(found, dict) else {}


def _checked(path: Path, table: str, key: str, value: object, known: tuple[str, ...]) -> object:
    if key not in known:
        raise _unknown(path, table, key, known)
    if key == "scenarios" and value in ([], ""):
        msg = f"{path}: 'scenarios' is empty."
        raise UsageError(msg, "Fill it, or leave the key out for the whole catalogue.")
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str | int | float | bool):
            msg = f"{path}: {key!r} holds a table or a date, where a string, a number or a boolean is wanted."
            raise UsageError(msg, f"Write {key} = '...', or an array of such values.")
        if isinstance(one, str) and "\0" in one:
            msg = f"{path}: {key!r} holds a NUL character."
            raise UsageError(msg, "Take it out: no name or path has one.")
    return _located(path, key, value)


def _unknown(path: Path, table: str, key: str, known: tuple[str, ...]) -> UsageError:
    homes = [name for name, keys in COMMAND_KEYS.items() if key in keys and not table]
    hint = f"It belongs into [{_table(path, homes[-1])}]. " if homes else did_you_mean(key, known)
    where = f" in [{_table(path, table)}]" if _table(path, table) else ""
    msg = f"{path} has a key {key!r}{where}, which is none that picklecheck knows there."
    return UsageError(msg, f"{hint}The keys are {', '.join(known)}.")


def _table(path: Path, name: str) -> str:
    parts = ["tool.picklecheck" if path.name == PROJECT_FILE else "", name]
    return ".".join(part for part in parts if part)


def _located(path: Path, key: str, value: object) -> object:
    """Return the value with its paths from the file's folder on; links stay, a virtual environment's place counts."""
    if isinstance(value, list):
        return [_located(path, key, one) for one in value]
    if not isinstance(value, str):
        return value
    if key == "output":
        form, equals, name = value.partition("=")
        return form + equals + (name if name in ("", "-") else _absolute(path, name))
    is_built_in = key == "baseline" and value == CATALOGUE and not (path.parent / value).exists()
    # What else they say is a version, or the name of a built-in file, such as patches-2.14.
    is_path = key in _PATHS or (key in ("python", "matrix", "file") and ("/" in value or value.endswith(".toml")))
    return _absolute(path, value) if is_path and not is_built_in else value


def _absolute(path: Path, name: str) -> str:
    return os.path.abspath(path.parent / os.path.expanduser(name))  # noqa: PTH100, PTH111 - links stay
