"""Of what use a value is: it validates as its own class, it serializes, and its own ``==`` knows its copy.

Trying changes what it is tried on (a cached property is computed, a deferred schema is built): so it comes after
dumping, and in a process of ours alone.
"""

import json
import os
import warnings

from . import differing, portrait, serializers
from .classes import digest
from .compare import MAX_SHOWN

_WORKS = "works"


def leave_uses(path, value):
    """Write to ``path`` what the receiver is to compare with: what comes of using the ``value`` that was sent."""
    first, second = _try(value), _try(value)
    # What is not the same twice, here already, is not to be compared: only whether it works.
    told = {name: first[name] if first[name] == second[name] else _roughly(first[name]) for name in first}
    with open(path, "w", encoding="ascii") as file:
        json.dump(told, file)


def compare_uses(path, is_complete, value):
    """Return what comes of using a loaded ``value``, and what came of the one that was sent: words, or None.

    Where the sender did not try (a test's own object is not to be changed), all that is known of it is whether its
    class was complete; what is complete there does not fail here for being incomplete.
    """
    restored = _try(value)
    if os.path.exists(path):
        with open(path, encoding="ascii") as file:
            twin = json.load(file)
    else:
        twin = {name: _WORKS if is_complete and _is_incomplete(text) else text for name, text in restored.items()}
    return {name: _both(restored[name], twin.get(name)) for name in restored}


def equals_copy(value, payload, buffers, serializer):
    """Does the class's own ``==`` call ``value`` and what its payload makes equal? None where that cannot be told."""
    if type(value).__eq__ is object.__eq__:
        return None
    load, options = serializers.loader(buffers, serializer)
    try:
        return bool(value == load(payload, **options))
    except Exception:
        return None


def _both(restored, twin):
    if restored is None or twin is None:
        return None
    return {"restored": _roughly(restored) if twin == _WORKS else restored, "twin": twin}


def _try(value):
    if not hasattr(type(value), "__pydantic_generic_metadata__"):
        return {"revalidation": None, "serialization": None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "revalidation": _attempt(lambda: _validated(value)),
            "serialization": _attempt(lambda: _canonical(value.model_dump_json())),
        }


def _attempt(function):
    try:
        return function()
    except Exception as error:
        return "fails: %s" % type(error).__name__


def _validated(value):
    found = type(value).model_validate(value)
    if found is value:
        return "the same object"
    drawn = portrait.draw(found)
    lines = differing.without_rebuilt(drawn.lines, drawn.rebuilt)
    return "a copy, %s" % digest(json.dumps(sorted(lines)))


def _canonical(text):
    """Return JSON as text that does not depend on the order of sets, which is each process's own."""
    text = json.dumps(_sorted(json.loads(text)), sort_keys=True)
    return text if len(text) <= MAX_SHOWN else "%s... (%d characters, %s)" % (text[:100], len(text), digest(text))


def _sorted(one):
    if isinstance(one, dict):
        return {name: _sorted(inner) for name, inner in one.items()}
    if isinstance(one, list):
        return sorted(map(_sorted, one), key=lambda inner: json.dumps(inner, sort_keys=True))
    return one


def _roughly(text):
    return text if text is None or text.startswith("fails: ") else _WORKS


def _is_incomplete(text):
    return text is not None and text.startswith("fails: PydanticUserError")
