"""The entry point: it sees to it that Ctrl-C is quiet from the start, and only then imports the command line."""

import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line and end the process with its status."""
    # There is nothing to clean up yet, and click would call it an abort, with status 1. Commands that do have
    # something to clean up put a handler of their own in this one's place.
    signal.signal(signal.SIGINT, _leave)
    _open_closed_streams()
    from picklecheck.cli import cli  # noqa: PLC0415 - after the handler

    sys.exit(cli.main(prog_name="picklecheck"))


def _open_closed_streams() -> None:
    """Keep the numbers of streams that were closed (``>&-``) from files of ours, which would be printed into."""
    while True:
        descriptor = os.open(os.devnull, os.O_RDWR)
        if descriptor > 2:
            os.close(descriptor)
            return


def _leave(_number: int, _frame: FrameType | None) -> None:
    try:
        os.write(2, b"picklecheck: Interrupted.\n")  # past whatever is in the stream's buffer, or holds its lock
    finally:
        os._exit(130)


if __name__ == "__main__":
    main()
