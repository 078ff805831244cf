"""Where a report goes: stdout in one format, and any number of files, each written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from picklecheck.errors import UsageError
from picklecheck.files import write_atomically, write_pieces
from picklecheck.reports.formats import ADDED
from picklecheck.reports.printable import tame
from picklecheck.reports.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.text import Text

    from picklecheck.reports.formats import Rendering

_C = ("C", "POSIX")
_COMMANDS = "github"


def parse_output(text: str, formats: Sequence[str]) -> tuple[str, Path | None]:
    """Read ``FORMAT=PATH`` and see that the file could be written, before any work is done; raises UsageError.

    The path ``-`` is stdout, for which there is no Path.
    """
    form, equals, name = text.partition("=")
    if not equals or not name or form not in formats:
        msg = f"--output {text!r} does not say what and where."
        raise UsageError(msg, f"Write FORMAT=PATH, where FORMAT is one of {', '.join(formats)}.")
    if name == "-":
        return form, None
    path = Path(name)
    if path.is_dir() or not _is_writable(path):
        msg = f"--output {text!r} cannot be written."
        raise UsageError(msg, "The folder must exist and be writable, and the path must not be a folder.")
    return form, path


def _is_writable(path: Path) -> bool:
    if _is_special(path):
        return os.access(path, os.W_OK)
    if _leads_to_itself(path):
        return False
    folder = path.resolve().parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def _leads_to_itself(path: Path) -> bool:
    """Is this a link in a loop? Up to Python 3.12 resolve() says so, later ones take it for the file."""
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def _is_special(path: Path) -> bool:
    """Is this a pipe, a device or the like, which exists and is no regular file?"""
    return path.exists() and not path.is_file()


def write(form: str, path: Path, formats: Mapping[str, Rendering], verbosity: int) -> None:
    """Write the report to a file beside ``path`` and rename it into place; raises UsageError.

    A link keeps pointing where it points, and what is no regular file (a pipe, a device) is written to as it is. What
    stands in the file of a step's summary stays: other commands of the step write there, too.
    """
    hint = "The report is still on stdout."
    if form in ADDED and path.is_file():
        with _telling(path, hint):
            used = path.stat().st_size
            with path.open("ab") as file:
                write_pieces(file, _pieces(form, formats[form](View(verbosity=max(verbosity, 0), used=used))))
    else:
        _write_whole(path, _pieces(form, formats[form](View(verbosity=max(verbosity, 0)))), hint)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises UsageError."""
    _write_whole(path, [text], "The folder must exist and be writable.")


def _write_whole(path: Path, pieces: Iterable[str], hint: str) -> None:
    with _telling(path, hint):
        if _is_special(path):
            # Without O_NONBLOCK a named pipe that nobody reads would be waited for, past every signal.
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_NONBLOCK), "wb") as file:
                os.set_blocking(file.fileno(), True)
                write_pieces(file, pieces)
        else:
            write_atomically(path.resolve(), pieces)


@contextlib.contextmanager
def _telling(path: Path, hint: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"{path} could not be written: {error.strerror}."
        raise UsageError(msg, hint) from error


def _pieces(form: str, rendered: Text | Iterable[str]) -> Iterable[str]:
    plain = getattr(rendered, "plain", None)
    pieces = cast("Iterable[str]", rendered) if plain is None else [plain]
    # Here the commands are meant, and what is in them was made harmless.
    return pieces if form == _COMMANDS else map(tame, pieces)


def show(form: str, formats: Mapping[str, Rendering], verbosity: int, color: str = "auto") -> None:
    """Print the report on stdout; what its encoding has no character for is escaped.

    A reader that goes away has what it wanted, and a stdout that is closed wants nothing. Raises UsageError.
    """
    if sys.stdout is None:
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    width = shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else 80
    view = View(width, ascii_only=is_ascii_wanted(os.environ) or not _can_encode("✓–"), verbosity=verbosity)  # noqa: RUF001
    rendered = formats[form](view)
    is_styled = hasattr(rendered, "plain")
    pieces = [_styled(cast("Text", rendered), view, color)] if is_styled else _pieces(form, rendered)
    try:
        for piece in pieces:
            _print(piece)
        sys.stdout.flush()  # here, where a second Ctrl-C cannot come in between
    except BrokenPipeError:
        forget_stdout()
    except OSError as error:
        forget_stdout()
        msg = f"The report could not be printed: {error.strerror}."
        raise UsageError(msg, "Send stdout somewhere else, or write it with --output.") from error


def say(line: str) -> None:
    """Print a line on stdout, of what is no report. Raises UsageError where that fails."""
    if sys.stdout is None:
        return
    try:
        _print(f"{tame(line)}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        forget_stdout()
        msg = f"stdout could not be written: {error.strerror}."
        raise UsageError(msg, "Send it somewhere else.") from error


def _print(text: str) -> None:
    """Print on stdout, all of it: with PYTHONUNBUFFERED nothing below goes on after a write that a signal cut short."""
    raw = getattr(sys.stdout, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        sys.stdout.write(text)
        return
    data = memoryview(text.encode(sys.stdout.encoding, sys.stdout.errors or "strict"))
    while data:
        written = raw.write(data)
        if written is None:  # nobody reads, and the stream does not wait
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        data = data[written:]


def forget_stdout() -> None:
    """Let what is still in stdout's buffer go nowhere, instead of failing once more at the end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def is_color_wanted(choice: str, environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Return whether stdout is to have colors: NO_COLOR goes before FORCE_COLOR, and both before TERM and terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    return is_terminal and environment.get("TERM") != "dumb"


def is_ascii_wanted(environment: Mapping[str, str]) -> bool:
    """Return whether the user asked for the C locale, in which Python writes UTF-8 all the same (PEP 538, PEP 540).

    Where the first of these variables is Python's own doing, LANG still says what the user wanted.
    """
    if environment.get("PYTHONIOENCODING") or environment.get("PYTHONUTF8") == "1":
        return False
    asked = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    is_coerced = asked in ("C.UTF-8", "C.utf8", "UTF-8") and not environment.get("LC_ALL")
    return asked in _C or (is_coerced and environment.get("LANG") in _C)


def _styled(text: Text, view: View, color: str) -> str:
    from rich.console import Console  # noqa: PLC0415 - rich is for those who want it

    from picklecheck.reports.text import harmless  # noqa: PLC0415 - see above

    is_colored = is_color_wanted(color, os.environ, is_terminal=sys.stdout.isatty())
    # Into a string: rich would end the process where stdout's reader has gone.
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        force_terminal=is_colored,
        # What rich makes of TERM, unless that is to say nothing.
        color_system=("auto" if os.environ.get("TERM") not in (None, "dumb") else "standard") if is_colored else None,
        no_color=not is_colored,
        width=max(view.width, 80),
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(harmless(text), end="", soft_wrap=True)
    return buffer.getvalue()


def check_all(outputs: Sequence[str], formats: Sequence[str]) -> list[tuple[str, Path | None]]:
    """Parse each ``--output``; raises UsageError, for two of one path as well."""
    parsed = [parse_output(text, formats) for text in outputs]
    paths = Counter(path.resolve() for _, path in parsed if path is not None and not _is_special(path))
    twice = [str(path) for path, number in paths.items() if number > 1]
    if twice:
        msg = f"--output names {twice[0]} twice."
        raise UsageError(msg, "Give each format a file of its own.")
    return parsed


def _can_encode(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
