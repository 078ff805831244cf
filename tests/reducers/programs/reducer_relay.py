"""A worker that knows nothing of the fix: loads every payload, and dumps what came out.

``python reducer_relay.py IN OUT SERIALIZER``; prints what failed, by case.
"""

# ruff: noqa: BLE001, T201
# (each failure is a result, and stdout is the way back)

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import json
import pickle
import sys
from pathlib import Path
from typing import Any, Dict

import sent_models  # noqa: F401 - a cold receiver has imported the origin's module


def relay(source: Path, target: Path, serializer: str) -> Dict[str, str]:
    """Load and dump in a function, as workers do."""
    dumps: Any = pickle.dumps
    if serializer == "cloudpickle":
        import cloudpickle  # noqa: PLC0415

        dumps = cloudpickle.dumps
    failures: Dict[str, str] = {}
    for file in sorted(source.iterdir()):
        try:
            (target / file.name).write_bytes(dumps(pickle.loads(file.read_bytes())))
        except Exception as error:
            failures[file.name] = repr(error)
    return failures


print(json.dumps(relay(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
