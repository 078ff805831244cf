"""streamlit 4909, 2379: an enum bound to another name than its own."""

import enum
from typing import Any

from bugs.library import Box

Color = enum.Enum("Colour", "RED GREEN", module=__name__)
AnyBox = Box[Any]
COLD = ("bugs.library",)
WARM = "from typing import Any\nfrom bugs.library import Box\nHELD = Box[Any]"


def value():
    return AnyBox(value=Color.RED)


def is_right(loaded):
    if type(loaded) is not AnyBox or not isinstance(loaded.value, Color):
        return "wrong-type"
    return "pass" if loaded.value == Color.RED else "wrong-value"
