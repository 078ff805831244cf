"""pydantic 12040: a created model is the argument of a specialization."""

from bugs.library import Box
from bugs.plainly import is_a
from pydantic import create_model

Other = create_model("TheOther", __module__=__name__, n=(int, ...))
COLD = ("bugs.library",)
WARM = None


def value():
    return Box[Other](value=Other(n=1))


def is_right(loaded):
    return is_a(loaded, Box[Other], {"value": {"n": 1}})
