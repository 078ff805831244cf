"""Loads frozen payloads: ``python frozen_receive.py FILE MODE...``; prints how many, and what is wrong.

MODE is the name of a group in the file. Only for ``propagate`` can picklecheck be imported. Runs on Python 3.8 and
Pydantic 2.0.
"""

# ruff: noqa: E402, F403, BLE001, T201
# (picklecheck is made unimportable first; each failure is a result; stdout is the way back)

import json
import pickle
import sys
from pathlib import Path
from typing import Any, Dict

FILE, *MODES = sys.argv[1:]
if "propagate" not in MODES:
    sys.modules["picklecheck"] = None  # type: ignore[assignment]

from frozen_models import *
from frozen_models import CASES, CASES_OF_CLASSES
from pydantic import BaseModel


def state(value: Any) -> Any:
    """Return a value with every model in it taken apart, its class by identity."""
    if isinstance(value, BaseModel):
        parts = (value.__dict__, value.__pydantic_extra__, value.__pydantic_fields_set__, value.__pydantic_private__)
        return [id(type(value)), *map(state, parts)]
    if isinstance(value, dict):
        return {key: state(item) for key, item in value.items()}
    return [state(item) for item in value] if isinstance(value, list) else value


document = json.loads(Path(FILE).read_text())
count = 0
wrong: Dict[str, str] = {}
for mode in MODES:
    for name, by_serializer in document["payloads"][mode].items():
        for serializer, text in by_serializer.items():
            count += 1
            try:
                loaded = pickle.loads(bytes.fromhex(text))
                expression, build = {**CASES, **CASES_OF_CLASSES}[name]
                expected = build(eval(expression))
                if state(loaded) != state(expected):
                    wrong[f"{mode} {name} {serializer}"] = f"{state(loaded)} is not {state(expected)}"
            except Exception as error:
                wrong[f"{mode} {name} {serializer}"] = repr(error)
print(json.dumps({"count": count, "wrong": wrong}))
