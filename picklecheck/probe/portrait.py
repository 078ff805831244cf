"""A value as lines of text, so that a process that has nothing but the payload can tell whether all of it arrived.

Each line is ``[kind, path, text]`` with the kinds of :mod:`compare`: ``type``, ``sharing``, and for values ``dict``,
``extra``, ``fields_set``, ``private`` or ``value``. Of a model the fields are always told. All else, and what is no
model, is taken apart as pickle does it, by ``__getstate__`` and ``__reduce_ex__``: what that leaves out of a payload on
purpose is no part of the portrait.
"""

import collections
import copyreg
import enum
import hashlib
import importlib
import itertools
import operator
import time
import types

from .classes import all_within, class_text, digest, module_of, stable_text
from .compare import MAX_SHOWN

MAX_LINES = 20000
# How long drawing may take, in seconds: a test waits for it. What is drawn until then is compared.
MAX_SECONDS = 20.0
# From this length on a sequence of plain values is told by the digests of its parts.
LONG = 2000
# From this length on a path is told by its beginning and a digest: a linked list would make it grow with each node.
MAX_PATH = 400
# In sets within sets, what is no leaf is told by its class: in a graph of sets there are too many ways to go.
MAX_SETS = 2
_LEAVES = (type(None), type(Ellipsis), type(NotImplemented), bool, int, float, complex, str, bytes)
_LEAF_SET = frozenset(_LEAVES)
# Called by pickle to make an object: told by name, for its class is told already. What holds a state is walked.
_MAKERS = (type, types.FunctionType, types.BuiltinFunctionType)
# Their recipe holds the members in the order of this process.
_SET_REDUCERS = (set.__reduce__, frozenset.__reduce__)
_STATE = {
    "__dict__": "dict",
    "__pydantic_extra__": "extra",
    "__pydantic_fields_set__": "fields_set",
    "__pydantic_private__": "private",
}
COPY = " (a copy of the class)"
# What begins a line about an object that nobody can look into: it may have arrived, or not.
OPAQUE = "not to be taken apart: "
# cloudpickle carries these by reducers of its own; they hold nothing but their members.
_VIEWS = tuple(
    type(view)
    for mapping in ({}, collections.OrderedDict())
    for view in (mapping.keys(), mapping.values(), mapping.items())
)
# Whose __reduce_ex__ is the usual one: Pydantic's, and that of the fix.
_USUAL = ("builtins", "pydantic", "picklecheck")


def draw(value):
    """Return the portrait of ``value``, drawn by the process that sends it."""
    return _drawn(Portrait(), value)


def draw_arrived(value, owners, reducers):
    """Return the portrait of a loaded ``value``, in which a class that is not this process's own is called a copy.

    ``owners`` knows which are. ``reducers`` names those of ``copyreg`` that the sender used: this process may have
    others, or none, and what differs by that alone is no difference.
    """
    return _drawn(Portrait(owners, reducers), value)


def _drawn(portrait, value):
    portrait.walk(value, "value", "value")
    return portrait


