"""pydantic 9390: the script's own function specializes, behind the guard, what a library defines."""

from bugs.library import Box

WARM = "from bugs.library import Box\nHELD = Box[int]"


def value():
    return Box[int](value=5)


def is_right(loaded):
    if type(loaded) is not Box[int]:
        return "wrong-type"
    return "pass" if loaded.model_dump() == {"value": 5} else "wrong-value"


if __name__ == "__main__":
    print(value())
