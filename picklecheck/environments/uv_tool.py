"""The uv program, which the package of that name brings along: where it is, and how it is called."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from picklecheck import processes
from picklecheck.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from picklecheck.processes import Completed

_DROPPED = {
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    # What would turn a build into another one than was asked for.
    "UV_BREAK_SYSTEM_PACKAGES",
    "UV_COMPILE_BYTECODE",
    "UV_NO_BINARY",
    "UV_NO_DEPS",
    "UV_OVERRIDE",
    "UV_PYTHON",
    "UV_REQUIRE_HASHES",
    "UV_SYSTEM_PYTHON",
    "UV_VENV_SEED",
    "UV_WORKING_DIR",
}


# uv asks sysconfig, whose first call in one thread shows another one half of its tables.
_FINDING = threading.Lock()


def find_uv() -> str:
    """Return the path of uv; raises EnvironmentUnusableError."""
    try:
        import uv  # noqa: PLC0415 - only commands that build environments need it

        with _FINDING:
            found = uv.find_uv_bin()
    except (ImportError, FileNotFoundError) as error:
        msg = "uv, which builds the environments, is not installed beside picklecheck."
        raise EnvironmentUnusableError(msg, "Install it there: python -m pip install uv.") from error
    return os.fspath(found)


def tool_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for uv and pip: ours without what points into another Python, and ``settings``."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED and not name.startswith("PYTHON")}
    return {**kept, "UV_NO_PROGRESS": "1", "NO_COLOR": "1", **settings}


def run_uv(
    arguments: Sequence[str], stop: threading.Event, *, settings: Mapping[str, str], timeout: float
) -> Completed:
    """Run uv to its end; raises EnvironmentUnusableError if it cannot be started, InterruptedEarlyError."""
    command = [find_uv(), *arguments]
    try:
        return processes.run_tool(command, stop, timeout=timeout, environment=tool_environment(settings))
    except OSError as error:
        msg = f"uv, which builds the environments, cannot be started: {error.strerror}."
        raise EnvironmentUnusableError(msg, "Install it again: python -m pip install --force-reinstall uv.") from error
