"""pydantic 9925: a specialization of RootModel itself."""

from typing import List

from bugs.plainly import is_a
from pydantic import RootModel

COLD = ("pydantic.root_model",)
WARM = "from typing import List\nfrom pydantic import RootModel\nHELD = RootModel[List[int]]"


def value():
    return RootModel[List[int]]([1, 2])


def is_right(loaded):
    return is_a(loaded, RootModel[List[int]], [1, 2])
