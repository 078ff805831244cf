"""How an environment is made: uv installs it, wheels only, and what it has installed is read back, not believed."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Protocol

from packaging.version import Version

from picklecheck.environments.installed import compute_digest, find_damage, measure, read_distributions
from picklecheck.environments.requirements import find_disagreements
from picklecheck.environments.stamp import LAYOUT, Stamp, write_stamp
from picklecheck.environments.uv_errors import find_place_trouble, one_line
from picklecheck.environments.uv_tool import run_uv
from picklecheck.errors import EnvironmentUnavailableError, EnvironmentUnusableError

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping
    from pathlib import Path

    from picklecheck.model import EnvironmentSpec

_MAKING = 120.0
_INSTALLING = 900.0
PLACE_HINT = (
    "Is the disk full, or read-only? "
    "PICKLECHECK_CACHE_DIR says where environments go, and UV_CACHE_DIR where uv's own files do."
)


class Installer(Protocol):
    """Makes a virtual environment with what is asked for. The seam at which tests replace uv.

    ``afresh`` trusts nothing that was downloaded before. Raises PicklecheckError, EnvironmentUnavailableError.
    """

    def __call__(self, spec: EnvironmentSpec, folder: Path, *, afresh: bool) -> None:
        """Install into ``folder``, which is not there yet."""


class UvInstaller:
    """The installer: uv. Nothing is compiled but the user's own editable projects."""

    def __init__(self, stop: threading.Event, settings: Mapping[str, str], *, offline: bool) -> None:
        self._stop = stop
        self._settings = settings
        self._offline = offline

    def __call__(self, spec: EnvironmentSpec, folder: Path, *, afresh: bool) -> None:
        """Install into ``folder``, which is not there yet."""
        making = ["venv", "--quiet", "--relocatable", "--no-python-downloads", "--no-project"]
        self._run([*making, "--python", spec.python, str(folder)], _MAKING)
        # Pydantic stays what the axis says, also where the user's pins disagree.
        exact = [f"pydantic=={spec.pydantic}", f"cloudpickle=={spec.cloudpickle}"]
        overrides = folder / "picklecheck-overrides.txt"
        overrides.write_text("\n".join(exact) + "\n", encoding="utf-8")
        installing = ["pip", "install", "--quiet", "--only-binary", ":all:", "--python", str(folder / "bin" / "python")]
        if spec.requirements or spec.editables or spec.requirement_files:
            installing += ["--override", str(overrides)]
        if afresh:
            installing += ["--no-cache"]
        installing += [word for path in spec.editables for word in ("--editable", path)]
        installing += [word for path in spec.requirement_files for word in ("--requirement", path)]
        self._run([*installing, "--", *exact, *spec.requirements], _INSTALLING)

    def _run(self, arguments: list[str], timeout: float) -> None:
        if self._offline:  # before "--"
            arguments = [arguments[0], "--offline", *arguments[1:]]
        ended = run_uv(arguments, self._stop, settings=self._settings, timeout=timeout)
        if ended.status == 0:
            return
        if ended.status is None:
            msg = f"uv did not come to an end within {timeout:.0f} seconds"
            raise EnvironmentUnavailableError(msg)
        trouble = find_place_trouble(ended.stderr)
        if trouble:
            msg = f"uv could not build an environment: {trouble}."
            raise EnvironmentUnusableError(msg, PLACE_HINT)
        reason = one_line(ended.stderr)
        raise EnvironmentUnavailableError(
            f"not in the cache, and --offline was asked for: {reason}" if self._offline else reason
        )


def build(  # noqa: PLR0913 - what, where, and how carefully
    spec: EnvironmentSpec, folder: Path, key: str, install: Installer, *, deep: bool, afresh: bool
) -> Stamp | None:
    """Make an environment in a folder that is not there yet, and stamp it.

    None if its files are not what its packages say. Those that uv keeps were damaged then, and are shared by all
    environments: build it ``afresh``. Raises PicklecheckError, EnvironmentUnavailableError, OSError.
    """
    install(spec, folder, afresh=afresh)
    distributions = read_distributions(folder)
    damage = find_damage(distributions, deep=deep or afresh)
    if damage:
        if afresh:
            raise EnvironmentUnavailableError(damage[0].rstrip("."))
        return None
    packages = {one.name: one.version for one in distributions}
    _require_what_was_asked_for(spec, packages)
    files, total = measure(folder)
    stamp = Stamp(
        layout=LAYOUT,
        key=key,
        spec=spec,
        digest=compute_digest(folder, distributions),
        packages=packages,
        notes=find_disagreements(spec, distributions),
        built_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        files=files,
        bytes=total,
    )
    write_stamp(folder, stamp)
    return stamp


def _require_what_was_asked_for(spec: EnvironmentSpec, packages: Mapping[str, str]) -> None:
    for name, version in (("pydantic", spec.pydantic), ("cloudpickle", spec.cloudpickle)):
        found = packages.get(name)
        if found is None or Version(found) != Version(version):
            msg = f"{name} {version} was asked for, and uv installed {found or 'none'}"
            raise EnvironmentUnavailableError(msg)
