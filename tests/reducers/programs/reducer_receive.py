"""Loads every payload in a process that never evaluated a specialization.

``python reducer_receive.py IN``; prints what is wrong, by case. Unless ``PICKLECHECK`` (an environment variable) says
"importable", importing picklecheck fails here, and no payload may name it.
"""

# ruff: noqa: E402, F403, PLR0911, BLE001, T201
# (picklecheck is made unimportable first; the rest as in the producer)

import os
import sys

IS_IMPORTABLE = os.environ.get("PICKLECHECK") == "importable"
if not IS_IMPORTABLE:
    sys.modules["picklecheck"] = None  # type: ignore[assignment]

import json
import pickle
from pathlib import Path
from typing import Any, Callable, Dict, Optional

import sent_models as models
from pydantic import BaseModel
from sent_models import *
from sent_models import CASES

FOLDER = sys.argv[1]
STATE: Dict[str, Callable[[Any], Any]] = {
    "__dict__": vars,
    "extra": lambda model: model.__pydantic_extra__,
    "fields set": lambda model: model.__pydantic_fields_set__,
    "private": lambda model: model.__pydantic_private__,
}


def difference(loaded: Any, expected: Any) -> Optional[str]:
    """Say where two values differ in type (by identity) or state."""
    if type(loaded) is not type(expected):
        return f"{type(loaded)} at {id(type(loaded))} is not {type(expected)} at {id(type(expected))}"
    if isinstance(expected, BaseModel):
        for name, part in STATE.items():
            found = difference(part(loaded), part(expected))
            if found:
                return f"{name}: {found}"
        return None
    if isinstance(expected, dict):
        if list(loaded) != list(expected):
            return f"keys {list(loaded)} are not {list(expected)}"
        return next(filter(None, (difference(loaded[key], expected[key]) for key in expected)), None)
    if isinstance(expected, list):
        if len(loaded) != len(expected):
            return f"{loaded!r} is not {expected!r}"
        return next(filter(None, map(difference, loaded, expected)), None)
    if isinstance(expected, type):
        return None if loaded is expected else f"{loaded!r} is another class"
    return None if loaded == expected else f"{loaded!r} != {expected!r}"


def arguments(loaded: Any) -> Any:
    """Return how the arguments are spelled."""
    return repr(type(loaded).__pydantic_generic_metadata__["args"]) if isinstance(loaded, BaseModel) else None


def load(payload: bytes) -> Any:
    """Return what a payload holds, or a text that says why not."""
    if b"picklecheck" in payload and not IS_IMPORTABLE:
        return "names picklecheck"
    try:
        return pickle.loads(payload)
    except Exception as error:
        return f"load: {error!r}"


def judge(name: str, loaded: Any) -> Optional[str]:
    """Say what is wrong with a loaded value; evaluates the specialization."""
    if isinstance(loaded, str):
        return loaded
    if name == "cycle":
        return None if loaded.other["back"] is loaded and type(loaded) is models.Node[int] else "the cycle is broken"
    if name == "shared" and loaded[0] is not loaded[1]["again"]:
        return "not shared any more"
    expected = CASES[name].build(eval(CASES[name].expression))
    return difference(loaded, expected) or (
        None if arguments(loaded) == arguments(expected) else f"{arguments(loaded)}, not {arguments(expected)}"
    )


loaded = {}
for file in sorted(Path(FOLDER).iterdir()):
    loaded[file.name] = load(file.read_bytes())
created: Dict[str, Any] = {
    "own_new": models.OwnNew.created[:],
    "own_new_arguments": models.OwnNewArgs.created[:],
    "own_new_keywords": models.OwnNewKeywords.created[:],
}
wrong = {name: found for name, found in ((name, judge(name, value)) for name, value in loaded.items()) if found}
must: Dict[str, Any] = {
    "own_new": [()],
    "own_new_arguments": [("from the stream",)],
    "own_new_keywords": [{"origin": "stream"}],
}
for name, expected in must.items():
    if name in loaded and created[name] != expected:
        wrong[name] = f"__new__ was called with {created[name]}"
print(json.dumps(wrong))