class Portrait:
    """The ``lines`` of a value, and what was met on the way.

    ``classes``, each once; ``reducers``, the names of those of ``copyreg`` by the texts of their classes; ``rebuilt``,
    the paths of objects that restore themselves by a method of their own.
    """

    def __init__(self, owners=None, reducers=None, outer=None):
        self.classes = []
        self.rebuilt = []
        self.reducers = {} if owners is None else reducers
        self.is_cut = False
        self._owners = owners
        self._outer = outer  # the portrait of which this one is a member's
        self._sets = outer._sets + 1 if outer else 0
        self._told = []
        self._rest = hashlib.sha256()
        self._left_out = 0
        self._met = {}
        self._alive = []  # ids stay unique only as long as their objects live
        self._texts = {}

    @property
    def lines(self):
        """The lines; of those beyond the last one, their number and a digest."""
        if not self._left_out:
            return self._told
        rest = "%d more lines, %s" % (self._left_out, self._rest.hexdigest())
        return [*self._told, ["value", "the rest", rest]]

    def walk(self, value, path, kind):
        """Draw ``value``. Without recursion: a portrait goes deeper than pickle does, and leaves failing to pickle."""
        deadline = time.monotonic() + MAX_SECONDS
        pending = [self._walk(value, path, kind)]
        for step in itertools.count():
            if not pending:
                break
            if step % 1000 == 0 and time.monotonic() > deadline:
                self.is_cut = True
                break
            for inner in pending[-1]:
                pending.append(inner)
                break
            else:
                pending.pop()

    def _walk(self, value, path, kind):
        """Draw ``value`` and yield what draws the objects within it, as all generators here do."""
        cls = type(value)
        path = path if len(path) <= MAX_PATH else "%s...(%s)" % (path[: MAX_SHOWN // 2], digest(path))
        if cls in _LEAVES:
            self._line(kind, path, _leaf_text(value))
        elif issubclass(cls, type):
            self._line("type", path, self._text_of(value))
        elif self._is_new(value, path):
            self._line("type", path, self._text_of(cls))
            if _restores_itself(cls) or cls in copyreg.dispatch_table or class_text(cls) in self.reducers:
                self.rebuilt.append(path)
            yield self._walk_object(value, cls, path, kind)

    def _walk_object(self, value, cls, path, kind):
        if cls is dict:
            yield self._walk_items(list(value.items()), path, kind)
        elif cls in (list, tuple):
            yield self._walk_sequence(list(value), path, kind)
        elif issubclass(cls, (set, frozenset)) and cls.__reduce__ in _SET_REDUCERS:
            self._draw_set(value, path, kind)
            if cls not in (set, frozenset):  # of a subclass pickle takes the attributes, too
                yield self._walk(value.__reduce__()[2], path + ".__getstate__()", kind)
        elif cls is bytearray:
            self._line(kind, path, _leaf_text(bytes(value)))
        elif issubclass(cls, enum.Enum):
            # A combination of flags has no name before Python 3.11.
            self._line(kind, path, stable_text(value._value_) if value._name_ is None else str(value._name_))
        elif issubclass(cls, types.ModuleType):
            self._line(kind, path, value.__name__)
        elif issubclass(cls, types.FunctionType):
            yield self._walk_function(value, path, kind)
        elif cls is types.MappingProxyType:
            yield self._walk_items(list(value.items()), path, kind)
        elif cls in _VIEWS:
            yield self._walk_sequence(list(value), path, kind)
        elif hasattr(cls, "__pydantic_generic_metadata__"):
            yield self._walk_model(value, path, kind)
        else:
            yield self._walk_reduced(value, cls, path, kind)

    def _walk_function(self, value, path, kind):
        """A function goes by its name; with cloudpickle one without goes by value, and what it has kept with it."""
        self._line(kind, path, _name_of(value))
        if module_of(value) == "__main__" or "<" in value.__qualname__:
            for part in ("__defaults__", "__kwdefaults__"):
                yield self._walk(getattr(value, part), "%s.%s" % (path, part), kind)
            yield self._walk_sequence([_content(cell) for cell in value.__closure__ or ()], path + ".__closure__", kind)

    def _walk_model(self, value, path, kind):
        """Fields are state, whatever the model says of its pickling; the rest is what it says."""
        own = vars(value)
        names = [name for name in type(value).model_fields if name in own]
        yield self._walk_items([(name, own[name]) for name in names], path, "dict")
        for name in ("__pydantic_extra__", "__pydantic_fields_set__"):
            yield self._walk(getattr(value, name, None), "%s.%s" % (path, name), _STATE[name])
        if _has_own_recipe(type(value)):
            yield self._walk_reduced(value, type(value), path, kind)
        else:
            yield self._walk_state(value, path, kind, names)

    def _walk_state(self, value, path, kind, told):
        try:
            state = value.__getstate__()
        except Exception as error:  # the serializer will say so
            self._line(kind, path, OPAQUE + type(error).__name__)
            return
        self._alive.append(state)
        if not (isinstance(state, dict) and "__dict__" in state):
            yield self._walk(state, path + ".__getstate__()", "value")
            return
        rest = {name: one for name, one in state["__dict__"].items() if name not in told}
        yield self._walk_items(list(rest.items()), path + ".__dict__", "dict")
        for name in sorted(set(state) - {"__dict__", "__pydantic_extra__", "__pydantic_fields_set__"}):
            yield self._walk(state[name], "%s.%s" % (path, name), _STATE.get(name, "value"))

    def _walk_reduced(self, value, cls, path, kind):
        try:
            reducer = self._reducer_of(cls)
            reduced = reducer(value) if reducer else value.__reduce_ex__(4)
            parts = (None,) * 5 if isinstance(reduced, str) else (tuple(reduced) + (None,) * 5)[:5]
            items, pairs = (None if one is None else list(one) for one in parts[3:])
        except Exception as error:  # a lock, a generator: the serializer will say so, or has a way of its own
            self._line(kind, path, OPAQUE + type(error).__name__)
            return
        if isinstance(reduced, str):
            self._line(kind, path, "%s %s" % (module_of(value), reduced))
            return
        self._alive.append(reduced)
        function, arguments, state = parts[:3]
        if isinstance(function, _MAKERS):
            self._line(kind, path, _name_of(function))
        else:
            yield self._walk(function, path + ".__reduce__()[0]", kind)
        # The object's own class stands in the arguments of most, and has been told.
        yield self._walk_sequence([one for one in arguments if one is not cls], path + "()", kind)
        if isinstance(state, dict):
            yield self._walk_items(list(state.items()), path + ".__dict__", kind)
        elif state is not None:
            yield self._walk(state, path + ".__getstate__()", kind)
        if items is not None:
            yield self._walk_sequence(items, path, kind)
        if pairs is not None:
            yield self._walk_items(pairs, path, kind)

    def _reducer_of(self, cls):
        """Return what the sender has in ``copyreg`` for a class, as far as it can be had here."""
        text = class_text(cls)
        if self._owners is None:
            reducer = copyreg.dispatch_table.get(cls)
            if reducer is not None:
                self.reducers[text] = [getattr(reducer, "__module__", ""), getattr(reducer, "__qualname__", "")]
            return reducer
        if text not in self.reducers:
            return None
        module, name = self.reducers[text]
        try:
            return operator.attrgetter(name)(importlib.import_module(module))
        except Exception:
            return None

    def _walk_sequence(self, items, path, kind):
        self._alive.append(items)
        self._line(kind, path, "%d items" % len(items))
        if self._draw_in_parts(items, items, path, kind):
            return
        for index, item in enumerate(items):
            yield self._walk(item, "%s[%d]" % (path, index), kind)

    def _draw_in_parts(self, items, leaves, path, kind):
        """Draw many items, if all that they consist of are ``leaves``; return whether that is so."""
        if len(items) <= LONG or not set(map(type, leaves)) <= _LEAF_SET:
            return False
        size = -(-len(items) // LONG)
        for start in range(0, len(items), size):
            part = items[start : start + size]
            self._line(kind, "%s[%d:%d]" % (path, start, start + size), digest(_text_of_part(part)))
        return True

    def _walk_items(self, pairs, path, kind):
        self._alive.append(pairs)
        self._line(kind, path, "%d keys" % len(pairs))
        if self._draw_in_parts(pairs, itertools.chain.from_iterable(pairs), path, kind):
            return
        for index, (key, value) in enumerate(pairs):
            name = _leaf_text(key) if type(key) in _LEAVES else "#%d" % index
            if type(key) not in _LEAVES:
                yield self._walk(key, "%s key %s" % (path, name), kind)
            yield self._walk(value, "%s[%s]" % (path, name), kind)

    def _draw_set(self, members, path, kind):
        """The order of a set is each process's own: members are sorted by their portraits."""
        if len(members) > LONG and set(map(type, members)) <= _LEAF_SET:
            members = sorted(members, key=_leaf_text)
            self._line(kind, path, "%d members" % len(members))
            self._draw_in_parts(members, members, path, kind)
            return
        portraits = []
        for member in members:
            one = Portrait(self._owners, self.reducers, self)
            if self._sets < MAX_SETS or type(member) in _LEAVES:
                one.walk(member, "", kind)
            else:
                one._line("type", "", one._text_of(type(member)))
            self.classes += [cls for cls in one.classes if cls not in self.classes]
            portraits.append(one.lines)
        self._line(kind, path, "%d members" % len(portraits))
        for index, lines in enumerate(sorted(portraits)):
            for line_kind, inner, text in lines:
                self._line(line_kind, "%s member #%d%s" % (path, index, inner), text)

    def _is_new(self, value, path):
        """Follow each object once, which ends cycles; a second way to it is told."""
        self._alive.append(value)
        first = self._first_path(value)
        if first is None:
            self._met[id(value)] = path
            return True
        self._line("sharing", path, "the same object as %s" % (first or "the member"))
        return False

    def _first_path(self, value):
        portrait = self
        while portrait is not None:
            if id(value) in portrait._met:
                return portrait._met[id(value)]
            portrait = portrait._outer
        return None

    def _text_of(self, cls):
        if cls not in self._texts:
            self._meet(cls)
            text = class_text(cls)
            is_strange = self._owners is not None and not self._owners.is_own(cls)
            self._texts[cls] = text + COPY if is_strange else text
        return self._texts[cls]

    def _meet(self, cls):
        """Note a class and the classes within its arguments."""
        if cls not in self.classes:
            self.classes.append(cls)
            for inner in all_within(cls):
                self._meet(inner)

    def _line(self, kind, path, text):
        if len(self._told) < MAX_LINES:
            self._told.append([kind, path, text])
        else:
            self._left_out += 1
            self._rest.update(("%s\0%s\0%s\n" % (kind, path, text)).encode("utf-8", "backslashreplace"))


def _restores_itself(cls):
    """Has a class a ``__setstate__`` of its own, which may make anew what it does not find?"""
    for base in cls.__mro__:
        if "__setstate__" in base.__dict__:
            return base.__module__.partition(".")[0] not in _USUAL
    return False


def _has_own_recipe(cls):
    """Does a model say by itself how it is to be pickled?"""
    for base in cls.__mro__:
        if "__reduce_ex__" in base.__dict__ or "__reduce__" in base.__dict__:
            return base.__module__.partition(".")[0] not in _USUAL
    return False


def _leaf_text(value):
    # Python refuses to write out a long integer in decimals.
    text = hex(value) if type(value) is int and value.bit_length() > 4 * MAX_SHOWN else repr(value)
    if len(text) <= MAX_SHOWN:
        return text
    return "%s... (%d characters, %s)" % (text[: MAX_SHOWN // 2], len(text), digest(text))


def _text_of_part(part):
    try:
        return repr(part)
    except ValueError:  # an integer that Python refuses to write out
        return repr([[_leaf_text(one) for one in item] if type(item) is tuple else _leaf_text(item) for item in part])


def _name_of(value):
    return "%s %s" % (module_of(value), getattr(value, "__qualname__", type(value).__qualname__))


def _content(cell):
    try:
        return cell.cell_contents
    except ValueError:
        return "empty"
