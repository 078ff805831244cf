"""Files that are there as a whole or not at all, files that are none, and files nested too deeply to be read."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import IO, TYPE_CHECKING, Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Far beyond what picklecheck writes.
DEEPEST = 100


def write_atomically(path: Path, pieces: Iterable[str]) -> None:
    """Write a text file under another name and rename it; raises OSError. It may be read by whom the umask says."""
    temporary = path.parent / f".picklecheck-{os.urandom(6).hex()}"
    try:
        with temporary.open("xb") as file:
            write_pieces(file, pieces)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_pieces(file: IO[bytes], pieces: Iterable[str]) -> None:
    """Write text as UTF-8; what is no text that it can say is escaped."""
    for piece in pieces:
        file.write(piece.encode("utf-8", "backslashreplace"))


def parse_toml(text: str) -> dict[str, Any]:
    """Return what a TOML document says; raises ValueError, and RecursionError."""
    return tomllib.loads(text)


def read_regular(path: Path) -> bytes:
    """Read a file; raises OSError, also for a named pipe or a device, which would be waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", os.fspath(path))
    return path.read_bytes()


def is_too_deep(document: object) -> bool:
    """Is a value that was read from JSON nested deeper than any of ours?

    What lies near the parser's limit can be read, and neither compared nor written again.
    """
    level = [document]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _members(one)]
        if not level:
            return False
    return True


def _members(one: object) -> list[object]:
    if isinstance(one, dict):
        return list(one.values())
    return one if isinstance(one, list) else []
