"""Compare a loaded object with its twin, built in the receiver: type by identity, state by name, sharing by place.

``==`` proves nothing here: Pydantic calls two models of different classes equal when their origins and fields agree.
"""

import collections
import functools
import math
import types

MAX_DIFFERENCES = 20
MAX_SHOWN = 200


def differences(expected, actual):
    """Return how ``actual`` differs from ``expected``, as dicts of ``kind``, ``path``, ``expected``, ``actual``.

    Kinds: ``type`` (another class), ``sharing`` (one object became two, or two one), and for values the place where
    they live: ``dict``, ``extra``, ``fields_set`` and ``private`` of a model, ``value`` elsewhere.
    """
    comparison = _Comparison()
    comparison.walk(expected, actual, "value", "value")
    return comparison.found[:MAX_DIFFERENCES]


class _Words(str):
    """Said about a value, and shown as it is: not a value itself."""

    __slots__ = ()

    def __repr__(self):
        return str(self)


_MISSING = _Words("missing")
# These arrive by reference, or not at all.
_BY_IDENTITY = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType)


class _Comparison:
    def __init__(self):
        self.found = []
        self._partner_of_expected = {}
        self._partner_of_actual = {}
        self._followed = set()
        self._alive = []  # ids stay unique only as long as their objects live

    def walk(self, expected, actual, path, kind):
        # Not isinstance(): before Python 3.11 that calls list[int] a class.
        if issubclass(type(expected), type):
            if actual is not expected:
                self._add("type", path, expected, actual)
            return
        if type(actual) is not type(expected):
            self._add("type", path, type(expected), type(actual))
            return
        if self._met_before(expected, actual, path):
            return
        if hasattr(type(expected), "__pydantic_generic_metadata__"):
            self._walk_model(expected, actual, path)
        elif hasattr(expected, "__args__"):  # no class: those are done with
            if actual != expected:  # an alias such as list[Box[int]]: it equals only one of the very same classes
                self._add("type", path, expected, actual)
        elif isinstance(expected, _BY_IDENTITY):
            if actual is not expected:
                self._add(kind, path, expected, actual)
        else:
            self._walk_object(expected, actual, path, kind)

    def _walk_object(self, expected, actual, path, kind):
        """Look into containers and attributes; ask ``==`` of what is no container, where the class has one of its own.

        An object with neither attributes nor an ``==`` has nothing that could be compared.
        """
        before = len(self.found)
        is_container = self._walk_content(expected, actual, path, kind)
        attributes, others = _attributes(expected), _attributes(actual)
        if attributes or others:
            self._walk_mapping(attributes, others, path, kind)
        has_equality = type(expected).__eq__ is not object.__eq__
        if has_equality and not is_container and len(self.found) == before and not _equal(expected, actual):
            self._add(kind, path, expected, actual)

    def _walk_content(self, expected, actual, path, kind):
        """Walk what is in a container; return False if this is none."""
        if isinstance(expected, dict):
            self._walk_mapping(expected, actual, path, kind)
        elif isinstance(expected, (set, frozenset)):
            self._walk_set(expected, actual, path, kind)
        elif isinstance(expected, (list, tuple, collections.deque)):
            self._walk_sequence(expected, actual, path, kind)
        elif isinstance(expected, BaseException):
            self._walk_sequence(expected.args, actual.args, path + ".args", kind)
        elif isinstance(expected, functools.partial):
            for name in ("func", "args", "keywords"):
                self.walk(getattr(expected, name), getattr(actual, name), "%s.%s" % (path, name), kind)
        else:
            return False
        return True

    def _walk_model(self, expected, actual, path):
        for kind, attribute in (
            ("dict", "__dict__"),
            ("extra", "__pydantic_extra__"),
            ("fields_set", "__pydantic_fields_set__"),
            ("private", "__pydantic_private__"),
        ):
            # An attribute may be missing altogether on an object that was restored wrongly.
            one, other = getattr(expected, attribute, None), getattr(actual, attribute, None)
            if type(one) is type(other):
                self.walk(one, other, path, kind)
            else:
                self._add(kind, path, one, other)

    def _walk_mapping(self, expected, actual, path, kind):
        pairs, missing, surplus = _pair(expected, actual)
        for key in missing:
            self._add(kind, "%s[%s]" % (path, _show(key)), expected[key], _MISSING)
        for key in surplus:
            self._add(kind, "%s[%s]" % (path, _show(key)), _MISSING, actual[key])
        for key, other in pairs:
            self.walk(key, other, "%s key %s" % (path, _show(key)), kind)
            self.walk(expected[key], actual[other], "%s[%s]" % (path, _show(key)), kind)

    def _walk_set(self, expected, actual, path, kind):
        pairs, missing, surplus = _pair(expected, actual)
        if missing or surplus:
            self._add(kind, path, expected, actual)
        for member, other in pairs:
            self.walk(member, other, "%s member %s" % (path, _show(member)), kind)

    def _walk_sequence(self, expected, actual, path, kind):
        if len(expected) != len(actual):
            self._add(kind, path, _Words("%d items" % len(expected)), _Words("%d items" % len(actual)))
            return
        for index, (one, other) in enumerate(zip(expected, actual)):
            self.walk(one, other, "%s[%d]" % (path, index), kind)

    def _met_before(self, expected, actual, path):
        """Follow each pair once, which ends cycles, and notice when sharing was lost or made up."""
        if not isinstance(expected, (list, dict, set, bytearray)) and not hasattr(expected, "__dict__"):
            return False  # immutable leaves: whether those are shared is the interpreter's business
        partner = self._partner_of_expected.setdefault(id(expected), id(actual))
        partner_back = self._partner_of_actual.setdefault(id(actual), id(expected))
        self._alive.append((expected, actual))
        if partner != id(actual) or partner_back != id(expected):
            self._add("sharing", path, _Words("the same object as elsewhere"), _Words("another object"))
            return True
        pair = (id(expected), id(actual))
        if pair in self._followed:
            return True
        self._followed.add(pair)
        return False

    def _add(self, kind, path, expected, actual):
        self.found.append({"kind": kind, "path": path, "expected": _show(expected), "actual": _show(actual)})


