"""Specializations as payloads that evaluate them: what a worker did that has met the same before.

Each is written as origin and arguments: loading one is what ``origin[arguments]`` is at the place where it is loaded,
for no frame stands between the caller of ``pickle.loads`` and Pydantic.
"""

import base64
import io
import json
import operator
import pickle


class _Pickler(pickle.Pickler):
    def reducer_override(self, value):
        metadata = getattr(value, "__pydantic_generic_metadata__", None) if issubclass(type(value), type) else None
        if not metadata or metadata["origin"] is None:
            return NotImplemented
        return operator.getitem, (metadata["origin"], metadata["args"])


def write(classes, path):
    """Write a recipe for each of ``classes``, and return the first error of those that cannot be written, or None.

    Nobody evaluates those anywhere else either: their arguments stand in a function, for instance.
    """
    found, first = [], None
    for cls in classes:
        stream = io.BytesIO()
        try:
            _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(cls)
        except Exception as error:
            first = first or error
        else:
            found.append(base64.b64encode(stream.getvalue()).decode("ascii"))
    with open(path, "w", encoding="ascii") as file:
        json.dump(found, file)
    return first


def read(path):
    """Return the recipes that were written to ``path``."""
    with open(path, encoding="ascii") as file:
        return [base64.b64decode(one) for one in json.load(file)]
