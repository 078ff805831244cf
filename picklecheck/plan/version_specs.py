"""What a user writes for versions -> exact releases. Pure: the releases that exist are handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from picklecheck.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WORDS = ("minors", "all", "latest", "lowest", "pre")
_FORMS = (
    "Write a version (2.13.4), a minor line for its newest patch (2.14) or all of its patches (2.14.*), "
    f"a range ('>=2.12,<2.14'), or one of the words {', '.join(WORDS)}."
)
_MEANT = {"newest": "latest", "oldest": "lowest", "pre-release": "pre", "prerelease": "pre"}
_SUPPORTED_MAJOR = {"pydantic": 2}


@dataclass(frozen=True)
class _Known:
    """The releases of one package, ascending. ``finals`` are no pre-releases; ``others`` are not supported."""

    name: str
    releases: tuple[Version, ...]
    finals: tuple[Version, ...]
    others: tuple[Version, ...]

    @property
    def span(self) -> str:
        """One sentence on what there is."""
        shown = self.finals or self.releases
        return f"There are {shown[0]} to {shown[-1]}." if shown else f"No release of {self.name} is known."

    @property
    def newest(self) -> str:
        """One sentence on the newest."""
        shown = self.finals or self.releases
        return f"The newest is {shown[-1]}." if shown else self.span


def select_releases(
    name: str,
    specs: Sequence[str],
    releases: Sequence[Version],
    *,
    is_known: Callable[[str], bool] | None = None,
) -> tuple[str, ...]:
    """Return the releases of ``name`` that one of ``specs`` asks for, oldest to newest, each once; raises UsageError.

    A spec is an exact version, which may be a pre-release; a minor line such as ``2.14``, which means its newest patch
    (to PEP 440 that is 2.14.0, to a person it is not: write ``2.14.0`` or ``==2.14`` for that); ``2.14.*``; a set of
    PEP 440 specifiers, whose commas mean "and"; or one of the WORDS, of which ``minors`` is the newest patch of each
    minor line, and ``pre`` the newest release, be it a pre-release. Other words select no pre-release, and ranges only
    if they name one. Of Pydantic, only 2 is selected.

    ``is_known`` is asked about an exact version that is not among ``releases``: one that was withdrawn, for instance.
    """
    known = _known(name, releases)
    selected: set[Version] = set()
    for spec in specs:
        selected.update(_select(spec.strip(), known, is_known))
    return tuple(str(version) for version in sorted(selected))


def between(releases: Sequence[Version], first: str, last: str) -> tuple[str, ...]:
    """Return the final releases of Pydantic 2 from one to the other, both included, ascending.

    The ends may be given in either order. An end that is itself no final release is not in the answer.
    """
    low, high = sorted((Version(first), Version(last)))
    return tuple(str(version) for version in _known("pydantic", releases).finals if low <= version <= high)


def _known(name: str, releases: Sequence[Version]) -> _Known:
    major = _SUPPORTED_MAJOR.get(name)
    ascending = sorted(set(releases))
    supported = tuple(version for version in ascending if major in (None, version.major))
    return _Known(
        name,
        supported,
        tuple(version for version in supported if not version.is_prerelease),
        tuple(version for version in ascending if version not in supported),
    )


def _select(text: str, known: _Known, is_known: Callable[[str], bool] | None) -> Sequence[Version]:
    if text in WORDS:
        return _named(text, known)
    pinned = re.fullmatch(r"===?\s*([^\s,*]+)", text)
    version = _as_version(pinned[1] if pinned else text)
    if version is None:
        return _in_range(text, known)
    if version.major != _SUPPORTED_MAJOR.get(known.name, version.major):
        raise _not_supported(str(version), known)
    if not pinned and version.public == version.base_version == ".".join(map(str, version.release[:2])):
        return _newest_of_line(text, known, SpecifierSet(f"=={version}.*"))
    for release in known.releases:
        if release == version:
            return [release]  # as the index spells it: 2.0 for 2.0.0
    if is_known is not None and is_known(str(version)):
        return [version]
    raise _no_such_version(version, known)


def _named(word: str, known: _Known) -> Sequence[Version]:
    if word == "pre" and known.releases:
        return known.releases[-1:]
    if not known.finals:
        msg = f"{word!r} selects no release of {known.name}."
        raise UsageError(msg, known.span)
    if word == "minors":
        return list({version.release[:2]: version for version in known.finals}.values())
    return {"all": known.finals, "latest": known.finals[-1:], "lowest": known.finals[:1]}[word]


def _newest_of_line(text: str, known: _Known, line: SpecifierSet) -> Sequence[Version]:
    found = [version for version in known.finals if version in line]
    if not found:
        msg = f"There is no {known.name} {text}."
        raise UsageError(msg, _only_pre_releases(line, known) or known.newest)
    return found[-1:]


def _in_range(text: str, known: _Known) -> Sequence[Version]:
    wanted = _parse_specifiers(text, known)
    names_pre_release = any(base.is_prerelease for operator, base in _limits(wanted) if operator != "!=")
    found = [version for version in known.releases if wanted.contains(version, prereleases=names_pre_release)]
    if found:
        return found
    if _means_another_major(wanted, known):
        raise _not_supported(text, known)
    msg = f"No release of {known.name} matches {text!r}."
    raise UsageError(msg, _only_pre_releases(wanted, known) or known.span)


def _parse_specifiers(text: str, known: _Known) -> SpecifierSet:
    try:
        wanted = SpecifierSet(f"=={text}" if re.fullmatch(r"[0-9.]+\.\*", text) else text)
    except InvalidSpecifier as error:
        raise _no_spec(text, known) from error
    if not list(wanted):  # nothing, or commas alone: a set without conditions would match everything
        raise _no_spec(text, known)
    return wanted


def _means_another_major(wanted: SpecifierSet, known: _Known) -> bool:
    """Is the range about versions that are not supported? ``<2`` says so even if no such release was handed in."""
    if known.name not in _SUPPORTED_MAJOR:
        return False
    first, limits = Version(str(_SUPPORTED_MAJOR[known.name])), _limits(wanted)
    ends_below = any(
        base < first if operator in ("==", "===", "~=", "<=") else operator == "<" and base <= first
        for operator, base in limits
    )
    begins_above = any(base >= first for operator, base in limits if operator in ("==", "===", "~=", ">=", ">"))
    return (ends_below and not begins_above) or any(wanted.contains(other, prereleases=True) for other in known.others)


def _limits(wanted: SpecifierSet) -> list[tuple[str, Version]]:
    """Return operators and versions, without ``.*``; not those with which ``===`` compares letter by letter."""
    limits = ((one.operator, _as_version(one.version.removesuffix(".*"))) for one in wanted)
    return [(operator, version) for operator, version in limits if version is not None]


def _not_supported(text: str, known: _Known) -> UsageError:
    title, major = known.name.capitalize(), _SUPPORTED_MAJOR[known.name]
    return UsageError(f"{title} {text} is not supported: only {title} {major} is.", known.span)


def _no_such_version(version: Version, known: _Known) -> UsageError:
    line = [release for release in known.finals if release.release[:2] == version.release[:2]]
    hint = known.newest
    if line and line[-1] != known.finals[-1]:
        hint = f"The newest {version.major}.{version.minor} is {line[-1]}, the newest of all is {known.finals[-1]}."
    return UsageError(f"There is no {known.name} {version}.", hint)


def _no_spec(text: str, known: _Known) -> UsageError:
    parts = [part for part in re.split(r"[,\s]+", text) if part]
    bare = next((part for part in parts if _as_version(part.removesuffix(".*"))), None)
    near = did_you_mean(_MEANT.get(text.lower(), text.lower()), WORDS)
    hint = _FORMS
    if len(parts) > 1 and bare:
        hint = f"A comma means 'and': give each version on its own, or write =={bare} inside of a range."
    elif near:
        hint = f"{near}{_FORMS}"
    elif text.lower().startswith(known.name):
        hint = f"Leave out the name. {_FORMS}"
    return UsageError(f"{text!r} says no version of {known.name}.", hint)


def _only_pre_releases(wanted: SpecifierSet, known: _Known) -> str:
    found = [version for version in known.releases if wanted.contains(version, prereleases=True)]
    return f"Only pre-releases match; ask for one by its whole version, such as {found[-1]}." if found else ""


def _as_version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # an InvalidVersion, or a number of more digits than Python reads
        return None
