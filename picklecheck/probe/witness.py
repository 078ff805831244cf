"""Facts about specializations that are read off the running process: who registered one, and whether it exists."""

import itertools
import os
import sys


def describe_class(cls):
    """Return what the other process needs to look for ``cls``: its names and its origin's."""
    origin = cls.__pydantic_generic_metadata__["origin"] or cls
    return {
        "name": cls.__name__,
        "module": cls.__module__,
        "origin": [origin.__module__, origin.__qualname__],
        "registered": modules_that_hold(cls.__name__, cls),
    }


def modules_that_hold(name, cls=None):
    """Return the modules in whose namespace ``name`` stands (as ``cls``, if given), sorted.

    Pydantic appends underscores to the name when it is taken, so those are looked up too. A module need not be a
    module: ``sys.modules`` holds whatever was put there.
    """
    found = []
    for module_name, module in list(sys.modules.items()):
        namespace = getattr(module, "__dict__", None)
        if not isinstance(namespace, dict):
            continue
        key = name
        while key in namespace:
            if cls is None or namespace[key] is cls:
                found.append(module_name)
                break
            key += "_"
    return sorted(found)


def exists(name, origin_module, origin_name):
    """Is there a live specialization called ``name`` of that origin, registered or not?"""
    origin = sys.modules.get(origin_module)
    for part in origin_name.split("."):
        origin = getattr(origin, part, None)
    if not isinstance(origin, type):
        return False
    return any(subclass.__name__ == name for subclass in origin.__subclasses__())


def imported_since(count, root):
    """Return the modules from the staging folder imported since ``len(sys.modules)`` was ``count``, in order.

    The last ones alone are looked at: reading every module's attributes would make a forked child copy their memory.
    """
    names = list(itertools.islice(reversed(sys.modules), max(len(sys.modules) - count, 0)))
    return [name for name in reversed(names) if _file_of(name).startswith(root + os.sep)]


def _file_of(name):
    path = getattr(sys.modules.get(name), "__file__", None)
    return path if isinstance(path, str) and not name.startswith("picklecheck_probe") else ""


def picklecheck_modules():
    """Return the modules of picklecheck that are loaded here: in a receiver there must be none."""
    return sorted(
        name
        for name, module in list(sys.modules.items())
        if module is not None and (name == "picklecheck" or name.startswith("picklecheck."))
    )
