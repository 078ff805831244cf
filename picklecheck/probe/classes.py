"""Classes as text that does not depend on how Pydantic named them, and whether a class is this process's own."""

import hashlib
import re
import sys


def specializations(classes):
    """Return those of ``classes`` that are specializations of a generic model."""
    return [cls for cls in classes if origin_of(cls) is not None]


def class_text(cls):
    """Return a class by origin and arguments, however Pydantic named it and wherever it is registered."""
    origin = origin_of(cls)
    if origin is None:
        return cls.__qualname__ if cls.__module__ == "builtins" else "%s.%s" % (module_of(cls), cls.__qualname__)
    arguments = cls.__pydantic_generic_metadata__["args"]
    return "%s[%s]" % (class_text(origin), ", ".join(_argument_text(one, class_text) for one in arguments))


def module_of(thing):
    """Return the module that a class or a function names; a spawned child of multiprocessing calls its main another."""
    module = getattr(thing, "__module__", "")
    return "__main__" if module == "__mp_main__" else module


def is_own(cls):
    """Is this the very class that this process has by that name, or evaluates from that origin and arguments?"""
    origin = origin_of(cls)
    if origin is None:
        found = sys.modules.get(cls.__module__)
        for part in cls.__qualname__.split("."):
            found = getattr(found, part, None)
        return found is cls
    if not is_own(origin):
        return False
    try:
        return origin[cls.__pydantic_generic_metadata__["args"]] is cls
    except Exception:  # an origin with a __class_getitem__ of its own
        return False


def origin_of(cls):
    """Return the generic model that ``cls`` is a specialization of, or None."""
    return (getattr(cls, "__pydantic_generic_metadata__", None) or {}).get("origin")


def _argument_text(argument, name):
    kind = type(argument)
    if issubclass(kind, type):
        return name(argument)
    arguments = getattr(argument, "__args__", None)
    if isinstance(arguments, tuple) and arguments:
        inner = [_argument_text(one, name) for one in arguments]
        inner += [stable_text(one) for one in getattr(argument, "__metadata__", ())]
        head = getattr(argument, "_name", None) or getattr(argument, "__origin__", kind)
        head = name(head) if isinstance(head, type) else str(head)
        return "%s %s[%s]" % (kind.__name__, head, ", ".join(inner))
    if isinstance(argument, (list, tuple)):
        return "[%s]" % ", ".join(_argument_text(one, name) for one in argument)
    return stable_text(argument)


def stable_text(value):
    """Return the ``repr`` without the addresses and the order of sets, which are each process's own."""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))
    head, brace, _ = text.partition("{")
    return "%s{... %s}" % (head, digest("".join(sorted(text)))) if brace else text


def all_within(cls):
    """Return the classes in the origin and the arguments of a specialization, and in theirs; nothing for others."""
    found = []
    if origin_of(cls) is not None:
        for argument in (origin_of(cls), *cls.__pydantic_generic_metadata__["args"]):
            _argument_text(argument, lambda inner: found.append(inner) or "")
    return [*found, *(deeper for inner in found for deeper in all_within(inner))]


def leaves_of(cls):
    """Return what is no class and no alias in the arguments of a specialization: metadata, names, literals."""
    return [leaf for one in cls.__pydantic_generic_metadata__["args"] for leaf in _leaves(one)]


def _leaves(argument):
    if issubclass(type(argument), type) and origin_of(argument) is not None:
        return leaves_of(argument)
    arguments = getattr(argument, "__args__", None)
    if isinstance(arguments, tuple) and arguments:
        parts = [*arguments, *getattr(argument, "__metadata__", ())]
    elif isinstance(argument, (list, tuple)):
        parts = argument
    else:
        return [] if issubclass(type(argument), type) else [argument]
    return [leaf for one in parts for leaf in _leaves(one)]


def is_local(cls):
    """Is this a class of a function or of ``__main__``? Those can only arrive as copies."""
    origin = origin_of(cls)
    if origin is not None:
        return is_local(origin)
    return cls.__module__ == "__main__" or "<locals>" in cls.__qualname__


def digest(text):
    """Return a short hash of ``text``."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]