def _pair(expected, actual):
    """Return pairs of keys (or members), then those of ``expected`` and of ``actual`` that have no partner.

    Equal keys need not be of one class, nor keys of two classes unequal: that is up to their hash and ``==``. So
    equal ones are paired, to be looked at, and the rest as they come if their classes are what tells them apart.
    """
    strangers = {other: other for other in actual}
    pairs, lonely = [], []
    for key in expected:
        if key in strangers:
            pairs.append((key, strangers.pop(key)))
        else:
            lonely.append(key)
    rest = list(zip(lonely, strangers))
    if len(lonely) == len(strangers) and all(_may_be_partners(key, other) for key, other in rest):
        return pairs + rest, [], []
    return pairs, lonely, list(strangers)


def _may_be_partners(key, other):
    return type(key) is not type(other) or type(key).__hash__ is object.__hash__


def _equal(expected, actual):
    if isinstance(expected, float) and math.isnan(expected):
        return math.isnan(actual)
    try:
        return bool(expected == actual)
    except Exception:  # a cycle recurses without end, and what cannot be compared is no difference
        return True


def _attributes(value):
    """Return the instance attributes of an object, those in slots included."""
    attributes = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            is_mangled = slot.startswith("__") and not slot.endswith("__")
            name = "_%s%s" % (cls.__name__.lstrip("_"), slot) if is_mangled else slot
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                attributes[name] = getattr(value, name)
    return attributes


def _show(value):
    try:
        is_class = issubclass(type(value), type)
        text = "%s.%s" % (value.__module__, value.__qualname__) if is_class else repr(value)
    except Exception as error:  # a broken __repr__ is the user's
        text = "<%s, not printable: %s>" % (type(value).__name__, type(error).__name__)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."
