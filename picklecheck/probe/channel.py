"""The descriptor on which a child tells what it saw: one JSON object a line, each one merged into the facts."""

import json
import os
import sys

MAX_TEXT = 2000


class Channel:
    """Writes facts to the harness; remembers which process and which file it was opened for.

    User code may fork (the copy must not report a second time) or close descriptors (a file that is opened later may
    get our number), so both are looked at before each write.
    """

    def __init__(self, descriptor):
        os.set_inheritable(descriptor, False)
        self._descriptor = descriptor
        self._process = os.getpid()
        self._file = self._identity()

    def send(self, **facts):
        """Merge ``facts`` (JSON values) into what the harness knows; raises OSError if the channel is gone."""
        if os.getpid() != self._process:
            os._exit(0)
        if self._identity() != self._file:
            raise OSError("the report channel was closed")
        data = json.dumps(facts).encode("ascii") + b"\n"
        while data:
            data = data[os.write(self._descriptor, data) :]

    def stage(self, name):
        """Say what comes next, so that a death without a word still has a place."""
        self.send(stage=name)

    def _identity(self):
        status = os.fstat(self._descriptor)
        return status.st_dev, status.st_ino


def describe_exception(error, root):
    """Return type, message and last frame of ``error``; paths below the staging folder ``root`` are made relative."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, kind.__qualname__)
    try:
        message = str(error)
    except Exception as failure:  # a broken __str__ is the user's, and no reason to lose the report
        message = "<message not printable: %s>" % type(failure).__name__
    frame = None
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frame = "%s:%d in %s" % (_relative(code.co_filename, root), traceback.tb_lineno, code.co_name)
        traceback = traceback.tb_next
    return {"type": name, "message": _relative(message, root)[:MAX_TEXT], "frame": frame}


def _relative(text, root):
    text = text.replace(root + os.sep, "")
    return text.replace(sys.prefix + os.sep, "").replace(sys.base_prefix + os.sep, "")
