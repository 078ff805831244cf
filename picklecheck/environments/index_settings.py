"""Where packages come from: uv's settings if it has any, since uv builds; otherwise pip's, translated for uv.

uv reads its own settings and none of pip's. pip is asked only which releases there are, and is told what uv was told.
"""

from __future__ import annotations

import configparser
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from picklecheck.files import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What else in uv's settings decides which packages an environment gets.
_DECISIVE_KEYS = (
    "constraint-dependencies",
    "exclude-newer",
    "index-strategy",
    "override-dependencies",
    "pip",
    "prerelease",
    "resolution",
    "sources",
)
_DECISIVE_VARIABLES = (
    "UV_CONSTRAINT",
    "UV_EXCLUDE_NEWER",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_INDEX",
    "UV_INDEX_STRATEGY",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_NO_INDEX",
    "UV_PRERELEASE",
    "UV_RESOLUTION",
    "UV_TORCH_BACKEND",
)


@dataclass(frozen=True)
class Indexes:
    """Where packages come from, in neither tool's words. ``main`` None is the tool's default."""

    main: str | None = None
    extra: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    none: bool = False

    def __or__(self, weaker: Indexes) -> Indexes:
        """Fill what is not set here."""
        return Indexes(
            self.main or weaker.main,
            tuple(dict.fromkeys(self.extra + weaker.extra)),
            tuple(dict.fromkeys(self.links + weaker.links)),
            self.none or weaker.none,
        )


@dataclass(frozen=True)
class IndexSettings:
    """Variables to add for uv and for pip, and whatever else in uv's settings decides the content of an environment."""

    for_uv: Mapping[str, str] = field(default_factory=dict)
    for_pip: Mapping[str, str] = field(default_factory=dict)
    decisive: Mapping[str, Any] = field(default_factory=dict)


def working_folder() -> Path:
    """Return the current folder; the root where it was removed meanwhile."""
    try:
        return Path.cwd()
    except OSError:
        return Path("/")


def home_folder() -> Path:
    """Return the user's folder; one that cannot be there where neither HOME nor the system knows it."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.devnull)


def read_index_settings(environment: Mapping[str, str], folder: Path) -> IndexSettings:
    """Read what uv and pip would read in ``folder``, the working folder. Files that cannot be read count as empty.

    uv complains about its own; whoever has a broken one is told by uv.
    """
    tables = [*_uv_tables(environment, folder)]
    decisive: dict[str, Any] = {name: environment[name] for name in _DECISIVE_VARIABLES if environment.get(name)}
    for number, table in enumerate(tables):
        decisive |= {f"{number} {key}": table[key] for key in _DECISIVE_KEYS if key in table}
    of_uv = uv_indexes_of_variables(environment)
    for table in tables:
        of_uv |= uv_indexes_of_table(table)
    if of_uv != Indexes():
        for_pip = to_pip(of_uv)
        return IndexSettings({}, for_pip, {**decisive, **for_pip})
    for_uv = to_uv(_pip_settings(environment))
    return IndexSettings(for_uv, {}, {**decisive, **for_uv})


def uv_indexes_of_variables(environment: Mapping[str, str]) -> Indexes:
    """Read uv's variables; several indexes are divided by spaces, and may be named (``name=url``)."""

    def urls(name: str) -> tuple[str, ...]:
        return tuple(_without_name(word) for word in environment.get(name, "").split())

    main = urls("UV_DEFAULT_INDEX") or urls("UV_INDEX_URL")
    links = tuple(word for word in environment.get("UV_FIND_LINKS", "").replace(",", " ").split())
    none = environment.get("UV_NO_INDEX", "").lower() in ("1", "true", "yes", "on", "y", "t")
    return Indexes(main[0] if main else None, urls("UV_INDEX") + urls("UV_EXTRA_INDEX_URL"), links, none)


def uv_indexes_of_table(table: Mapping[str, Any]) -> Indexes:
    """Read a uv.toml or a ``[tool.uv]``. Indexes for named packages alone (``explicit``) are left out."""
    try:
        return _read_uv_table(table)
    except (AttributeError, KeyError, TypeError):
        # Not what uv expects there: it says so itself, in the words of whoever reads its own settings best.
        return Indexes()


def _read_uv_table(table: Mapping[str, Any]) -> Indexes:
    found = Indexes()
    for part in (table.get("pip", {}), table):
        listed = [index for index in part.get("index", []) if not index.get("explicit")]
        defaults = [index["url"] for index in listed if index.get("default")]
        found |= Indexes(
            defaults[0] if defaults else part.get("index-url"),
            (
                *(index["url"] for index in listed if not index.get("default")),
                *part.get("extra-index-url", []),
            ),
            tuple(part.get("find-links", [])),
            bool(part.get("no-index")),
        )
    "".join((found.main or "", *found.extra, *found.links))  # a TypeError for what is no string
    return found


