"""An installer that writes a small environment by hand, in milliseconds and without uv."""

from __future__ import annotations

import base64
import hashlib
import shlex
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from picklecheck.environments.cache import EnvironmentCache
from picklecheck.model import EnvironmentSpec

SPEC = EnvironmentSpec(sys.executable, "3.11.7", "2.13.5", "3.1.2")


@dataclass
class FakeInstaller:
    """Stands in for uv. Files are as their RECORD says, but in the first ``damaged`` builds.

    An environment whose interpreter ``starts`` has the packages of this one, whatever was asked for; in the first
    ``broken`` builds it starts and fails.
    """

    slow: float = 0.0
    damaged: int = 0
    starts: bool = False
    broken: int = 0
    error: Exception | None = None
    requires: tuple[str, ...] = ()
    local: bool = False
    calls: list[bool] = field(default_factory=list)

    def __call__(self, spec: EnvironmentSpec, folder: Path, *, afresh: bool) -> None:
        self.calls.append(afresh)
        if self.error is not None:
            folder.mkdir(parents=True)
            raise self.error
        site = folder / "lib" / "python3.11" / "site-packages"
        (folder / "bin").mkdir(parents=True)
        self._make_python(folder / "bin" / "python")
        (folder / "pyvenv.cfg").write_text("home = somewhere\nimplementation = CPython\nversion_info = 3.11.7\n")
        time.sleep(self.slow)
        install(site, "pydantic", spec.pydantic)
        install(site, "cloudpickle", spec.cloudpickle)
        if self.requires or self.local:
            install(site, "My_Models", "1.0", self.requires, local=self.local)
        if len(self.calls) <= self.damaged:
            (site / "pydantic" / "__init__.py").write_text("shorter")

    def _make_python(self, path: Path) -> None:
        if not self.starts:
            path.symlink_to(sys.executable)
            return
        command = "exit 1" if len(self.calls) <= self.broken else f'exec {shlex.quote(sys.executable)} "$@"'
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)


def install(site: Path, name: str, version: str, requires: tuple[str, ...] = (), *, local: bool = False) -> None:
    """Write a package with its dist-info."""
    files = {
        f"{name}/__init__.py": f"VERSION = {version!r}\n",
        f"{name}-{version}.dist-info/METADATA": "\n".join(
            [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {line}" for line in requires), "", "Text"]
        ),
        f"{name}-{version}.dist-info/INSTALLER": "uv",
    }
    if local:
        files[f"{name}-{version}.dist-info/direct_url.json"] = '{"url": "file:///x", "dir_info": {"editable": true}}'
    lines = []
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text.encode())}")
    record = f"{name}-{version}.dist-info/RECORD"
    (site / record).write_text("\n".join([*lines, f"{record},,"]) + "\n")


def make_cache(
    root: Path, installer: FakeInstaller | None = None, stop: threading.Event | None = None
) -> EnvironmentCache:
    """Return a cache whose environments are written by hand."""
    return EnvironmentCache(root, stop or threading.Event(), install=installer or FakeInstaller())


if __name__ == "__main__":  # a process of its own: ROOT SECONDS
    built = make_cache(Path(sys.argv[1]), FakeInstaller(slow=float(sys.argv[2]))).get(SPEC)
    print(built.was_built, built.python.exists())  # noqa: T201 - its answer
