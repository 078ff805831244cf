"""pydantic 2342: a constrained address in a specialization."""

from bugs.library import Box
from pydantic import HttpUrl

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nfrom pydantic import HttpUrl\nHELD = Box[HttpUrl]"


def value():
    return Box[HttpUrl](value="http://localhost/x")


def is_right(loaded):
    if type(loaded) is not Box[HttpUrl]:
        return "wrong-type"
    return "pass" if str(loaded.value) == "http://localhost/x" else "wrong-value"
