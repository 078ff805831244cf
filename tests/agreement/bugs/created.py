"""pydantic 4178, 5781: create_model as the documentation says: a global of its name, with its module."""

from bugs.plainly import is_a
from pydantic import create_model

Created = create_model("Created", __module__=__name__, x=(int, ...))
COLD = ()
WARM = ""


def value():
    return Created(x=1)


def is_right(loaded):
    return is_a(loaded, Created, {"x": 1})
