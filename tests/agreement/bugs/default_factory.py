"""A defaultdict that makes specializations."""

import collections

from bugs.library import Many

COLD = ("bugs.library",)
WARM = "from bugs.library import Many\nHELD = Many[int]"


def value():
    new = collections.defaultdict(Many[int])
    new["a"] = Many[int]([1])
    return new


def is_right(loaded):
    if type(loaded["a"]) is not Many[int] or loaded.default_factory is not Many[int]:
        return "wrong-type"
    return "pass" if loaded["a"].root == [1] and list(loaded) == ["a"] else "wrong-value"
