"""Exclude rules: which combinations of a matrix are left out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from picklecheck.errors import UsageError, did_you_mean
from picklecheck.model import ALL_SITES, FIXES, RECEIVERS, SERIALIZERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from picklecheck.model import Cell

VERSION_NAMES = ("python", "pydantic", "cloudpickle")
# What may stand in a cell condition; "pickle" alone means all of its protocols here.
CELL_VALUES: Mapping[str, tuple[str, ...]] = {
    "serializer": (*SERIALIZERS, *(f"pickle:{protocol}" for protocol in range(6))),
    "site": ALL_SITES,
    "receiver": RECEIVERS,
    "fix": FIXES,
}
_NAMES = (*VERSION_NAMES, "scenario", *CELL_VALUES)
_EXAMPLE = "A rule reads like 'python>=3.13 pydantic<2.8' or 'serializer=cloudpickle site=main'"


@dataclass(frozen=True)
class Rule:
    """What is excluded: whatever meets all the conditions. ``text`` is the rule as it was written.

    ``versions`` maps names of VERSION_NAMES to specifiers, ``cells`` the other names to values; both as pairs.
    """

    text: str
    versions: tuple[tuple[str, SpecifierSet], ...]
    cells: tuple[tuple[str, str], ...]

    def excludes_environment(self, python: str, pydantic: str, cloudpickle: str) -> bool:
        """Is nothing to be run in an environment of these versions? A rule about cells never says so."""
        return not self.cells and self._holds_for(python, pydantic, cloudpickle)

    def excludes_cell(self, cell: Cell, python: str, pydantic: str, cloudpickle: str) -> bool:
        """Is the cell not to be run in an environment of these versions?"""
        return all(_holds(name, value, cell) for name, value in self.cells) and self._holds_for(
            python, pydantic, cloudpickle
        )

    def _holds_for(self, *versions: str) -> bool:
        there = dict(zip(VERSION_NAMES, versions, strict=True))
        return all(wanted.contains(_version(there[name]), prereleases=True) for name, wanted in self.versions)


def parse_rule(text: str) -> Rule:
    """Read conditions, separated by blanks, each NAME OP VALUE without blanks; raises UsageError.

    ``python``, ``pydantic`` and ``cloudpickle`` take PEP 440 specifiers, ``>=2.12,<2.14``. With a single ``=``, a minor
    is its whole line: ``python=3.13`` means every 3.13, where to PEP 440 ``python==3.13`` means 3.13.0 alone.
    ``scenario=`` takes a glob, ``serializer=``, ``site=``, ``receiver=`` and ``fix=`` a value of that axis.
    """
    conditions = []
    for word in text.split():
        parts = re.fullmatch(r"([A-Za-z_-]+)([^A-Za-z_-].*)", word)
        if parts is None:
            raise _error(
                text, f"{word!r} is no condition", f"Write NAME, operator and VALUE without blanks. {_EXAMPLE}."
            )
        conditions.append((parts[1], parts[2]))
    return _make_rule(text, conditions)


def rule_from_table(table: Mapping[str, object]) -> Rule:
    """Read a table such as ``{python = ">=3.13", site = "main"}``; a value without an operator has ``=`` in front."""
    conditions = []
    for name, value in table.items():
        if not isinstance(value, str):
            text = ", ".join(f"{key} = {one!r}" for key, one in table.items())
            raise _error(
                text,
                f"the value of {name!r} is no string",
                f'Write {name} = "...", in quotes.',
            )
        rest = "".join(value.split())
        conditions.append((name, rest if rest.startswith(tuple("=!<>~")) else f"={rest}"))
    return _make_rule(" ".join(name + rest for name, rest in conditions), conditions)


def check_rules(
    rules: Iterable[Rule],
    *,
    pydantic: Sequence[Version],
    cloudpickle: Sequence[Version],
    scenarios: Collection[str] | None = None,
) -> None:
    """Raise UsageError for a rule that can never apply: no release matches it, or (if handed in) no scenario does.

    ``pydantic`` and ``cloudpickle`` are the releases that exist and those that are asked for, withdrawn ones included.
    A rule about releases that are still to come is as good as any.
    """
    releases = {"python": _pythons(), "pydantic": pydantic, "cloudpickle": cloudpickle}
    for rule in rules:
        for name, wanted in rule.versions:
            known = chain(releases[name], _to_come(releases[name]))
            if not any(wanted.contains(version, prereleases=True) for version in known):
                raise _error(
                    rule.text,
                    f"no release of {name} matches its condition",
                    "Conditions of one rule must all hold at once; write two rules where either is enough.",
                )
        for name, value in rule.cells:
            if name == "scenario" and scenarios is not None and not any(fnmatchcase(one, value) for one in scenarios):
                hint = did_you_mean(value, sorted(scenarios))
                raise _error(rule.text, f"no scenario matches {value!r}", hint + "'picklecheck list' shows them all.")


def _make_rule(text: str, conditions: Sequence[tuple[str, str]]) -> Rule:
    if not conditions:
        msg = "An exclude rule without conditions would exclude everything."
        raise UsageError(msg, f"{_EXAMPLE}.")
    versions: dict[str, SpecifierSet] = {}
    cells: dict[tuple[str, str], None] = {}
    for name, rest in conditions:
        if name in VERSION_NAMES:
            versions[name] = versions.get(name, SpecifierSet()) & _parse_specifiers(text, name, rest)
        elif name in _NAMES:
            cells[name, _parse_value(text, name, rest)] = None
        else:
            hint = did_you_mean(name, _NAMES)
            raise _error(text, f"{name!r} is nothing to exclude by", f"{hint}Conditions are on {', '.join(_NAMES)}.")
    for name in CELL_VALUES:
        values = [value for key, value in cells if key == name]
        if len(values) > 1 and not _is_same_serializer(values):
            raise _error(text, f"{name} cannot be {values[0]!r} and {values[1]!r} at once", "Write a rule for each.")
    return Rule(text, tuple(versions.items()), tuple(cells))


def _parse_specifiers(text: str, name: str, rest: str) -> SpecifierSet:
    try:
        wanted = SpecifierSet(",".join(map(_as_specifier, rest.split(","))))
    except InvalidSpecifier as error:
        raise _no_range(text, name, rest) from error
    if not list(wanted):  # commas alone: a set without conditions would match everything
        raise _no_range(text, name, rest)
    return wanted


def _as_specifier(part: str) -> str:
    """Return what a single ``=`` means: the whole line unless a patch is named."""
    if not re.match(r"=[^=]", part):
        return part
    is_line = re.fullmatch(r"=[0-9]+(\.[0-9]+)?", part)
    return f"={part}.*" if is_line else f"={part}"


def _parse_value(text: str, name: str, rest: str) -> str:
    value = rest.lstrip("=")
    if not rest.startswith("=") or len(rest) - len(value) > 2 or not value:
        raise _error(text, f"{name + rest!r} is no condition", f"Write {name}=VALUE.")
    if name in CELL_VALUES and value not in CELL_VALUES[name]:
        hint = did_you_mean(value, CELL_VALUES[name]).rstrip() or f"Write {name}=VALUE with one of them."
        raise _error(text, f"{value!r} is none of {', '.join(CELL_VALUES[name])}", hint)
    return value


def _holds(name: str, value: str, cell: Cell) -> bool:
    if name == "scenario":
        return fnmatchcase(cell.scenario, value)
    if name == "serializer":
        return value in (cell.serializer.name, str(cell.serializer))
    return value == {"site": cell.site, "receiver": cell.receiver, "fix": cell.fix}[name]


def _is_same_serializer(values: Sequence[str]) -> bool:
    """May both hold? ``pickle`` and ``pickle:4`` may."""
    return len({value for value in values if value != "pickle"}) <= 1 and all(v.startswith("pickle") for v in values)


def _version(text: str) -> Version:
    """Read the version of an environment; a Python that was built from a checkout calls itself ``3.13.0+``."""
    return Version(text.removesuffix("+"))


@cache
def _pythons() -> tuple[Version, ...]:
    """Every Python 3 that there is, and many more: a condition that matches none of them contradicts itself."""
    return tuple(Version(f"3.{minor}.{patch}") for minor in range(30) for patch in range(40))


def _to_come(releases: Sequence[Version]) -> Iterator[Version]:
    """Yield releases that may follow the newest one; a line that is far from there is a typing error."""
    newest = max(releases, default=Version("2.0"))
    for minor in range(newest.minor, newest.minor + 20):
        for patch in range(10):
            if (version := Version(f"{newest.major}.{minor}.{patch}")) > newest:
                yield version


def _no_range(text: str, name: str, rest: str) -> UsageError:
    hint = f"Write a PEP 440 range such as {name}>=2.12,<2.14, or {name}=2.12 for a line."
    if name == "python":
        hint = "Write a PEP 440 range such as python>=3.9,<3.12, or python=3.13 for a line."
    return _error(text, f"{rest!r} says no versions of {name}", hint)


def _error(text: str, what: str, hint: str) -> UsageError:
    return UsageError(f"The exclude rule {text!r}: {what}.", hint)
