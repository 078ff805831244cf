"""Dumps every case with the fix: ``python reducer_produce.py OUT LEVEL SERIALIZER SITE``; prints what failed."""

# ruff: noqa: F403, PLC0415, BLE001, T201
# (the expressions are text, each failure is a result, and stdout is the way back)

# mypy: disable-error-code="import-untyped"
# (cloudpickle and dill have no types)

import json
import pickle
import sys
from pathlib import Path
from typing import Any, Dict

from sent_models import *
from sent_models import CASES

OUT, LEVEL, SERIALIZER, SITE = sys.argv[1:]


def dumper() -> Any:
    """Return the function that dumps."""
    if SERIALIZER == "cloudpickle":
        import cloudpickle

        return cloudpickle.dumps
    if SERIALIZER == "dill":
        import dill

        return dill.dumps
    protocol = int(SERIALIZER[-1])
    if SERIALIZER.startswith("python"):
        return lambda value: pickle._dumps(value, protocol)  # type: ignore[attr-defined]
    return lambda value: pickle.dumps(value, protocol)


level = LEVEL.replace("-propagate", "")
if level in ("class", "instance"):
    from picklecheck import reducers

    reducers.install(level, propagate=level != LEVEL)  # type: ignore[arg-type]

cases = {name: case for name, case in CASES.items() if level in ("none", "class") or not case.only_class}
classes: Dict[str, Any] = {}
failures: Dict[str, str] = {}


def evaluate_in_function() -> None:
    """Evaluate where Pydantic registers nothing."""
    for name, case in cases.items():
        try:
            classes[name] = eval(case.expression)
        except Exception as error:
            failures[name] = f"unsupported: {error!r}"


if SITE == "function":
    evaluate_in_function()
else:
    for name, case in cases.items():
        try:
            classes[name] = eval(case.expression)
        except Exception as error:
            failures[name] = f"unsupported: {error!r}"

dumps = dumper()
for name, cls in classes.items():
    try:
        payload = dumps(CASES[name].build(cls))
    except Exception as error:
        failures[name] = f"dump: {error!r}"
    else:
        (Path(OUT) / name).write_bytes(payload)
print(json.dumps(failures))
