"""openai-python 3079, OpenMetadata 30709: a model that is built late, constructed and not validated."""

from typing import Any

from bugs.plainly import is_a
from pydantic import BaseModel, ConfigDict

COLD = ()
WARM = ""


class Late(BaseModel):
    model_config = ConfigDict(defer_build=True)
    x: Any = None


def value():
    return Late.model_construct(x=1)


def is_right(loaded):
    return is_a(loaded, Late, {"x": 1})
