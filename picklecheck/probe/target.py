"""What is particular to a value that is not made for the check: a target of the user's, or an object of a test.

It need not be built the same way twice, so nothing is built again in the receiver: the producer leaves a portrait
beside the payload, and the receiver compares what it loaded with that.
"""

import collections
import hashlib
import importlib
import itertools
import json
import os
import sys
import types

from . import differing, portrait, script, whereabouts
from .channel import MAX_TEXT

_CONTAINERS = (list, tuple, dict, set, frozenset, collections.deque, collections.OrderedDict, collections.Counter)
# How deep in containers nothing, or a class, is looked for; a container may hold itself.
MAX_DEPTH = 4
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


def build(target):
    """Return the value that a target stands for: what a function returns, and anything else itself.

    A value may well be callable: a partial, a model that is a step of a pipeline.
    """
    return target() if isinstance(_unwrapped(target), _FUNCTIONS) else target


def nothing_in(value, depth=MAX_DEPTH):
    """Say what a value is that sends nothing: None, or a container of nothing else; None for all others."""
    if value is None:
        return "None"
    if type(value) not in _CONTAINERS or not depth:
        return None
    if not value:
        return "an empty %s" % type(value).__name__
    is_nothing = type(value) is not dict and all(nothing_in(one, depth - 1) for one in _first(value))
    return "a %s of nothing" % type(value).__name__ if is_nothing else None


def class_told(value, depth=MAX_DEPTH):
    """Say what a value is that is a class, or an alias of some: ``generic`` if it is to be specialized still.

    A list, or a dict of names, that holds classes and nothing else is told by the first one.
    """
    if type(value) in _CONTAINERS and depth:
        is_named = isinstance(value, dict) and all(type(name) is str for name in _first(value))
        inner = value.values() if is_named else () if isinstance(value, dict) else value
        told = [class_told(one, depth - 1) for one in _first(inner)]
        return told[0] if told and all(told) else None
    if isinstance(value, type) and not hasattr(value, "__origin__"):  # list[int] says that it is a class, up to 3.10
        metadata = getattr(value, "__pydantic_generic_metadata__", None) or {}
        return {"kind": "class", "name": value.__qualname__, "generic": bool(metadata.get("parameters"))}
    if type(value).__module__ in ("typing", "types") and hasattr(value, "__args__"):
        return {"kind": "alias", "name": repr(value)[:MAX_TEXT], "generic": False}
    return None


def _first(values):
    """Return so many of the values that they tell what all of them are."""
    return list(itertools.islice(values, 1000))


def _unwrapped(target):
    """Return the function that decorators wrapped, some of them in what is no function: functools.lru_cache."""
    while not isinstance(target, type) and "__wrapped__" in getattr(target, "__dict__", ()):
        target = target.__wrapped__
    return target


def import_origins(specializations):
    """Import the modules of the generic models, as they were described to the other process, where they are found."""
    for module in dict.fromkeys(one["origin"][0] for one in specializations):
        if module != "__main__":
            try:
                importlib.import_module(module)
            except Exception:  # loading will say so
                pass


def leave_portrait(path, value, drawn):
    """Write to ``path`` what the receiver is to compare with: a portrait of ``value``, drawn after it was dumped."""
    told = {
        "lines": drawn.lines,
        "is_cut": drawn.is_cut,
        "classes": whereabouts.tell(drawn.classes),
        "reducers": drawn.reducers,
        "complete": getattr(type(value), "__pydantic_complete__", None),
    }
    with open(path, "w", encoding="ascii") as file:
        json.dump(told, file)


def read_portrait(path):
    """Return what :func:`leave_portrait` wrote."""
    with open(path, encoding="ascii") as file:
        return json.load(file)


def judge(path, value, payload):
    """Return the facts about a loaded ``value`` that decide whether it arrived. ``payload`` is what it came in."""
    told = read_portrait(path)
    owners = whereabouts.Owners(told["classes"], payload)
    drawn = portrait.draw_arrived(value, owners, told["reducers"])
    ours, theirs = told["lines"], drawn.lines
    if told["is_cut"] or drawn.is_cut:  # both begin alike: compare what both have
        end = min(len(ours), len(theirs)) - 1
        ours, theirs = ours[:end], theirs[:end]
    found, rebuilt = differing.judged(ours, theirs, drawn.rebuilt)
    # A reducer that only the sender has: nobody can look in here, but the sender's ``==`` can tell.
    told_by_equality = {one["path"] for one in rebuilt}
    opaque = [path for _, path, text in drawn.lines if text.startswith(portrait.OPAQUE)]
    return {
        "same_type": not any(one["kind"] == "type" and one["path"] == "value" for one in found),
        "differences": found,
        # No loss if the sender's own ``==`` calls the object and its copy equal.
        "rebuilt": rebuilt,
        "compared_with": owners.compared,
        "lost_classes": owners.lost(),
        "state": {
            kind: sorted({one["path"] for one in found if one["kind"] == kind})
            for kind in ("dict", "extra", "fields_set", "private")
        },
        "opaque": [path for path in opaque if path not in told_by_equality][:1],
        "is_cut": told["is_cut"] or drawn.is_cut,
        "judged": True,
    }


def location(module_name, target):
    """Return where a target is defined: path and line (1 for a value); None where nobody knows."""
    code = getattr(_unwrapped(target), "__code__", None)
    place = code.co_filename if code else getattr(sys.modules[module_name], "__file__", None)
    return {"path": place[:MAX_TEXT], "line": code.co_firstlineno if code else 1} if place else None


def script_of(module_name):
    """Return the path of a module that may be started as a script, too; None for others, and for a script itself."""
    path = getattr(sys.modules[module_name], "__file__", None)
    if module_name == "__main__" or not isinstance(path, str) or not path.endswith(".py"):
        return None
    return path if script.is_also_a_script(path) else None


def hash_of_sources(module_name, folders):
    """Return a hash of the user's own modules that are loaded, by which a change of theirs is told from others.

    Own are those below one of ``folders`` (but not what is installed there), and those of the target's own package.
    """
    package = module_name.partition(".")[0]
    digest = hashlib.sha256()
    for name in sorted(sys.modules):
        path = getattr(sys.modules[name], "__file__", None)
        if isinstance(path, str) and (name.partition(".")[0] == package or _is_own(path, folders)):
            digest.update(("%s\0%s\n" % (name, _hash_of(path))).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _is_own(path, folders):
    is_below = any(path.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)
    return is_below and not path.startswith((sys.prefix + os.sep, sys.base_prefix + os.sep))


def _hash_of(path):
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return "gone"
