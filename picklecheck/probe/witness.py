"""Facts about specializations that are read off the running process: who registered one, and whether it exists."""

import itertools
import os
import sys


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
            if str(getattr(sys.modules[name], "__file__", "")).startswith(self._root + os.sep)
            and not name.startswith(__package__ + ".")
            and name != __package__
        ]

    def _new_modules(self):
        # sys.modules keeps the order of insertion.
        return list(itertools.islice(reversed(sys.modules), max(len(sys.modules) - self._known, 0)))[::-1]


def exists(name, origin_module, origin_name):
    """Is there a live specialization called ``name`` of that origin, registered or not?"""
    origin = sys.modules.get(origin_module)
    for part in origin_name.split("."):
        origin = getattr(origin, part, None)
    if not isinstance(origin, type):
        return False
    return any(subclass.__name__ == name for subclass in type.__subclasses__(origin))


def picklecheck_modules():
    """Return the modules of picklecheck that are loaded here: in a receiver there must be none."""
    return sorted(
        name
        for name, module in list(sys.modules.items())
        if module is not None and (name == "picklecheck" or name.startswith("picklecheck."))
    )
