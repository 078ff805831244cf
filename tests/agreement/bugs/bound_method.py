"""A method of a specialization, as the callback that a pool is handed."""

from bugs.library import Box

COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nHELD = Box[int]"
IntBox = Box[int]


def value():
    return [IntBox(value=1).model_dump_json]


def is_right(loaded):
    if type(loaded[0].__self__) is not IntBox:
        return "wrong-type"
    return "pass" if loaded[0]() == '{"value":1}' else "wrong-value"
