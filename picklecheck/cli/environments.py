"""What the commands share that look at many versions: options, and what they come to on this machine."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from picklecheck.environments.cache import cache_root
from picklecheck.environments.index import exists, list_releases
from picklecheck.environments.pythons import find_python
from picklecheck.errors import UsageError
from picklecheck.matrix_plan import Extras, Versions
from picklecheck.versions import select_releases

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from packaging.version import Version

Function = TypeVar("Function", bound="Callable[..., Any]")


@dataclass(frozen=True)
class Sources:
    """Where releases and interpreters may come from: ``offline`` what is known here, ``download`` new Pythons too."""

    offline: bool = False
    download: bool = False


def install_options(function: Function) -> Function:
    """Add what is installed: ``python``, ``cloudpickle``, ``requirements``, ``editables``, ``requirement_files``."""
    for option in (
        click.option("--download-pythons", "download", is_flag=True, help="Have uv download Pythons that are missing."),
        click.option("--offline", is_flag=True, help="Use what is cached, and name what is missing."),
        click.option(
            "--with-requirements",
            "requirement_files",
            multiple=True,
            metavar="FILE",
            help="Install these requirements too; Pydantic stays what its axis says.",
        ),
        click.option("--with-editable", "editables", multiple=True, metavar="PATH", help="Install this project too."),
        click.option("--with", "requirements", multiple=True, metavar="REQUIREMENT", help="Install this package too."),
        click.option(
            "--cloudpickle",
            "cloudpickles",
            multiple=True,
            metavar="SPEC",
            help="Releases of cloudpickle, in the words of --pydantic.  [default: latest]",
        ),
        click.option(
            "--python",
            "pythons",
            multiple=True,
            metavar="VERSION|PATH",
            help="A Python, such as 3.12 or .venv/bin/python.  [default: the one that runs picklecheck]",
        ),
    ):
        function = option(function)
    return function


def make_extras(requirements: Sequence[str], editables: Sequence[str], requirement_files: Sequence[str]) -> Extras:
    """Check what is to be installed besides; raises UsageError."""
    for name in editables:
        if not any((Path(name) / marker).is_file() for marker in ("pyproject.toml", "setup.py", "setup.cfg")):
            msg = f"--with-editable {name!r} is no Python project."
            raise UsageError(msg, "It must be a folder with a pyproject.toml or a setup.py.")
    for name in requirement_files:
        if not Path(name).is_file():
            msg = f"--with-requirements {name!r} is no file."
            raise UsageError(msg, "Give the path of a requirements file.")
    return Extras(
        tuple(requirements),
        tuple(str(Path(name).resolve()) for name in editables),
        tuple(str(Path(name).resolve()) for name in requirement_files),
    )


class Resolver:
    """Turns what the user asked for into exact versions, asking the index for each package once."""

    def __init__(self, sources: Sources, stop: threading.Event) -> None:
        self._sources = sources
        self._stop = stop
        self._pool = ThreadPoolExecutor(2)
        # The listings take most of a second each, where they are not kept from the last hour.
        self._listings = {name: self._pool.submit(self._list, name) for name in ("pydantic", "cloudpickle")}
        self._pool.shutdown(wait=False)

    def releases(self, name: str) -> tuple[Version, ...]:
        """Return the releases of a package; raises EnvironmentUnusableError."""
        return self._listings[name].result()

    def versions(self, pydantics: Sequence[str], pythons: Sequence[str], cloudpickles: Sequence[str]) -> Versions:
        """Return exact versions, each once; raises PicklecheckError."""
        found = [
            find_python(request, self._stop, download=self._sources.download)
            for request in pythons or (sys.executable,)
        ]
        return Versions(
            tuple(dict.fromkeys((str(one.path), one.version) for one in found)),
            self.select("pydantic", pydantics),
            self.select("cloudpickle", cloudpickles or ("latest",)),
        )

    def select(self, name: str, specs: Sequence[str]) -> tuple[str, ...]:
        """Return the releases that ``specs`` ask for; raises PicklecheckError."""

        def is_known(version: str) -> bool:
            return exists(name, version, stop=self._stop, offline=self._sources.offline)

        return select_releases(name, specs, self.releases(name), is_known=is_known)

    def _list(self, name: str) -> tuple[Version, ...]:
        listed = list_releases(name, cache_root=cache_root(), stop=self._stop, offline=self._sources.offline, pre=True)
        return listed.versions
