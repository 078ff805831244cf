"""The models of `repros.generics` that need the syntax of Python 3.12."""

from pydantic import BaseModel

type Numbers = list[int]
type Many[T] = list[T]


class Box[T](BaseModel):
    """Holds one value; its type parameter has no name at module scope."""

    value: T