def to_pip(indexes: Indexes) -> dict[str, str]:
    """Say it in pip's variables, which win over pip's files."""
    said = {}
    if indexes.main:
        said["PIP_INDEX_URL"] = indexes.main
    if indexes.extra or indexes.main:
        # Naming the main one again keeps out what pip's files name, for an empty variable counts as none.
        said["PIP_EXTRA_INDEX_URL"] = " ".join(indexes.extra) or str(indexes.main)
    if indexes.links:
        said["PIP_FIND_LINKS"] = " ".join(indexes.links)
    if indexes.none:
        said["PIP_NO_INDEX"] = "1"
    return said


def to_uv(options: Mapping[str, str]) -> dict[str, str]:
    """Say pip's options in uv's variables.

    pip takes the best release of all indexes, hence the strategy. Local ones that are not there are left out: pip goes
    on without them, and uv would not.
    """
    said = {}
    extra = [url for url in options.get("extra-index-url", "").split() if _is_there(url)]
    links = [place for place in options.get("find-links", "").split() if _is_there(place)]
    if options.get("index-url"):
        said["UV_DEFAULT_INDEX"] = options["index-url"].strip()
    if extra:
        said["UV_INDEX"] = " ".join(extra)
        said["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if links:
        said["UV_FIND_LINKS"] = ",".join(links)
    if options.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        said["UV_NO_INDEX"] = "1"
    if options.get("trusted-host"):
        said["UV_INSECURE_HOST"] = " ".join(options["trusted-host"].split())
    if options.get("cert") and not os.environ.get("SSL_CERT_FILE"):
        said["SSL_CERT_FILE"] = options["cert"].strip()
    if options.get("proxy") and not os.environ.get("ALL_PROXY"):
        said["ALL_PROXY"] = options["proxy"].strip()
    return said


def _without_name(index: str) -> str:
    name, found, url = index.partition("=")
    return url if found and "://" not in name else index


def _is_there(place: str) -> bool:
    try:
        parts = urlsplit(place)
    except ValueError:
        return True  # uv will say what is wrong with it
    if parts.scheme == "file":
        return Path(unquote(parts.path)).is_dir()
    return bool(parts.scheme) or os.path.exists(os.path.expanduser(place))  # noqa: PTH110, PTH111 - "~x" may be nobody


def _uv_tables(environment: Mapping[str, str], folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield uv's settings from the nearest to the farthest file, as uv looks for them."""
    if environment.get("UV_CONFIG_FILE"):
        yield _toml(Path(environment["UV_CONFIG_FILE"]))
        return
    if environment.get("UV_NO_CONFIG"):
        return
    for parent in (folder, *folder.parents):
        if (parent / "uv.toml").is_file():
            yield _toml(parent / "uv.toml")
            break
        tools = _toml(parent / "pyproject.toml").get("tool")
        table = tools.get("uv") if isinstance(tools, dict) else None
        if isinstance(table, dict):
            yield table
            break
    home = environment.get("XDG_CONFIG_HOME")
    yield _toml((Path(home) if home else home_folder() / ".config") / "uv" / "uv.toml")
    for system in (*environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"), "/etc"):
        if (Path(system) / "uv" / "uv.toml").is_file():
            yield _toml(Path(system) / "uv" / "uv.toml")
            break


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return parse_toml(path.read_bytes().decode())
    except (OSError, ValueError, RecursionError):
        return {}


def _pip_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return pip's options as ``pip config list`` has them, which takes a quarter of a second to say so.

    From the weakest to the strongest: the system's files, the user's, the virtual environment's, PIP_CONFIG_FILE, and
    the variables; ``[install]`` over ``[global]``.
    """
    in_global: dict[str, str] = {}
    in_install: dict[str, str] = {}
    for path in _pip_files(environment):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (OSError, ValueError, configparser.Error):
            continue
        for section, options in (("global", in_global), ("install", in_install)):
            if parser.has_section(section):
                options |= {key.replace("_", "-"): value for key, value in parser.items(section)}
    variables = {
        name[len("PIP_") :].lower().replace("_", "-"): value
        for name, value in environment.items()
        if name.startswith("PIP_") and value
    }
    return {**in_global, **in_install, **variables}


def _pip_files(environment: Mapping[str, str]) -> Iterator[Path]:
    chosen = environment.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return
    home = home_folder()
    if sys.platform == "darwin":
        yield Path("/Library/Application Support/pip/pip.conf")
    for folder in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    of_mac = home / "Library" / "Application Support" / "pip"
    if sys.platform == "darwin" and of_mac.is_dir():
        yield of_mac / "pip.conf"
    else:
        config = environment.get("XDG_CONFIG_HOME")
        yield (Path(config) if config else home / ".config") / "pip" / "pip.conf"
    yield Path(sys.prefix) / "pip.conf"
    if chosen:
        yield Path(chosen)
