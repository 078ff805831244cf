"""The module that starts processes, with real ones."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from picklecheck.errors import InterruptedEarlyError
from picklecheck.processes import Completed, run_tool

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 10.0
TEN_MB = 10_000_000
# A grandchild that tells its id, as the shell starts it; and one that does not mind being asked to end.
SLEEP = 'sleep 100 & echo $! > "$0"'
STUBBORN = """sh -c 'trap "" TERM; echo $$ > "$0"; exec sleep 100' "$0" &"""


def run_python(program: str, *, timeout: float = PATIENCE) -> Completed:
    return run_tool([sys.executable, "-S", "-c", program], threading.Event(), timeout=timeout)


def wait_until(is_met: Callable[[], bool]) -> None:
    """Wait for something that a process does."""
    deadline = time.monotonic() + PATIENCE
    while not is_met():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def is_alive(pid: int) -> bool:
    """Tell whether a process is there, and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


def read_pid(path: Path) -> int:
    wait_until(lambda: path.is_file() and path.read_text("utf-8").endswith("\n"))
    return int(path.read_text("utf-8"))


def test_a_tool_that_ends_tells_its_status_and_its_output() -> None:
    ended = run_python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")

    assert ended == Completed(7, "out\n", "err\n")


def test_a_tool_that_a_signal_ended_has_a_negative_status() -> None:
    assert run_python("import os; os.kill(os.getpid(), 9)").status == -9


def test_much_output_on_both_streams_blocks_nothing() -> None:
    ended = run_python(
        f"import sys; sys.stderr.write('e' * {TEN_MB}); sys.stdout.write('o' * {TEN_MB}); sys.stderr.write('.')"
    )

    assert ended.status == 0
    assert ended.stdout == "o" * TEN_MB
    assert ended.stderr == "e" * TEN_MB + "."


def test_output_that_is_no_text_is_read_as_far_as_it_is() -> None:
    ended = run_python(r"import sys; sys.stdout.buffer.write(b'a\xffb \xe2\x98\x83')")

    assert ended.stdout == "a\N{REPLACEMENT CHARACTER}b \N{SNOWMAN}"


def test_nothing_comes_from_stdin() -> None:
    ours = os.dup(0)
    reading, writing = os.pipe()
    try:
        os.dup2(reading, 0)
        os.write(writing, b"an answer that is not meant for a tool\n")
        ended = run_python("import sys; print(repr(sys.stdin.read()))")
    finally:
        os.dup2(ours, 0)
        for number in (ours, reading, writing):
            os.close(number)

    assert ended.stdout == "''\n"


def test_a_tool_leads_a_session_of_its_own() -> None:
    ended = run_python("import os; print(os.getsid(0) == os.getpgid(0) == os.getpid())")

    assert ended.stdout == "True\n"


def test_a_tool_runs_where_and_with_the_variables_that_it_is_given(tmp_path: Path) -> None:
    ended = run_tool(
        ["/bin/sh", "-c", "pwd -P; echo $MARK $HOME"],
        threading.Event(),
        timeout=PATIENCE,
        environment={"MARK": "here"},
        folder=tmp_path,
    )

    assert ended.stdout == f"{tmp_path.resolve()}\nhere\n"


@pytest.mark.parametrize("name", ["no-such-program-of-picklecheck", "/no/such/program", __file__, "/"])
def test_what_cannot_be_started_is_an_os_error(name: str) -> None:
    with pytest.raises(OSError, match=r"No such file|Permission denied"):
        run_tool([name], threading.Event(), timeout=PATIENCE)


def test_a_tool_whose_time_is_up_has_no_status_but_what_it_said() -> None:
    started = time.monotonic()
    ended = run_tool(["/bin/sh", "-c", "echo begun; exec sleep 100"], threading.Event(), timeout=0.2)

    assert ended == Completed(None, "begun\n", "")
    assert time.monotonic() - started < PATIENCE


def test_a_tool_whose_time_is_up_may_tidy_up() -> None:
    program = "trap 'echo tidied; exit 5' TERM; echo begun; sleep 100 & wait"

    assert run_tool(["/bin/sh", "-c", program], threading.Event(), timeout=0.2) == Completed(
        None, "begun\ntidied\n", ""
    )


def test_when_its_time_is_up_its_children_end_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    ended = run_tool(["/bin/sh", "-c", f"{SLEEP}; wait", str(note)], threading.Event(), timeout=0.3)
    child = read_pid(note)

    assert ended.status is None
    wait_until(lambda: not is_alive(child))


def test_a_child_that_ignores_the_signal_ends_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    ended = run_tool(["/bin/sh", "-c", f"{STUBBORN} wait", str(note)], threading.Event(), timeout=0.3)
    child = read_pid(note)

    assert ended.status is None
    wait_until(lambda: not is_alive(child))


def test_what_a_tool_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    ended = run_tool(["/bin/sh", "-c", f"{SLEEP}; exit 3", str(note)], threading.Event(), timeout=PATIENCE)
    child = read_pid(note)

    assert ended.status == 3
    wait_until(lambda: not is_alive(child))


def test_stop_ends_a_tool_and_its_children(tmp_path: Path) -> None:
    note, stop = tmp_path / "pid", threading.Event()

    def set_stop() -> None:
        read_pid(note)
        stop.set()

    thread = threading.Thread(target=set_stop)
    thread.start()
    started = time.monotonic()
    with pytest.raises(InterruptedEarlyError):
        run_tool(["/bin/sh", "-c", f"{SLEEP}; wait", str(note)], stop, timeout=100)
    thread.join()
    child = read_pid(note)

    assert time.monotonic() - started < PATIENCE
    wait_until(lambda: not is_alive(child))


def test_after_stop_a_tool_is_ended_at_once() -> None:
    stop = threading.Event()
    stop.set()
    started = time.monotonic()
    with pytest.raises(InterruptedEarlyError):
        run_tool(["/bin/sh", "-c", "exec sleep 100"], stop, timeout=100)

    assert time.monotonic() - started < PATIENCE


def test_no_process_outlives_an_error_of_ours(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    class Interrupting(threading.Event):
        """Stands for a KeyboardInterrupt in the middle of the wait."""

        def is_set(self) -> bool:
            read_pid(note)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_tool(["/bin/sh", "-c", f"{SLEEP}; wait", str(note)], Interrupting(), timeout=100)

    wait_until(lambda: not is_alive(read_pid(note)))
