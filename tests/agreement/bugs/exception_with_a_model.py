"""An exception that carries a specialization back from a worker."""

from bugs.library import Box

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"


class Failed(Exception):
    pass


def value():
    return Failed("no", Box[int](value=1))


def is_right(loaded):
    if type(loaded) is not Failed or type(loaded.args[1]) is not Box[int]:
        return "wrong-type"
    return "pass" if loaded.args[0] == "no" and loaded.args[1].value == 1 else "wrong-value"
