"""Where a class is found: told by the process that dumped, looked up in the one that loaded.

``origin[arguments of what arrived] is cls`` proves nothing where an argument does not equal its own copy: it is true of
the wrong class, too. So the sender tells under which names of its modules such a class stands, and the receiver looks
at what its own modules hold under those names.
"""

import base64
import importlib
import io
import pickle
import re
import sys

from .classes import all_within, class_text, is_local, is_own, leaves_of, origin_of

# What cloudpickle and dill write into a payload that carries a class by value.
_BY_VALUE = re.compile(rb"_make_skeleton_(class|enum)|_create_(type|namedtuple)")
_HEAP_TYPE = 1 << 9
# No metaclass is asked: its __getattr__ or __getattribute__ may warn, raise or import, as Pydantic 2.0's own do.
_dict_of = type.__dict__["__dict__"].__get__


def tell(classes):
    """Return, by their texts, what a receiver has to know of those ``classes`` that it cannot tell by itself.

    To be asked after dumping: it evaluates specializations. ``names`` are places that hold the class, ``lost`` says
    that its own name does not lead to it, ``recipes`` are payloads of the class alone that do.
    """
    told = {}
    for cls in classes:
        is_certain = is_own(cls) and (origin_of(cls) is None or all(map(_comes_back, leaves_of(cls))))
        if not (is_certain or is_local(cls)):
            one = told.setdefault(class_text(cls), {"names": [], "lost": origin_of(cls) is None, "recipes": []})
            one["names"] += [name for name in _names_of(cls) if name not in one["names"]]
            one["recipes"] += _recipes_of(cls)
    return told


class Owners:
    """Tells of classes that arrived whether they are this process's own. ``told`` is what :func:`tell` returned.

    ``compared`` keeps with what each class was compared, by its text.
    """

    def __init__(self, told, payload=b""):
        self._told = told
        self._carries_classes = _BY_VALUE.search(payload) is not None
        self.compared = {}

    def is_own(self, cls):
        """Is this the very class that this process has? A specialization is no better than what it is made of."""
        told = self._told.get(class_text(cls))
        if told is None:
            return is_own(cls) and all(map(self.is_own, all_within(cls)))
        held = [(name, one) for name, one in map(_look_up, told["names"]) if _text_of(one) == class_text(cls)]
        if held:
            self.compared[class_text(cls)] = held[0][0]
            return any(one is cls for _, one in held)
        if told["recipes"]:
            self.compared[class_text(cls)] = "what a payload of the class leads to"
            return any(_follow(recipe) is cls for recipe in told["recipes"])
        if told["lost"]:
            # What no name leads to can only have come as a copy; without one, nobody can tell.
            return not (self._carries_classes and cls.__flags__ & _HEAP_TYPE)
        return False

    def lost(self):
        """Return the texts of the classes that not even the sender finds under their own name."""
        return sorted(text for text, told in self._told.items() if told["lost"])


def _look_up(name):
    """Return a name as Python writes it, and what this process has there; its module may not be imported yet."""
    module, *steps = name
    try:
        found = importlib.import_module(module)
    except Exception:  # it cannot be had here: whoever needs it will say so
        found = None
    for step in steps:
        is_class = issubclass(type(found), type)
        found = dict(_held_by(_namespace_of(found) if is_class else getattr(found, "__dict__", {}))).get(step)
    return ".".join(name), found


def _text_of(found):
    return class_text(found) if isinstance(found, type) else None


def _names_of(cls):
    """Return the places that hold ``cls`` and that another process can have, too: a module, and names within it.

    Such a name is that of a global, or of an attribute or a field of a class that is one.
    """
    found = []
    for module, loaded in list(sys.modules.items()):
        if module != "__main__" and type(loaded) is type(sys):
            for name, one in _held_by(loaded.__dict__):
                if one is cls:
                    found.append([module, name])
                elif issubclass(type(one), type) and _namespace_of(one).get("__module__") == module:
                    found += [[module, name, inner] for inner, held in _held_by(_namespace_of(one)) if held is cls]
    return found


def _namespace_of(cls):
    return _dict_of(cls) or {}  # None for a type that C has not made ready yet, as _socket.socket


def _held_by(namespace):
    """Return names and what they stand for; those of a model's fields stand for their annotations."""
    held = list(namespace.items())
    if "__pydantic_generic_metadata__" in namespace:
        fields = namespace.get("__pydantic_fields__") or namespace.get("model_fields") or {}
        held += [(name, field.annotation) for name, field in list(fields.items())]
    return held


def _recipes_of(cls):
    """Return the payload of a class that leads back to it, as text: the sender's, which may have the fix."""
    try:
        recipe = base64.b64encode(pickle.dumps(cls)).decode("ascii")
    except Exception:
        return []
    return [recipe] if _follow(recipe) is cls else []


def _follow(recipe):
    try:
        return pickle.loads(base64.b64decode(recipe))
    except Exception:  # it cannot be had here
        return None


def _comes_back(leaf):
    """Does what stands in a type argument equal its copy, hash included, so that Pydantic takes one for the other?"""
    known = []

    class Pickler(pickle.Pickler):
        def persistent_id(self, one):
            """Specializations within are judged by themselves."""
            if not issubclass(type(one), type) or origin_of(one) is None:
                return None
            known.append(one)
            return len(known) - 1

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, number):
            return known[number]

    try:
        file = io.BytesIO()
        Pickler(file, 4).dump(leaf)
        copy = Unpickler(io.BytesIO(file.getvalue())).load()
        return bool(copy == leaf) and hash(copy) == hash(leaf)
    except Exception:
        return False
