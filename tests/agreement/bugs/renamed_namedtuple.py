"""A row type bound to another name than its own."""

import collections

from bugs.library import Anything

Row = collections.namedtuple("TheRow", "a b", module=__name__)
COLD = ()
WARM = ""


def value():
    return Anything(value=Row(1, 2))


def is_right(loaded):
    if type(loaded) is not Anything or not isinstance(loaded.value, Row):
        return "wrong-type"
    return "pass" if loaded.value == (1, 2) else "wrong-value"
