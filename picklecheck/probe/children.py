"""Start one child, watch it to its end, and return what it said and how it ended. The only place that starts any.

A child has a process group of its own. It may hang, crash, print without end, close what it was
given or leave children behind: none of that may reach the server or the next child.
"""

import builtins
import json
import os
import selectors
import signal
import sys
import time
import types

from .role import HOOKS

# How much of the child's two streams is kept, from their ends, in bytes.
TAIL = 4000
# How long a child that hung may take to print its stack and die before it is killed, in seconds.
GRACE = 0.5
# What a child does on our account. All else is the user's code: import, build, dump, load.
OWN_STAGES = frozenset({"portray", "trace", "store", "compare", "use", "second hop", "done"})
# The longest wait that every selector can do at a time (epoll counts milliseconds in 32 bits), in seconds.
LONGEST_WAIT = 1000.0
# How deeply a report may be nested.
DEEPEST = 50


class Stopped(Exception):
    """The harness went away, or told the server to end."""


class Children:
    """Starts children one after the other. ``stop_fd`` becomes readable when the harness is gone.

    ``watchdog`` is told of each child, and ends it where this process is killed.
    """

    def __init__(self, isolation, stop_fd, watchdog):
        self._isolation = isolation
        self._stop_fd = stop_fd
        self._watchdog = watchdog
        self._current = None
        # SIGCHLD wakes the selector through this pipe; the handler itself has nothing to do.
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def run(self, main, job, timeout, own_timeout):
        """Run the file ``main`` as ``__main__`` with ``job``; end it when its time is up.

        The user's code may take ``timeout`` seconds, and what we do besides, by the stages that the child tells of,
        ``own_timeout``.

        Returns a dict: ``facts`` (merged from the channel), ``exit_status`` or ``signal``, ``timed_out``, the tails
        of ``stdout`` and ``stderr``, ``duration_s`` and ``cpu_s``. Raises Stopped.
        """
        report, out, err = os.pipe(), os.pipe(), os.pipe()
        reads, writes = (report[0], out[0], err[0]), (report[1], out[1], err[1])
        started = time.monotonic()
        # No signal may come between the child's birth and our knowing its number, or it would outlive us.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        try:
            self._current = self._start(main, job, writes)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            for descriptor in writes:
                os.close(descriptor)
        watch = _Watch(self._current, reads, (self._wake_read, self._stop_fd))
        try:
            timed_out = watch.until(_Budget(started, timeout, own_timeout))
            if timed_out:
                self.kill(signal.SIGTERM)
                watch.until(_Budget(time.monotonic(), GRACE, GRACE))
        finally:
            self.kill(signal.SIGKILL)  # the child if it still runs, and whatever it left behind in its group
            watch.until(None)
            self._current = None
            self._watchdog.guard(0)
            watch.close()
        result = watch.result()
        result.update(timed_out=timed_out, duration_s=round(time.monotonic() - started, 6))
        return result

    def kill(self, number):
        """Send a signal to the whole group of the child under way, if there is one."""
        if self._current is not None:
            try:
                os.killpg(self._current, number)
            except (ProcessLookupError, PermissionError):
                pass  # it has ended, and nobody of its group is left (macOS says EPERM for a group of zombies)

    def _start(self, main, job, writes):
        """Start a child that waits until the watchdog knows of it, and return its number."""
        gate_read, gate_write = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.close(gate_write)
                _become_a_child(writes, gate_read)
                self._run(main, dict(job, channel=3))
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(70)
        os.close(gate_read)
        try:
            os.setpgid(pid, pid)  # the child does it too: whichever of us comes first
        except OSError:
            pass
        self._watchdog.guard(pid)
        try:
            os.write(gate_write, b".")
        except BrokenPipeError:  # somebody has killed the child already
            pass
        os.close(gate_write)
        return pid

    def _run(self, main, job):
        if self._isolation == "fork":
            _run_as_main(main, job)
        os.set_inheritable(job["channel"], True)
        os.execv(sys.executable, [sys.executable, "-E", "-s", main, json.dumps(job)])


