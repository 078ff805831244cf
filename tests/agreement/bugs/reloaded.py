"""streamlit 14593: an instance of a class whose module was imported anew since."""

import importlib
import sys

import bugs.reload_me
from bugs.plainly import is_a

COLD = ()
WARM = ""


def value():
    sent = bugs.reload_me.Result(output="x")
    del sys.modules["bugs.reload_me"]
    importlib.import_module("bugs.reload_me")
    return sent


def is_right(loaded):
    import bugs.reload_me  # the one that stands there now

    return is_a(loaded, sys.modules["bugs.reload_me"].Result, {"output": "x"})
