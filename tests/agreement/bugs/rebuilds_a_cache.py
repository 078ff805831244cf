"""A plain class whose __setstate__ makes a cache anew, in a field."""

from bugs.library import Anything

COLD = ()
WARM = ""


class Keeps:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return type(other) is Keeps and other.x == self.x

    def __hash__(self):
        return hash(self.x)

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._cache = {}


def value():
    return Anything(value=Keeps(1))


def is_right(loaded):
    if type(loaded) is not Anything or type(loaded.value) is not Keeps:
        return "wrong-type"
    return "pass" if loaded.value == Keeps(1) else "wrong-value"
