"""streamlit 2379: an enum of the script in a field of a library's model."""

import enum

from bugs.library import Anything

WARM = ""


class Color(enum.Enum):
    RED = 1


def value():
    return Anything(value=Color.RED)


def is_right(loaded):
    if type(loaded) is not Anything or type(loaded.value) is not Color:
        return "wrong-type"
    return "pass" if loaded.value is Color.RED else "wrong-value"
