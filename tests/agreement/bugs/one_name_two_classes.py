"""Two specializations that have one name, for their arguments have one."""

import bugs.one_name_first
import bugs.one_name_second
from bugs.library import Box

First = Box[bugs.one_name_first.User]
Second = Box[bugs.one_name_second.User]
COLD = ("bugs.library",)
WARM = "import bugs.one_name_second\nfrom bugs.library import Box\nHELD = Box[bugs.one_name_second.User]"


def value():
    return Second(value={"name": "a"})


def is_right(loaded):
    if type(loaded) is not Second or type(loaded.value) is not bugs.one_name_second.User:
        return "wrong-type"
    return "pass" if loaded.value.name == "a" else "wrong-value"
