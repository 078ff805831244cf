"""A created model of another name is the argument, where the generic model is defined: the alias is found by its name."""

from typing import Generic, TypeVar

from bugs.plainly import is_a
from pydantic import BaseModel, create_model

T = TypeVar("T")
Row = create_model("TheRow", __module__=__name__, n=(int, ...))


class Table(BaseModel, Generic[T]):
    rows: T


RowTable = Table[Row]
COLD = ("bugs.renamed_where_it_is_defined",)
WARM = None


def value():
    return RowTable(rows={"n": 1})


def is_right(loaded):
    if type(loaded) is RowTable and type(loaded.rows) is not Row:
        return "wrong-type"
    return is_a(loaded, RowTable, {"rows": {"n": 1}})
