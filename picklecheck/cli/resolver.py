"""What versions and interpreters the user's words come to: on this machine, and on the package index of today."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

from picklecheck.cli.version_options import make_extras
from picklecheck.environments.cache import cache_root
from picklecheck.environments.pythons import find_python
from picklecheck.environments.releases import exists, list_releases
from picklecheck.errors import UsageError
from picklecheck.plan.environments import Versions, make_specs
from picklecheck.plan.exclude_rules import check_rules
from picklecheck.plan.version_specs import select_releases

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterable, Sequence

    from picklecheck.cli.version_options import InstallPolicy
    from picklecheck.model import Cell, EnvironmentSpec
    from picklecheck.plan.matrix_file import MatrixFile


class Resolver:
    """Asks the index for each package once."""

    def __init__(self, sources: InstallPolicy, stop: threading.Event) -> None:
        self._sources = sources
        self._stop = stop
        # The listings take most of a second each, where they are not kept from the last hour.
        pool = ThreadPoolExecutor(2)
        self._listings = {name: pool.submit(self._list, name) for name in ("pydantic", "cloudpickle")}
        pool.shutdown(wait=False)

    def releases(self, name: str) -> tuple[Version, ...]:
        """Return the releases of a package; raises EnvironmentUnusableError."""
        return self._listings[name].result()

    def versions(self, given: MatrixFile) -> Versions:
        """Return exact versions, each once; raises PicklecheckError."""
        download = self._sources.download
        found = [find_python(one, self._stop, download=download) for one in given.python or (sys.executable,)]
        by_version: dict[str, str] = {}
        for one in found:
            path = by_version.setdefault(one.version, str(one.path))
            if os.path.realpath(path) != os.path.realpath(one.path):
                msg = f"{path} and {one.path} are both Python {one.version}."
                raise UsageError(msg, "Give one of them: environments are told apart by their versions.")
        return Versions(
            tuple((path, version) for version, path in by_version.items()),
            self.select("pydantic", given.pydantic),
            self.select("cloudpickle", given.cloudpickle or ("latest",)),
        )

    def specs(
        self,
        given: MatrixFile,
        versions: Versions,
        cells: Iterable[Cell] = (),
        scenarios: Collection[str] | None = None,
    ) -> tuple[EnvironmentSpec, ...]:
        """Return the environments of the version axes, with what ``cells`` need; raises PicklecheckError."""
        check_rules(
            given.exclude,
            pydantic=[*self.releases("pydantic"), *map(Version, versions.pydantics)],
            cloudpickle=[*self.releases("cloudpickle"), *map(Version, versions.cloudpickles)],
            scenarios=scenarios,
        )
        extras = make_extras(given)
        if any(cell.serializer.name == "dill" for cell in cells):
            extras = replace(extras, requirements=(*extras.requirements, "dill"))
        return make_specs(versions, extras, given.exclude)

    def select(self, name: str, specs: Sequence[str]) -> tuple[str, ...]:
        """Return the releases that ``specs`` ask for; raises PicklecheckError."""

        def is_known(version: str) -> bool:
            return exists(name, version, stop=self._stop, offline=self._sources.offline)

        return select_releases(name, specs, self.releases(name), is_known=is_known)

    def _list(self, name: str) -> tuple[Version, ...]:
        offline = self._sources.offline
        return list_releases(name, cache_root=cache_root(), stop=self._stop, offline=offline, pre=True).versions
