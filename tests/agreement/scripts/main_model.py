"""cloudpickle 565, joblib 1732, pydantic 11746: a model that stands in the script itself."""

from pydantic import BaseModel

WARM = ""


class Foo(BaseModel):
    val: str


def value():
    return Foo(val="bar")


def is_right(loaded):
    if type(loaded) is not Foo:
        return "wrong-type"
    return "pass" if loaded.model_dump() == {"val": "bar"} else "wrong-value"
