"""A value as lines of text, so that a process that has nothing but the payload can tell whether all of it arrived.

Each line is ``[kind, path, text]`` with the kinds of :mod:`compare`: ``type``, ``sharing``, and for values ``dict``,
``extra``, ``fields_set``, ``private`` or ``value``. An object that is no model is taken apart as pickle does it, by its
own ``__reduce_ex__``: what it leaves out of a payload on purpose is no part of its portrait.
"""

import copyreg
import enum
import hashlib
import itertools
import re
import sys
import types

from .compare import MAX_DIFFERENCES, MAX_SHOWN

MAX_LINES = 20000
_LEAVES = (type(None), type(Ellipsis), type(NotImplemented), bool, int, float, complex, str, bytes)
_BY_NAME = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType, types.MethodType)
_STATE = {
    "__dict__": "dict",
    "__pydantic_extra__": "extra",
    "__pydantic_fields_set__": "fields_set",
    "__pydantic_private__": "private",
}
COPY = " (a copy of the class)"


def draw(value):
    """Return the lines of ``value``, and the classes met on the way, each once."""
    portrait = _Portrait(None)
    portrait.walk(value, "value", "value")
    return portrait.result(), portrait.classes


def not_to_be_told(classes):
    """Return the texts of ``classes`` that are not to be had by their name, or by origin and arguments, even here.

    In the receiver nobody can tell whether they are copies. Classes of a function or of ``__main__`` are not among
    them: those can only arrive as copies. To be asked after dumping: it evaluates specializations.
    """
    return [class_text(cls) for cls in classes if not (_is_local(cls) or is_own(cls))]


def _is_local(cls):
    origin = _origin(cls)
    if origin is not None:
        return _is_local(origin)
    return cls.__module__ == "__main__" or "<locals>" in cls.__qualname__


def draw_arrived(value, unknown):
    """Return the lines of a loaded ``value``, in which a class that is not this process's own is called a copy.

    ``unknown`` holds the texts of classes of which that cannot be told by their name and arguments.
    """
    portrait = _Portrait(frozenset(unknown))
    portrait.walk(value, "value", "value")
    return portrait.result()


def differences(sent, arrived):
    """Return how two portraits differ, as :func:`compare.differences` does, one for each place."""
    found = []
    ours, theirs = _by_place(sent), _by_place(arrived)
    for kind, path in dict.fromkeys([*ours, *theirs]):
        expected, actual = ours.get((kind, path), ["missing"]), theirs.get((kind, path), ["missing"])
        if expected != actual:
            pairs = itertools.zip_longest(expected, actual, fillvalue="missing")
            one, other = next(pair for pair in pairs if pair[0] != pair[1])
            found.append({"kind": kind, "path": path, "expected": one, "actual": other})
    return found[:MAX_DIFFERENCES]


def _by_place(lines):
    places = {}
    for kind, path, text in lines:
        places.setdefault((kind, path), []).append(text)
    return places


def specializations(classes):
    """Return those of ``classes`` that are specializations of a generic model."""
    return [cls for cls in classes if _origin(cls) is not None]


def class_text(cls):
    """Return a class by origin and arguments, however Pydantic named it and wherever it is registered."""
    origin = _origin(cls)
    if origin is None:
        return cls.__qualname__ if cls.__module__ == "builtins" else "%s.%s" % (cls.__module__, cls.__qualname__)
    arguments = cls.__pydantic_generic_metadata__["args"]
    return "%s[%s]" % (class_text(origin), ", ".join(_argument_text(one, class_text) for one in arguments))


def is_own(cls):
    """Is this the very class that this process has by that name, or evaluates from that origin and arguments?"""
    origin = _origin(cls)
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


def _origin(cls):
    return (getattr(cls, "__pydantic_generic_metadata__", None) or {}).get("origin")


def _argument_text(argument, name):
    kind = type(argument)
    if issubclass(kind, type):
        return name(argument)
    arguments = getattr(argument, "__args__", None)
    if isinstance(arguments, tuple) and arguments:
        inner = [_argument_text(one, name) for one in arguments]
        inner += [_text(one) for one in getattr(argument, "__metadata__", ())]
        head = getattr(argument, "_name", None) or getattr(argument, "__origin__", kind)
        head = name(head) if isinstance(head, type) else str(head)
        return "%s %s[%s]" % (kind.__name__, head, ", ".join(inner))
    if isinstance(argument, (list, tuple)):
        return "[%s]" % ", ".join(_argument_text(one, name) for one in argument)
    return _text(argument)


