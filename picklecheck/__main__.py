"""The entry point: the command line is imported inside the guard, so that Ctrl-C is quiet from the start."""

import sys


def main() -> None:
    """Run the command line and end the process with its status."""
    try:
        from picklecheck.cli import cli  # noqa: PLC0415 - see above

        sys.exit(cli.main(prog_name="picklecheck", standalone_mode=True))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
