"""What every role begins with: read the job, open the channel, keep picklecheck out or let the fix in."""

import atexit
import faulthandler
import json
import os
import signal
import sys

from .channel import Channel, describe_exception
from .witness import Witness, picklecheck_modules

# The fix's modules where a fork server has loaded them beforehand; asleep, and in nobody's sys.modules, until a
# producer asks for them. Importing them changes nothing: installing does.
ASLEEP = {}
# Who is to be told of what ends this process: the role, once there is one.
HOOKS = []


# What this package is called once a target's own modules may be imported: nothing that an import statement can say.
HIDDEN = "picklecheck probe"


class Role:
    """One role in one child process. ``job`` is the JSON object that the server hands over in ``argv[1]``."""

    def __init__(self):
        self.job = json.loads(sys.argv[1])
        self.root = os.path.dirname(os.path.abspath(sys.argv[0]))
        self.channel = Channel(self.job["channel"])
        self.channel.stage("start")
        # What is imported may set a hook of its own (rich.traceback does), so neither end relies on ours alone.
        sys.excepthook = self._report_uncaught
        HOOKS.append(self._report_uncaught)
        atexit.register(self._report_last)
        # A crash prints its stack to stderr, and so does a child that is ended for having hung: that is evidence.
        faulthandler.enable(file=2)
        faulthandler.register(signal.SIGTERM, file=2, all_threads=True, chain=True)
        self._decide_on_picklecheck()
        self.witness = Witness(self.root)
        # What the user's own code does when it is imported is no verdict on this Pydantic.
        self.channel.stage("import" if self.is_target else "evaluate")

    @property
    def is_target(self):
        """Is the value the user's own, and not the catalogue's?"""
        return "path" in self.job

    def picklecheck_facts(self):
        """Say which modules of picklecheck are loaded: in the catalogue's receivers there must be none."""
        name = "own_picklecheck_modules" if self.is_target else "picklecheck_modules"
        return {name: picklecheck_modules()}

    def _decide_on_picklecheck(self):
        fix = self.job.get("fix", "none")
        if fix != "none":
            self._install(fix)
        if self.is_target:
            # picklecheck is theirs to import, too: installing the fix where the models are defined is what we tell
            # them to do.
            sys.path[:1] = self.job["path"]  # in the place of the staging folder
            _hide_the_probe()
        elif fix == "none":
            # Importable or not in this environment: here it must not be had (ImportError for whoever tries).
            sys.modules["picklecheck"] = None

    def _install(self, fix):
        sys.modules.update(ASLEEP)
        sys.path.insert(0, self.job["fix_path"])
        from picklecheck.reducers import install

        install(level=fix)
        sys.path.remove(self.job["fix_path"])  # what it imports later it finds beside itself

    def _report_uncaught(self, kind, error, traceback):
        self.channel.send(error=describe_exception(error.with_traceback(traceback), self.root))
        self.finish(1)

    def _report_last(self):
        """Report what ended the interpreter, if another hook than ours was asked about it."""
        error = getattr(sys, "last_value", None)
        if error is not None:
            self._report_uncaught(type(error), error, sys.last_traceback)

    def finish(self, status=0):
        """End the process without the interpreter's clean-up: what had to be said was said."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # a closed stream has nothing left to flush
                pass
        os._exit(status)


def _hide_the_probe():
    """Give the names of this package back: a module of the user's may be called that, too."""
    own = __package__
    for name in [name for name in sys.modules if name == own or name.startswith(own + ".")]:
        module = sys.modules.pop(name)
        # Imports within the package go by these, and find it under its new name.
        module.__name__ = module.__spec__.name = HIDDEN + name[len(own) :]
        module.__package__ = module.__spec__.parent
        sys.modules[module.__name__] = module
