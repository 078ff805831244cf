"""``picklecheck vendor`` in this process, and what it leaves in the working folder."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from picklecheck.cli import cli

COPY = Path("_portable")


def vendor(*arguments: object) -> tuple[int, str]:
    """Run the command in this process; returns its exit status, and what it printed."""
    ended = CliRunner().invoke(cli, ["vendor", *map(str, arguments)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output


def everything() -> dict[str, bytes | None]:
    """Return what the folder holds, at any depth: the content of files, None for folders."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(Path().rglob("*"))}
