"""An argument with a constraint, which is equal wherever it is made."""

from annotated_types import Gt
from bugs.library import Box
from bugs.plainly import is_a
from typing_extensions import Annotated

COLD = ("bugs.library",)
WARM = (
    "from annotated_types import Gt\nfrom bugs.library import Box\nfrom typing_extensions import Annotated\n"
    "HELD = Box[Annotated[int, Gt(0)]]"
)


def value():
    return Box[Annotated[int, Gt(0)]](value=5)


def is_right(loaded):
    return is_a(loaded, Box[Annotated[int, Gt(0)]], {"value": 5})
