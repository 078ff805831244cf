"""The same of a specialization: its origin is no longer what the name leads to."""

import importlib
import sys

import bugs.reload_me
from bugs.plainly import is_a

COLD = ("bugs.reload_me",)
WARM = None


def value():
    sent = bugs.reload_me.Results[int](output=1)
    del sys.modules["bugs.reload_me"]
    importlib.import_module("bugs.reload_me")
    return sent


def is_right(loaded):
    importlib.import_module("bugs.reload_me")
    return is_a(loaded, sys.modules["bugs.reload_me"].Results[int], {"output": 1})
