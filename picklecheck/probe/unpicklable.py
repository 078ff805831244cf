"""Which object within a value is the one that cannot be pickled, by its path as Python would write it.

To be asked after dumping has failed, and under the fix that was active then: it dumps the parts again, one by one.
"""

import collections
import functools
import time
import types

from . import serializers

# Our time, in seconds; what is found until then is told.
LIMIT = 5.0
_CONTAINERS = (list, tuple, collections.deque)
# What these hold, told by its name; to pickle it is part of their arguments and state.
_PARTS = {functools.partial: ("func", "args", "keywords"), types.MethodType: ("__self__", "__func__")}
_PYDANTIC = ("__pydantic_extra__", "__pydantic_private__")
# What Pydantic keeps in a class and made from nothing else: the variables around it, and its origin. Looked at first,
# for what it makes of them (a schema) holds the class itself.
_KEPT = ("__pydantic_parent_namespace__", "__pydantic_generic_metadata__")
_CLASS = ".__reduce_ex__(4)[1][0]"


def find(value, serializer, protocol):
    """Return ``path`` and ``type`` of the innermost object that cannot be dumped although its parts can."""
    deadline = time.monotonic() + LIMIT
    path, met = "value", [value]
    while True:
        for name, part in _parts(value, path, serializer):
            if not any(part is one for one in met) and not _can_be_dumped(part, serializer, protocol):
                value, path = part, name
                met.append(part)
                break
            if time.monotonic() > deadline:
                return _told(value, path)
        else:
            return _told(value, path)


def _told(value, path):
    cls = type(value)
    name = cls.__qualname__ if cls.__module__ == "builtins" else "%s.%s" % (cls.__module__, cls.__qualname__)
    return {"path": path, "type": name}


def _can_be_dumped(value, serializer, protocol):
    try:
        serializers.dump(value, serializer, protocol)
    except Exception:
        return False
    return True


def _parts(value, path, serializer):
    """Return the paths and the objects that the serializer takes ``value`` apart into."""
    try:
        if isinstance(value, type):  # pickle sends a class by its name, or not at all
            return [] if serializer == "pickle" else list(_of_class(value, path))
        return list(_parts_of(value, path))
    except Exception:  # a lock, a generator: it has no parts
        return []


def _parts_of(value, path):
    cls = type(value)
    if cls in (dict, collections.OrderedDict):
        return _of_dict(value, path)
    if cls in _CONTAINERS:
        return _of_sequence(value, path)
    if cls in (set, frozenset):
        return _of_sequence(list(value), "list(%s)" % path)
    if cls is types.FunctionType:
        return _of_function(value, path)
    return _of_reduced(value, path)


def _of_dict(value, path):
    for number, (key, one) in enumerate(list(value.items())):
        yield "list(%s)[%d]" % (path, number), key
        yield "%s[%s]" % (path, _key(key, number)), one


def _key(key, number):
    return repr(key) if type(key) in (str, int, bytes, bool, float, type(None)) else "#%d" % number


def _of_sequence(value, path):
    return [("%s[%d]" % (path, number), one) for number, one in enumerate(value)]


def _of_function(function, path):
    yield from _of_sequence(function.__defaults__ or (), path + ".__defaults__")
    yield from _of_dict(function.__kwdefaults__ or {}, path + ".__kwdefaults__")
    for number, cell in enumerate(function.__closure__ or ()):
        yield "%s.__closure__[%d].cell_contents" % (path, number), cell.cell_contents
    for name in function.__code__.co_names:
        if name in function.__globals__:
            yield "%s.__globals__[%r]" % (path, name), function.__globals__[name]


def _of_class(cls, path):
    """Yield what is copied along with a class: what stands in it."""
    if path.endswith(_CLASS):
        path = "type(%s)" % path[: -len(_CLASS)]
    held = vars(cls)
    for name in sorted(held, key=lambda name: (name not in _KEPT, name.startswith("__pydantic"))):
        yield "%s.%s" % (path, name), held[name]
    yield from _of_sequence(cls.__bases__, path + ".__bases__")


def _of_reduced(value, path):
    for name in _PARTS.get(type(value), ()):
        yield "%s.%s" % (path, name), getattr(value, name)
    reduced = value.__reduce_ex__(4)
    if isinstance(reduced, str):
        return
    _, arguments, state, items, pairs = (tuple(reduced) + (None,) * 5)[:5]
    for number, one in enumerate(arguments):
        yield "%s.__reduce_ex__(4)[1][%d]" % (path, number), one
    yield from _of_state(value, state, path)
    yield from _of_sequence(list(items or ()), path)
    yield from _of_dict(dict(pairs or ()), path)


def _of_state(value, state, path):
    parts = [state]
    if isinstance(state, tuple) and len(state) == 2:
        parts = list(state)  # attributes, and those in slots
    elif isinstance(state, dict) and "__dict__" in state:
        parts = [state["__dict__"], *(state.get(name) for name in _PYDANTIC)]
    for part in parts:
        if isinstance(part, dict):
            yield from _of_attributes(value, part, path)
        elif part is not None:
            yield path + ".__getstate__()", part


def _of_attributes(value, attributes, path):
    for name, one in list(attributes.items()):
        is_attribute = isinstance(name, str) and name.isidentifier() and getattr(value, name, None) is one
        yield ("%s.%s" % (path, name) if is_attribute else "%s.__getstate__()[%r]" % (path, name)), one