def _become_a_child(writes, gate):
    """Leave behind what is the server's: its group, its handlers of signals, its descriptors."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not os.read(gate, 1):
        os._exit(0)  # the server is gone
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor, number in ((null, 0), (writes[1], 1), (writes[2], 2), (writes[0], 3)):
        os.dup2(descriptor, number)
    os.closerange(4, 256)


def _run_as_main(main, job):
    """Be the interpreter that was started with the file ``main``: what ``python main JOB`` does, and no more."""
    sys.argv = [main, json.dumps(job)]
    sys.path.insert(0, os.path.dirname(main))
    module = types.ModuleType("__main__")
    module.__file__ = main
    module.__builtins__ = builtins
    sys.modules["__main__"] = module
    status = 0
    try:
        with open(main, "rb") as file:
            code = compile(file.read(), main, "exec")
        exec(code, module.__dict__)
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else error.code is not None
    except BaseException:
        hook = HOOKS[-1] if HOOKS else sys.excepthook
        hook(*sys.exc_info())
        status = 1
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)


class _Budget:
    """How long the user's code and ours may still take, as the clock of one of them runs, and then of the other."""

    def __init__(self, now, timeout, own_timeout):
        self._left = {False: timeout, True: own_timeout}
        self._is_own = False
        self._since = now

    def enter(self, stage):
        """Let the clock run on whose account the ``stage`` is."""
        now = time.monotonic()
        self._left[self._is_own] -= now - self._since
        self._since, self._is_own = now, stage in OWN_STAGES

    def remaining(self):
        """Return the seconds that are left to whose clock runs."""
        return self._left[self._is_own] - (time.monotonic() - self._since)


def _is_shallow(value):
    """Is this nested no deeper than what a role tells? Deeper JSON is nobody's report, and cannot be written again."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return True
    return False


class _Watch:
    """Reads all that a child writes until the child ends; the descriptors may be held open longer by others."""

    def __init__(self, pid, reads, extra):
        self._pid = pid
        self._reads = reads
        self._wake_read, self._stop_fd = extra
        self._chunks = dict.fromkeys(reads, b"")
        self._facts = {}
        self._status = None
        self._usage = None
        self._selector = selectors.DefaultSelector()
        for descriptor in reads + extra:
            self._selector.register(descriptor, selectors.EVENT_READ)
        for descriptor in reads:
            os.set_blocking(descriptor, False)

    def until(self, budget):
        """Watch until the child ends (return False) or the ``budget`` is used up (return True)."""
        while not self._has_ended():
            remaining = LONGEST_WAIT if budget is None else budget.remaining()
            if remaining <= 0:
                return True
            for key, _ in self._selector.select(min(remaining, LONGEST_WAIT)):
                if key.fd == self._stop_fd:
                    self._selector.unregister(self._stop_fd)
                    raise Stopped
                if key.fd == self._wake_read:
                    os.read(self._wake_read, 1024)
                else:
                    self._drain(key.fd, 65536)
                if key.fd == self._reads[0]:
                    self._take_facts()
                    if budget is not None:
                        budget.enter(self._facts.get("stage"))
        return False

    def close(self):
        """Take what is still in the pipes, then close them."""
        for descriptor in self._reads:
            # A bound: a process that escaped the group may go on writing.
            self._drain(descriptor, 1 << 20)
            os.close(descriptor)
        self._selector.close()

    def _take_facts(self):
        """Merge the lines that are there in full into the facts."""
        lines, end, rest = self._chunks[self._reads[0]].rpartition(b"\n")
        self._chunks[self._reads[0]] = rest
        for line in lines.splitlines() if end else ():
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                message = None
            if isinstance(message, dict) and _is_shallow(message):
                self._facts.update(message)
            else:
                self._facts["garbled"] = True  # the child died within a line, or somebody else wrote to the channel

    def result(self):
        self._chunks[self._reads[0]] += b"\n"
        self._take_facts()
        return {
            "facts": self._facts,
            "exit_status": os.WEXITSTATUS(self._status) if os.WIFEXITED(self._status) else None,
            "signal": _signal_name(os.WTERMSIG(self._status)) if os.WIFSIGNALED(self._status) else None,
            "stdout": self._chunks[self._reads[1]].decode("utf-8", "replace"),
            "stderr": self._chunks[self._reads[2]].decode("utf-8", "replace"),
            "cpu_s": round(self._usage.ru_utime + self._usage.ru_stime, 6),
        }

    def _has_ended(self):
        if self._status is None:
            pid, status, usage = os.wait4(self._pid, os.WNOHANG)
            if pid:
                self._status, self._usage = status, usage
        return self._status is not None

    def _drain(self, descriptor, most):
        while most > 0:
            try:
                data = os.read(descriptor, 65536)
            except BlockingIOError:
                return
            if not data:
                if descriptor in self._selector.get_map():
                    self._selector.unregister(descriptor)
                return
            most -= len(data)
            kept = self._chunks[descriptor] + data
            self._chunks[descriptor] = kept if descriptor == self._reads[0] else kept[-TAIL:]


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return "signal %d" % number