def _text(value):
    """Return the ``repr`` without the addresses, which are each process's own."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


class _Portrait:
    def __init__(self, unknown):
        self.classes = []
        self._unknown = unknown
        self._lines = []
        self._rest = hashlib.sha256()
        self._left_out = 0
        self._met = {}
        self._alive = []  # ids stay unique only as long as their objects live
        self._texts = {}

    def result(self):
        if not self._left_out:
            return self._lines
        rest = "%d more lines, %s" % (self._left_out, self._rest.hexdigest())
        return [*self._lines, ["value", "the rest", rest]]

    def walk(self, value, path, kind):
        cls = type(value)
        if cls in _LEAVES:
            self._line(kind, path, _leaf_text(value))
        elif issubclass(cls, type):
            self._line("type", path, self._text_of(value))
        elif self._is_new(value, path):
            if cls not in (dict, list, tuple, set, frozenset, bytearray):
                self._line("type", path, self._text_of(cls))
            self._walk_object(value, cls, path, kind)

    def _walk_object(self, value, cls, path, kind):
        if cls is dict:
            self._walk_items(list(value.items()), path, kind)
        elif cls in (list, tuple):
            self._walk_sequence(list(value), path, kind)
        elif cls in (set, frozenset):
            self._walk_set(value, path, kind)
        elif cls is bytearray:
            self._line(kind, path, _leaf_text(bytes(value)))
        elif issubclass(cls, enum.Enum):
            self._line(kind, path, str(value.name))
        elif issubclass(cls, _BY_NAME):
            self._line(kind, path, "%s %s" % (getattr(value, "__module__", ""), getattr(value, "__qualname__", "")))
        elif hasattr(cls, "__pydantic_generic_metadata__") and hasattr(value, "__getstate__"):
            self._walk_model(value, path)
        else:
            self._walk_reduced(value, cls, path, kind)

    def _walk_model(self, value, path):
        state = value.__getstate__()
        if not (isinstance(state, dict) and "__dict__" in state):
            self.walk(state, path + ".__getstate__()", "value")
            return
        for name in sorted(state):
            self.walk(state[name], path if name == "__dict__" else "%s.%s" % (path, name), _STATE.get(name, "value"))

    def _walk_reduced(self, value, cls, path, kind):
        reducer = copyreg.dispatch_table.get(cls)
        try:
            reduced = reducer(value) if reducer else value.__reduce_ex__(4)
        except Exception as error:  # a lock, a generator: the serializer will say so, or has a way of its own
            self._line(kind, path, "not to be taken apart: %s" % type(error).__name__)
            return
        if isinstance(reduced, str):
            self._line(kind, path, reduced)
            return
        self._alive.append(reduced)
        function, arguments, state, items, pairs = (tuple(reduced) + (None,) * 5)[:5]
        self._line(kind, path, "%s %s" % (function.__module__, getattr(function, "__qualname__", function)))
        # The object's own class stands in the arguments of most, and has been told.
        self._walk_sequence([one for one in arguments if one is not cls], path + "()", kind)
        if isinstance(state, dict):
            self._walk_items(list(state.items()), path + ".", kind)
        elif state is not None:
            self.walk(state, path + ".__getstate__()", kind)
        if items is not None:
            self._walk_sequence(list(items), path, kind)
        if pairs is not None:
            self._walk_items(list(pairs), path, kind)

    def _walk_sequence(self, items, path, kind):
        self._alive.append(items)
        self._line(kind, path, "%d items" % len(items))
        for index, item in enumerate(items):
            self.walk(item, "%s[%d]" % (path, index), kind)

    def _walk_items(self, pairs, path, kind):
        self._alive.append(pairs)
        self._line(kind, path, "%d keys" % len(pairs))
        for index, (key, value) in enumerate(pairs):
            name = repr(key)[:MAX_SHOWN] if type(key) in _LEAVES else "#%d" % index
            if type(key) not in _LEAVES:
                self.walk(key, "%s key %s" % (path, name), kind)
            self.walk(value, "%s[%s]" % (path, name), kind)

    def _walk_set(self, members, path, kind):
        """The order of a set is each process's own: members are sorted by their portraits."""
        portraits = []
        for member in members:
            one = _Portrait(self._unknown)
            one.walk(member, "", kind)
            self.classes += [cls for cls in one.classes if cls not in self.classes]
            portraits.append(one.result())
        self._line(kind, path, "%d members" % len(portraits))
        for index, lines in enumerate(sorted(portraits)):
            for line_kind, inner, text in lines:
                self._line(line_kind, "%s member #%d%s" % (path, index, inner), text)

    def _is_new(self, value, path):
        """Follow each object once, which ends cycles; a second way to it is told."""
        first = self._met.setdefault(id(value), path)
        self._alive.append(value)
        if first != path:
            self._line("sharing", path, "the same object as %s" % first)
        return first == path

    def _text_of(self, cls):
        if cls not in self._texts:
            self._meet(cls)
            text = class_text(cls)
            is_strange = self._unknown is not None and text not in self._unknown and not is_own(cls)
            self._texts[cls] = text + COPY if is_strange else text
        return self._texts[cls]

    def _meet(self, cls):
        """Note a class and the classes within its arguments."""
        if cls in self.classes:
            return
        self.classes.append(cls)
        if _origin(cls) is not None:
            for argument in (_origin(cls), *cls.__pydantic_generic_metadata__["args"]):
                _argument_text(argument, self._meet_inside)

    def _meet_inside(self, cls):
        self._meet(cls)
        return ""

    def _line(self, kind, path, text):
        if len(self._lines) < MAX_LINES:
            self._lines.append([kind, path, text])
        else:
            self._left_out += 1
            self._rest.update(("%s\0%s\0%s\n" % (kind, path, text)).encode("utf-8", "backslashreplace"))


def _leaf_text(value):
    text = repr(value)
    if len(text) <= MAX_SHOWN:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    return "%s... (%d characters, %s)" % (text[: MAX_SHOWN // 2], len(text), digest[:16])
