"""The plain way to check a cell, as in the original report: a script that dumps, one that loads, one that compares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parent.parent
FIXES = {
    "none": "",
    "instance": "from picklecheck.reducers import install\ninstall(level='instance')\n",
    "class": "from picklecheck.reducers import install\ninstall(level='class')\n",
}
DUMPS = {"pickle": "pickle.dumps(value, pickle.HIGHEST_PROTOCOL)", "cloudpickle": "cloudpickle.dumps(value)"}


def plain_scripts(cell: str, scenarios: Mapping[str, Mapping[str, Any]], payload: Path) -> list[tuple[str, str]]:
    """Return the three scripts of a cell, each with the outcome if it fails; the last one prints the outcome if not.

    They import the catalogue and the fix, and hand each other the file ``payload``.
    """
    scenario_id, serializer, site, receiver, fix = cell.split("/")
    scenario = scenarios[scenario_id]
    module, name = scenario["defined_in"], scenario["name"]
    head = f"import pickle\nfrom {scenario['module']} import *\nfrom {scenario['module']} import {scenario['names']}\n"
    build = f"import {module}\nvalue = {module}.{name}.build(*classes)\n"
    classes = f"({''.join(text + ', ' for text in scenario['expressions'])})"
    warm = f"({''.join(text + ', ' for text in scenario['warm'])})"
    evaluate = f"classes = {classes}\n" if site == "main" else f"def f():\n    return {classes}\nclasses = f()\n"
    producer = (
        FIXES[fix]
        + head
        + scenario["before"]
        + "\n"
        + evaluate
        + build
        + (f"import cloudpickle\nopen({str(payload)!r}, 'wb').write({DUMPS[serializer]})\n")
    )
    load = (
        head
        + (scenario["warm_before"] + f"\nwarm = {warm}\n" if receiver == "warm" else "")
        + f"value = pickle.load(open({str(payload)!r}, 'rb'))\n"
    )
    compare = (
        load
        + f"loaded = value\nclasses = {classes}\n"
        + build
        + "print('pass' if type(loaded) is type(value) and (not isinstance(value, type) or loaded is value)"
        " else 'wrong-type')\n"
    )
    return [(producer, "dump-error"), (load, "load-error"), (compare, "load-error")]


def read_scenarios() -> dict[str, dict[str, Any]]:
    """Return what the plain scripts need to know of each scenario."""
    sys.path.insert(0, str(REPOSITORY))
    import importlib  # noqa: PLC0415 - only here is it the benchmark's own process that imports the catalogue

    import repros  # noqa: PLC0415
    from picklecheck.harness.staging.programs import free_names  # noqa: PLC0415

    found = {}
    for family, module_name in [(family, name) for family, names in repros.FAMILIES.items() for name in names]:
        for name, scenario in vars(importlib.import_module(f"repros.{module_name}")).items():
            if hasattr(scenario, "check_loaded"):
                texts = [scenario.before, scenario.warm_before, *scenario.expressions, *scenario.warm]
                found[f"{family}.{name}"] = {
                    "defined_in": f"repros.{module_name}",
                    "name": name,
                    "module": scenario.module,
                    "expressions": scenario.expressions,
                    "before": scenario.before,
                    "warm": scenario.warm,
                    "warm_before": scenario.warm_before,
                    "names": ", ".join(free_names("\n".join(texts))) or "__name__ as _",
                }
    return found
