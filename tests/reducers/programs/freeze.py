"""Freeze payloads of this version: ``python tests/reducers/programs/freeze.py``, once for each release.

Writes ``tests/reducers/frozen/VERSION.json``, which is never written again: every later version, and Pydantic without
us, has to load what it holds.
"""

# ruff: noqa: F403
# (the expressions are text)

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import json
import pickle
import sys
from pathlib import Path
from typing import Any, Callable, Dict

import cloudpickle
from frozen_models import *
from frozen_models import CASES, CASES_OF_CLASSES
from pydantic import VERSION

from picklecheck import __version__
from picklecheck.reducers import installed

FOLDER = Path(__file__).parent.parent / "frozen"
DUMPS: Dict[str, Callable[[Any], bytes]] = {
    "pickle:2": lambda value: pickle.dumps(value, 2),
    "pickle:5": lambda value: pickle.dumps(value, 5),
    "cloudpickle": cloudpickle.dumps,
}
MODES: Dict[str, Any] = {
    "class": lambda: installed("class"),
    "instance": lambda: installed("instance"),
    "propagate": lambda: installed("class", propagate=True),
}


def freeze() -> Dict[str, Any]:
    """Dump every case in every mode; in a function, where Pydantic registers nothing."""
    payloads: Dict[str, Dict[str, Dict[str, str]]] = {}
    for mode, switch in MODES.items():
        cases = CASES if mode == "instance" else {**CASES, **CASES_OF_CLASSES}
        with switch():
            payloads[mode] = {
                name: {serializer: dumps(build(eval(expression))).hex() for serializer, dumps in DUMPS.items()}
                for name, (expression, build) in cases.items()
            }
    made_with = f"python {sys.version.split()[0]}, pydantic {VERSION}, cloudpickle {cloudpickle.__version__}"
    return {"version": __version__, "made_with": made_with, "payloads": payloads}


def main() -> None:
    """Write the file, unless this version has one."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{__version__}.json").open("x") as file:
        json.dump(freeze(), file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
