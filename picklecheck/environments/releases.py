"""Which releases of a package there are: as pip lists them, kept for an hour, or as they were when this was released.

``python -m picklecheck.environments.releases`` prints a new releases.json.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.version import InvalidVersion, Version

from picklecheck import processes
from picklecheck.environments.index_settings import read_index_settings, working_folder
from picklecheck.environments.uv_errors import one_line, without_secrets
from picklecheck.environments.uv_tool import run_uv, tool_environment
from picklecheck.errors import EnvironmentUnusableError
from picklecheck.files import read_regular, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

    from picklecheck.environments.index_settings import IndexSettings

# Older ones are left out: a Pydantic 1 has other generic models, a cloudpickle 1 no Python 3.8 to speak of.
OLDEST = {"pydantic": Version("2.0"), "cloudpickle": Version("2.0")}
_SHIPPED = Path(__file__).with_name("releases.json")
_FRESH = timedelta(hours=1)
_TIMEOUT = 90.0
_LISTING = re.compile(r"^Available versions: *(.*)$", re.MULTILINE)
# pip goes on with the indexes that answer; a list that lacks one index's releases would be taken for all there are.
_LOST = re.compile(r"Could not fetch URL (\S+): (.*?)(?: - skipping)?$", re.MULTILINE)
_IGNORED = re.compile(r"The repository located at \S+ is not a trusted or secure host and is being ignored")
_CAUSE = re.compile(r"\(Caused by \w+\(.*?['\"](?:<[^>]*>: )?(.+?)['\"]\)\)")
_ERROR = re.compile(r"^ERROR: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Releases:
    """The releases of a package, ascending. ``source`` is ``the index`` or ``the list of 2026-11-22``."""

    name: str
    versions: tuple[Version, ...]
    source: str


def list_releases(  # noqa: PLR0913 - the first one says what, the others how
    name: str,
    *,
    cache_root: Path,
    stop: threading.Event,
    offline: bool = False,
    pre: bool = False,
    refresh: bool = False,
) -> Releases:
    """Return the releases that are not yanked; with ``pre``, those before the final ones too.

    A list is kept for an hour, and for ``offline`` for ever; whoever is offline and has none gets the list that came
    with this package (final releases alone). Raises EnvironmentUnusableError, InterruptedEarlyError.
    """
    settings = read_index_settings(os.environ, working_folder())
    path = cache_root / "releases" / f"{name}.json"
    kept = _read_kept(path, settings)
    if offline:
        versions, source = (kept[1], f"the list of {kept[0].date()}") if kept else _shipped(name)
    elif kept and not refresh and timedelta() <= datetime.now(timezone.utc) - kept[0] < _FRESH:
        versions, source = kept[1], "the index"
    else:
        versions, source = ask_pip(name, settings, stop), "the index"
        _keep(path, versions, settings)
    oldest = OLDEST.get(name)
    chosen = {one for one in versions if (pre or not one.is_prerelease) and (oldest is None or one >= oldest)}
    return Releases(name, tuple(sorted(chosen)), source)


def exists(name: str, version: str, *, stop: threading.Event, offline: bool = False) -> bool:
    """Is there such a release, be it yanked, without wheels or for other Pythons?

    Offline, what cannot be told counts as existing: building it says more. Raises EnvironmentUnusableError.
    """
    settings = read_index_settings(os.environ, working_folder())
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(f"{name}=={version}\n", encoding="utf-8")
        # Without --python, uv tries every interpreter on PATH, and shims take seconds.
        arguments = ["pip", "compile", "--quiet", "--no-deps", "--no-header", "--only-binary", ":all:"]
        arguments += ["--python", sys.executable, str(wanted), *(["--offline"] if offline else [])]
        ended = run_uv(arguments, stop, settings=settings.for_uv, timeout=_TIMEOUT)
    said = " ".join(ended.stderr.split())
    if ended.status == 0 or "no usable wheels" in said or "does not satisfy Python" in said:
        return True
    if "there is no version of" in said or "was not found in the" in said:
        return offline
    if offline:
        return True
    msg = f"uv could not find out whether there is a {name} {version}: {one_line(ended.stderr)}."
    raise EnvironmentUnusableError(msg, _HINT)


_HINT = "Is the package index reachable? With --offline, picklecheck uses what it knows and has."


def ask_pip(name: str, settings: IndexSettings, stop: threading.Event) -> tuple[Version, ...]:
    """Let pip list the releases, with those before the final ones; raises EnvironmentUnusableError."""
    # Without -vv pip says nowhere that an index did not answer in the end.
    command = [sys.executable, "-m", "pip", "index", "versions", name, "--pre", "--ignore-requires-python", "-vv"]
    command += ["--retries", "1", "--timeout", "15", "--disable-pip-version-check", "--no-input", "--no-color"]
    try:
        # Not in the user's folder, whose modules -m would import.
        ended = processes.run_tool(
            command, stop, timeout=_TIMEOUT, environment=tool_environment(settings.for_pip), folder=Path(sys.prefix)
        )
    except OSError as error:
        raise _no_list(name, f"{sys.executable} cannot be started: {error.strerror}") from error
    if ended.status is None:
        raise _no_list(name, f"pip said nothing for {_TIMEOUT:.0f} seconds")
    versions = parse_listing(ended.stdout)
    trouble = find_trouble(ended.stdout + "\n" + ended.stderr)
    if trouble or not versions:
        raise _no_list(name, trouble or "pip printed no list of versions")
    return versions


def parse_listing(text: str) -> tuple[Version, ...]:
    """Return the versions that ``pip index versions`` lists; those that are none of today's are left out."""
    match = _LISTING.search(text)
    found = []
    for word in match[1].split(",") if match else ():
        try:
            found.append(Version(word))
        except InvalidVersion:
            continue
    return tuple(found)


