"""InstanceOf, whose hash is its identity, evaluated in a function: each evaluation is another class."""

from bugs.library import Box
from pydantic import InstanceOf

COLD = ("bugs.library",)
WARM = (
    "from pydantic import InstanceOf\nfrom bugs.library import Box\nfrom bugs.instance_of import Thing\n"
    "HELD = Box[InstanceOf[Thing]]"
)


class Thing:
    def __eq__(self, other):
        return type(other) is Thing

    def __hash__(self):
        return 1


def value():
    return Box[InstanceOf[Thing]](value=Thing())


def is_right(loaded):
    if type(loaded) is not Box[InstanceOf[Thing]]:
        return "wrong-type"
    return "pass" if loaded.value == Thing() else "wrong-value"
