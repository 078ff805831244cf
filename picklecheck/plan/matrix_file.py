"""Matrix files: the options of ``picklecheck matrix`` as TOML, built-in or the user's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from picklecheck.errors import UsageError, did_you_mean
from picklecheck.files import parse_toml
from picklecheck.model import SITES
from picklecheck.plan.exclude_rules import CELL_VALUES, Rule, parse_rule, rule_from_table
from picklecheck.resources import resource

# Keys are the names of the options; values are the names of MatrixFile's fields.
_LISTS = {
    "pydantic": "pydantic",
    "python": "python",
    "cloudpickle": "cloudpickle",
    "with": "requirements",
    "with-editable": "editables",
    "with-requirements": "requirement_files",
    "scenario": "scenarios",
    "serializer": "serializers",
    "site": "sites",
    "receiver": "receivers",
    "fix": "fixes",
}
_KEYS = (*_LISTS, "exclude", "cross")
# A target's site is no value of an axis: it is the only one that it has.
_VALUES = {**CELL_VALUES, "site": SITES}


@dataclass(frozen=True)
class MatrixFile:
    """What a matrix file says; an axis that it does not mention is empty, ``cross`` is then None.

    Paths in ``python``, ``editables`` and ``requirement_files`` are absolute. Versions are as they were written.
    """

    path: Path
    pydantic: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    cloudpickle: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    requirement_files: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    serializers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    exclude: tuple[Rule, ...] = ()
    cross: bool | None = None


def builtin_names() -> tuple[str, ...]:
    """Return the names of the matrix files that come along, without ``.toml``."""
    return tuple(sorted(path.stem for path in resource("matrix").glob("*.toml")))


def find_matrix_file(name: str) -> Path:
    """Return the path of a matrix file: a path, or the name of a built-in one; raises UsageError.

    The bare name of a built-in file always means that one; with ``.toml``, a file of that name in the current folder
    goes first.
    """
    path = Path(name)
    builtin = resource("matrix") / f"{name.removesuffix('.toml')}.toml"
    is_builtin = name.removesuffix(".toml") in builtin_names()
    if is_builtin and (name == builtin.stem or not _is_there(path)):
        return builtin
    if _is_there(path):
        return path
    names = builtin_names()
    hint = did_you_mean(path.stem, names)
    msg = f"There is no matrix file {name!r}."
    raise UsageError(msg, f"{hint}Give the path of a file, or one of the built-in {', '.join(names)}.")


def read_matrix_file(path: Path) -> MatrixFile:
    """Read a matrix file; raises UsageError. Nothing is looked up: releases, scenarios and paths may not exist."""
    fields: dict[str, Any] = {}
    for key, value in _load(path).items():
        if key in _LISTS:
            fields[_LISTS[key]] = _read_list(path, key, value)
        elif key == "exclude":
            fields[key] = tuple(_read_rule(path, one) for one in (value if isinstance(value, list) else [value]))
        elif key == "cross":
            fields[key] = _read_boolean(path, key, value)
        else:
            hint = did_you_mean(key, _KEYS)
            msg = f"{path} has a key {key!r}, which no matrix file knows."
            raise UsageError(msg, f"{hint}The keys are {', '.join(_KEYS)}.")
    return MatrixFile(path, **fields)


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # reading it will say what is wrong
    return True


def _load(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(path.read_bytes().decode())
    except IsADirectoryError as error:
        msg = f"{path} is a folder, not a matrix file."
        raise UsageError(msg, "Give the path of a TOML file, or the name of a built-in one.") from error
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise UsageError(msg, "Give the path of a TOML file that can be read.") from error
    except UnicodeDecodeError as error:
        msg = f"{path} is not UTF-8, which TOML has to be."
        raise UsageError(msg, "Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, or a number of too many digits
        msg = f"{path} is not TOML: {str(error)[:1].lower()}{str(error)[1:]}."
        raise UsageError(msg, "A line reads KEY = VALUE, as in pydantic = ['2.13.4', 'latest'].") from error


def _read_list(path: Path, key: str, value: object) -> tuple[str, ...]:
    words: list[Any] = value if isinstance(value, list) else [value]
    if not words:
        msg = f"{path}: {key!r} is an empty list."
        raise UsageError(msg, "Fill it, or leave the key out.")
    for word in words:
        if not isinstance(word, str):
            msg = f"{path}: {key!r} holds {_kind(word)}, where a string is wanted."
            raise UsageError(msg, f"Write {key} = '...', in quotes, or an array of such strings.")
        if not word.strip():
            msg = f"{path}: {key!r} holds an empty string."
            raise UsageError(msg, "Fill it, or leave the key out.")
        if "\0" in word:
            msg = f"{path}: {key!r} holds a NUL character."
            raise UsageError(msg, "Take it out: no name or path has one.")
        if word not in _VALUES.get(key, (word,)):
            hint = did_you_mean(word, _VALUES[key]).rstrip() or f"Write {key} = {_VALUES[key][0]!r}, for instance."
            msg = f"{path}: {key} {word!r} is none of {', '.join(_VALUES[key])}."
            raise UsageError(msg, hint)
    return tuple(dict.fromkeys(_absolute(path, key, word) for word in words))


def _absolute(path: Path, key: str, word: str) -> str:
    """Return ``word``, from the file's folder on if it is a path. Links stay: a virtual environment's place counts."""
    if key in ("with-editable", "with-requirements") or (key == "python" and "/" in word):
        return os.path.abspath(path.parent / os.path.expanduser(word))  # noqa: PTH100, PTH111 - see above; "~x" is no error
    return word


def _read_rule(path: Path, value: object) -> Rule:
    try:
        if isinstance(value, str):
            return parse_rule(value)
        if isinstance(value, dict):
            return rule_from_table(value)
    except UsageError as error:
        msg = f"{path}: {error.message}"
        raise UsageError(msg, error.hint) from error
    msg = f"{path}: 'exclude' holds {_kind(value)}, where a string or a table is wanted."
    raise UsageError(msg, "Write exclude = ['python>=3.13 pydantic<2.8'], for instance.")


def _read_boolean(path: Path, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        msg = f"{path}: {key!r} holds {_kind(value)}, where true or false is wanted."
        raise UsageError(msg, f"Write {key} = true, without quotes.")
    return value


def _kind(value: object) -> str:
    names = {str: "a string", bool: "a boolean", list: "an array", dict: "a table", int: "a number", float: "a number"}
    return names.get(type(value), "a date or time")