def find_trouble(text: str) -> str | None:
    """Return in one line why what pip printed is not the whole list."""
    for match in _LOST.finditer(text):
        if not match[2].startswith("404 "):  # an index that lacks the package
            cause = _CAUSE.search(match[2])
            return without_secrets(f"{match[1]} did not answer: {cause[1] if cause else match[2]}")[:300]
    ignored = _IGNORED.search(text)
    if ignored:
        return _lowered(ignored[0])
    errors = _ERROR.findall(text)
    return _lowered(without_secrets(errors[0]))[:300] if errors else None


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:].rstrip(".")


def _no_list(name: str, why: str) -> EnvironmentUnusableError:
    return EnvironmentUnusableError(f"The releases of {name} could not be listed: {why}.", _HINT)


def _read_kept(path: Path, settings: IndexSettings) -> tuple[datetime, tuple[Version, ...]] | None:
    """Return the list that is kept, with its date; None if there is none, of these indexes, or it cannot be read."""
    try:
        document = json.loads(read_regular(path))
        if document["indexes"] != _identify(settings):
            return None
        asked_at = datetime.fromisoformat(document["asked_at"])
        versions = tuple(Version(word) for word in document["versions"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return (asked_at, versions) if asked_at.tzinfo and versions else None


def _keep(path: Path, versions: tuple[Version, ...], settings: IndexSettings) -> None:
    document = {
        "asked_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "indexes": _identify(settings),
        "versions": [str(version) for version in versions],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, [json.dumps(document, indent=1)])
    except OSError:
        return  # whoever cannot keep it asks again


def _identify(settings: IndexSettings) -> str:
    """Tell lists of different indexes apart; hashed, for there may be passwords in the addresses."""
    import hashlib  # noqa: PLC0415 - this function's alone

    said: Mapping[str, Any] = settings.decisive
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _shipped(name: str) -> tuple[tuple[Version, ...], str]:
    document = json.loads(_SHIPPED.read_text(encoding="utf-8"))
    if name not in document:
        msg = f"No releases of {name} are known, and --offline was asked for."
        raise EnvironmentUnusableError(msg, "Leave out --offline once; the list is kept.")
    return tuple(Version(word) for word in document[name]), f"the list of {document['date']}"


def _renew() -> None:
    """Print what releases.json should say now."""
    stop = threading.Event()
    document: dict[str, Any] = {"date": str(datetime.now(timezone.utc).date())}
    with tempfile.TemporaryDirectory() as folder:
        for name in OLDEST:
            releases = list_releases(name, cache_root=Path(folder), stop=stop)
            document[name] = [str(version) for version in releases.versions]
    print(json.dumps(document, indent=1))  # noqa: T201 - its output goes to a file


if __name__ == "__main__":
    _renew()
