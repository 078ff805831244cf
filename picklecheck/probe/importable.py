"""Which classes no other process can import, however it asks: nothing that is done to a specialization helps those."""

import sys

from .classes import all_within, class_text

# The names under which a program that was started as a script stands: the second one in multiprocessing's children.
_MAINS = ("__main__", "__mp_main__")


def describe_classes(classes):
    """Return what the verdict needs to know of ``classes``, those within them included, each one once.

    Told are specializations, and classes with something ``stuck``: itself, its origin or an argument, as ``name`` and
    ``why`` (see :func:`why_stuck`). The names are those by which messages and payloads speak of a class.
    """
    found = {}
    for cls in classes:
        for one in (cls, *all_within(cls)):
            if one not in found:
                found[one] = _describe(one)
    return [one for one in found.values() if one["specialization"] or one["stuck"]]


def why_stuck(cls):
    """Return why no other process can import ``cls``, which is no specialization; None if it can.

    ``main``: it is defined in the script. ``function``: in a function. ``sqlmodel``: it is what SQLModel makes of a
    generic model, without origin and arguments. ``name``: its module holds something else, or nothing, by its name.
    """
    if cls.__module__ in _MAINS:
        return "main"
    if "<locals>" in cls.__qualname__:
        return "function"
    if cls.__module__ == "builtins" or _is_found(cls):  # NoneType and its like have no name there, and need none
        return None
    is_of_sqlmodel = any(base.__module__.partition(".")[0] == "sqlmodel" for base in cls.__mro__[1:])
    return "sqlmodel" if is_of_sqlmodel and "[" in cls.__name__ else "name"


def _describe(cls):
    parts = [one for one in (cls, *all_within(cls)) if not _is_specialization(one)]
    reasons = {class_text(one): why_stuck(one) for one in parts}
    return {
        "text": class_text(cls),
        "module": cls.__module__,
        "name": cls.__name__,
        "qualname": cls.__qualname__,
        "specialization": _is_specialization(cls),
        "stuck": [{"name": name, "why": why} for name, why in reasons.items() if why],
    }


def _is_specialization(cls):
    return bool((getattr(cls, "__pydantic_generic_metadata__", None) or {}).get("origin"))


def _is_found(cls):
    found = sys.modules.get(cls.__module__)
    for part in cls.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is cls
