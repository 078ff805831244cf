"""How a person would look at what arrived."""


def is_a(loaded, cls, state):
    """Is it of the very class that this process knows, and does it hold what was sent?"""
    if type(loaded) is not cls:
        return "wrong-type"
    return "pass" if loaded.model_dump() == state else "wrong-value"
