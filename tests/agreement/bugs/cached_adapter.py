"""temporalio sdk-python 1871: a cache around TypeAdapter in an attribute."""

import functools

from pydantic import TypeAdapter

COLD = ()
WARM = ""


class Converter:
    def __init__(self):
        self.adapter = functools.lru_cache(maxsize=4)(TypeAdapter)


def value():
    return Converter()


def is_right(loaded):
    return "pass" if type(loaded) is Converter else "wrong-type"
