"""The same with Field(), which has no hash: each evaluation is another class, in the sender's process, too."""

from bugs.library import Box
from bugs.plainly import is_a
from pydantic import Field
from typing_extensions import Annotated

COLD = ("bugs.library",)
WARM = (
    "from bugs.library import Box\nfrom pydantic import Field\nfrom typing_extensions import Annotated\n"
    "HELD = Box[Annotated[int, Field(gt=0)]]"
)


def value():
    return Box[Annotated[int, Field(gt=0)]](value=5)


def is_right(loaded):
    return is_a(loaded, Box[Annotated[int, Field(gt=0)]], {"value": 5})
