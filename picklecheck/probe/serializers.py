"""Dump and load with the serializer of a cell; out-of-band buffers travel in files beside the payload."""

import hashlib
import importlib
import pickle

# Modules of the serializers, by their name on the command line.
MODULES = {"pickle": "pickle", "cloudpickle": "cloudpickle", "dill": "dill"}


def dump(value, serializer, protocol):
    """Return the payload and its out-of-band buffers, as bytes. ``protocol`` None: the serializer's own choice.

    pickle's own choice here is the highest one.
    """
    module = importlib.import_module(MODULES[serializer])
    if protocol is None and serializer == "pickle":
        protocol = pickle.HIGHEST_PROTOCOL
    buffers = []
    # dill's dumps has no buffer_callback, and protocols below 5 have no buffers.
    has_buffers = serializer != "dill" and (protocol is None or protocol >= 5)
    options = {"buffer_callback": buffers.append} if has_buffers else {}
    payload = module.dumps(value, protocol, **options)
    return payload, [bytes(buffer.raw()) for buffer in buffers]


def loader(buffers, serializer):
    """Return the function that loads a payload, and the options to call it with."""
    module = importlib.import_module(MODULES[serializer])
    return module.loads, {} if serializer == "dill" else {"buffers": buffers}


def store(path, payload, buffers):
    """Write a payload and its buffers to ``path.0``, ``path.1`` ...; return the facts about them."""
    for number, data in enumerate([payload, *buffers]):
        with open("%s.%d" % (path, number), "wb") as file:
            file.write(data)
    return {"size": len(payload), "digest": hashlib.sha256(payload).hexdigest(), "buffers": len(buffers)}


def fetch(path, buffers):
    """Return the payload and its ``buffers`` (a count) as stored by :func:`store`."""
    parts = []
    for number in range(buffers + 1):
        with open("%s.%d" % (path, number), "rb") as file:
            parts.append(file.read())
    return parts[0], parts[1:]
