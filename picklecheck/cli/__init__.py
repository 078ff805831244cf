"""The command line: one file a command, imported when it is called."""

from picklecheck.cli.group import cli

__all__ = ["cli"]
