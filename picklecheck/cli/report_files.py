"""JSON reports as arguments of a command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from picklecheck.errors import UsageError
from picklecheck.reports.json_format.reader import read_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.reports.json_format.reader import ReadReport


def read_reports(names: Sequence[str]) -> tuple[ReadReport, ...]:
    """Read the reports of these names, ``-`` from stdin; raises UsageError."""
    return tuple(read_report("stdin" if name == "-" else name, _text(name)) for name in names)


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"{name} is not UTF-8, and no report."
        raise UsageError(msg, "Give a file that '--output json=FILE' wrote.") from error
    except OSError as error:
        msg = f"{name} cannot be read: {error.strerror}."
        raise UsageError(msg, "Give a file that '--output json=FILE' wrote.") from error
