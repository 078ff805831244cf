"""Facts about specializations that are read off the running process: who registered one, and whether it exists."""

import itertools
import os
import sys

from .classes import class_text, origin_of


class Witness:
    """Looks at the modules that came after its creation, and at ``__main__``: all that a scenario can have changed.

    The others are left alone: reading every module's namespace would make a forked child copy their memory.
    ``root`` is the staging folder; ``known`` the number of modules to leave alone, if not all that are there now.
    """

    def __init__(self, root, known=None):
        self._root = root
        self._known = len(sys.modules) if known is None else known

    def describe_class(self, cls):
        """Return what the other process needs to look for ``cls`` (its names, its origin's), and who registered it."""
        origin = cls.__pydantic_generic_metadata__["origin"] or cls
        return {
            "name": cls.__name__,
            "text": _text(cls),
            "module": cls.__module__,
            "origin": [origin.__module__, origin.__qualname__],
            "registered": self.modules_that_hold(cls.__name__, cls),
        }

    def modules_that_hold(self, name, cls=None):
        """Return the modules in whose namespace ``name`` stands (as ``cls``, if given), sorted.

        Pydantic appends underscores to the name when it is taken, so those are looked up too.
        """
        found = []
        for module_name in ["__main__", *self._new_modules()]:
            # What stands in sys.modules need not be a module.
            namespace = getattr(sys.modules[module_name], "__dict__", {})
            key = name
            while key in namespace:
                if cls is None or namespace[key] is cls:
                    found.append(module_name)
                    break
                key += "_"
        return sorted(set(found))

    def staged_modules(self):
        """Return the modules that were imported from the staging folder, the probe's own left out, in order."""
        return [
            name
            for name in self._new_modules()
            if self.is_staged(name) and not name.startswith(__package__ + ".") and name != __package__
        ]

    def is_staged(self, name):
        """Is there a module of that name, imported from the staging folder?"""
        return str(getattr(sys.modules.get(name), "__file__", "")).startswith(self._root + os.sep)

    def _new_modules(self):
        # sys.modules keeps the order of insertion.
        return list(itertools.islice(reversed(sys.modules), max(len(sys.modules) - self._known, 0)))[::-1]


def exists(described):
    """Is there a live specialization of that name or of these arguments, registered or not? See ``describe_class``."""
    module, name = described["origin"]
    origin = sys.modules.get(module)
    for part in name.split("."):
        origin = getattr(origin, part, None)
    if not isinstance(origin, type):
        return False
    found = type.__subclasses__(origin)
    # Whoever made it may have called it otherwise.
    return any(one.__name__ == described["name"] for one in found) or any(
        _text(one) == described["text"] is not None for one in found if origin_of(one) is origin
    )


def _text(cls):
    """Return a class as text; None where an argument of the user's own cannot be printed."""
    try:
        return class_text(cls)
    except Exception:
        return None


def picklecheck_modules():
    """Return the modules of picklecheck that are loaded here: in a receiver there must be none."""
    return sorted(
        name
        for name, module in list(sys.modules.items())
        if module is not None and (name == "picklecheck" or name.startswith("picklecheck."))
    )
