"""The same, evaluated at module scope of the application."""

from bugs.own_names import Response
from bugs.plainly import is_a

IntResponse = Response[str]
COLD = ("bugs.own_names",)
WARM = "from bugs.own_names import Response\nHELD = Response[str]"


def value():
    return IntResponse(data="x")


def is_right(loaded):
    return is_a(loaded, IntResponse, {"data": "x"})
