"""Where a report goes: stdout in one format, and any number of files, each written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError
from picklecheck.reports import json_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.gate import ExitStatus
    from picklecheck.model import Report

FORMATS = ("grid", "json")


def parse_output(text: str) -> tuple[str, Path]:
    """Read ``FORMAT=PATH`` and see that the file could be written, before any work is done; raises UsageError."""
    form, equals, name = text.partition("=")
    if not equals or not name or form not in FORMATS:
        msg = f"--output {text!r} does not say what and where."
        raise UsageError(msg, f"Write FORMAT=PATH, where FORMAT is one of {', '.join(FORMATS)}.")
    path = Path(name)
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        msg = f"--output {text!r} cannot be written."
        raise UsageError(msg, "The folder must exist and be writable, and the path must not be a folder.")
    return form, path


def write(form: str, path: Path, report: Report, status: ExitStatus, verbosity: int) -> None:
    """Write the report to a file beside ``path`` and rename it into place; raises UsageError."""
    if form == "json":
        text = json_report.render(report, status)
    else:
        from picklecheck.reports import grid  # noqa: PLC0415 - rich is for those who want it

        text = grid.render(report, grid.Look(verbosity=max(verbosity, 0))).plain
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        msg = f"{path} could not be written: {error.strerror}."
        raise UsageError(msg, "The report is still on stdout.") from error


def show(form: str, report: Report, status: ExitStatus, verbosity: int) -> None:
    """Print the report on stdout."""
    if form == "json":
        sys.stdout.write(json_report.render(report, status))
        return
    from rich.console import Console  # noqa: PLC0415 - rich is for those who want it

    from picklecheck.reports import grid  # noqa: PLC0415

    width = shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else 80
    look = grid.Look(width, ascii_only=not _can_encode("✓–"), verbosity=verbosity)  # noqa: RUF001
    console = Console(width=max(width, 80), highlight=False, markup=False, emoji=False)
    console.print(grid.render(report, look), end="", soft_wrap=True)


def check_all(outputs: Sequence[str]) -> list[tuple[str, Path]]:
    """Parse each ``--output``; raises UsageError."""
    return [parse_output(text) for text in outputs]


def _can_encode(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
