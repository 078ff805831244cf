"""pydantic 4178: create_model under another name than that of its global."""

from bugs.plainly import is_a
from pydantic import create_model

Renamed = create_model("TheModel", __module__=__name__, x=(int, ...))
COLD = ()
WARM = ""


def value():
    return Renamed(x=1)


def is_right(loaded):
    return is_a(loaded, Renamed, {"x": 1})
