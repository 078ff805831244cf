"""pydantic 7404, 8313, 1616: the error of a validation."""

from bugs.library import Box
from pydantic import ValidationError

COLD = ()
WARM = ""


def value():
    try:
        Box[int](value="x")
    except ValidationError as error:
        return error


def is_right(loaded):
    if type(loaded) is not ValidationError:
        return "wrong-type"
    return "pass" if loaded.error_count() == 1 else "wrong-value"
