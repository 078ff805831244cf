"""A specialization that the body of a class evaluates, and nothing else."""

from bugs.library import Page
from bugs.plainly import is_a

COLD = ("bugs.library",)
WARM = "from bugs.library import Page\nHELD = Page[float]"


class Api:
    Answer = Page[float]


def value():
    return Api.Answer(items=[1.0])


def is_right(loaded):
    return is_a(loaded, Api.Answer, {"items": [1.0], "total": 0})
