"""An interpreter that is already there: the CLI's own, or the one that the user points at."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from picklecheck.errors import UsageError

# Of a path that is too long, in characters.
_MAX_SHOWN = 200


def find_interpreter(path: str | None) -> Path:
    """Return the absolute path of an interpreter (default: this one); raises UsageError.

    Links are not followed: it is the link's place that makes a virtual environment's interpreter its own.
    """
    if path is None:
        return Path(sys.executable)
    found = Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100, PTH111 - resolve() would follow links
    try:
        if found.is_dir():
            found = found / "bin" / "python"
        is_file = found.is_file()
    except OSError as error:  # a folder that we may not look into, a name that is too long
        msg = f"{str(path)[:_MAX_SHOWN]!r} cannot be looked at: {error.strerror}."
        raise UsageError(msg, "Give --python the path of a Python, as in --python .venv/bin/python.") from error
    if not is_file:
        msg = f"There is no interpreter at {path!r}."
        raise UsageError(msg, "Give --python the path of a Python, as in --python .venv/bin/python.")
    if not os.access(found, os.X_OK):
        msg = f"{path!r} cannot be executed."
        raise UsageError(msg, "Give --python the path of a Python, as in --python .venv/bin/python.")
    return found
