"""The text of the programs in a staging folder: scenario, site and receiver state -> Python source. Pure.

Each is what a real program looks like, and each can be read on its own in a bug report. Nothing is evaluated on
behalf of somebody else's namespace: where a specialization is evaluated is where its text stands.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import re
from typing import TYPE_CHECKING

from picklecheck.verdicts.receiver_states import Evaluated, Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.model import Scenario

ORIGIN_NAME = "PICKLECHECK_SPECIALIZATIONS"
# So much of a target's name stands in the names of its files.
_READABLE = 60
# Which modules those are is known only when the value has been built.
_IMPORT_ORIGINS = "receiver.import_origins()"
# The user's own values have no expressions. Loading their classes, written as origin and arguments, evaluates them
# where the text stands.
_BY_RECIPES = """\
WARM = []
for recipe in receiver.recipes():
    try:
        WARM.append(pickle.loads(recipe))
    except Exception as error:
        receiver.not_evaluated(error)"""
# Loads at module scope of the program itself: no function of ours stands between the caller of loads and this text.
_LOAD_HERE = """\
loads, payload, options = receiver.fetch()
try:
    value = loads(payload, **options)
except Exception as error:
    receiver.not_loaded(error)
receiver.loaded(value)"""


def stem(scenario: Scenario) -> str:
    """Return what the names of a scenario's files begin with: a module's name, and no other scenario's.

    Targets are called as their authors like, so a hash tells them apart: ``my.jobs:order`` from ``my_jobs:order``,
    names that differ only in case where the file system does not, and names that are longer than a file's may be.
    """
    if not scenario.is_target:
        return scenario.id.replace(".", "_")
    readable = re.sub(r"[^A-Za-z0-9]+", "_", scenario.id)[:_READABLE].lower()
    return f"target_{readable}_{hashlib.sha256(scenario.id.encode()).hexdigest()[:16]}"


def elsewhere_module(scenario: Scenario) -> str:
    """Return the source of the importable module at whose top level the producer's specialization stands."""
    return _paragraphs(
        _docstring(f"Imported by a producer of {scenario.id}: site elsewhere."),
        _evaluation(scenario, scenario.before, scenario.expressions, "SPECIALIZATIONS"),
    )


def other_module(scenario: Scenario) -> str:
    """Return the source of a module that evaluates the same, and which only a receiver (warm-other) imports."""
    of_target = f"import pickle\n\nfrom __main__ import receiver\n\n{_BY_RECIPES}"
    return _paragraphs(
        _docstring(f"Imported by a receiver of {scenario.id}: another module that evaluates the specialization."),
        of_target
        if scenario.is_target
        else _evaluation(scenario, scenario.warm_before, scenario.warm, "SPECIALIZATIONS"),
    )


def holder_module(scenario: Scenario) -> str:
    """Return the source of a module in which a model's field annotation is the first to evaluate."""
    fields = [f"    field_{number}: {text}" for number, text in enumerate(scenario.expressions)] or ["    pass"]
    return _paragraphs(
        _docstring(f"Imported by a producer of {scenario.id}: site annotation."),
        "from pydantic import BaseModel\n" + _imports(scenario.module, scenario.before, scenario.expressions),
        scenario.before,
        "class Holder(BaseModel):\n" + "\n".join(fields),
    )


def origin_appendix(scenario: Scenario) -> str:
    """Return what is added to the end of the origin's own module: site origin."""
    return "\n\n" + _paragraphs(scenario.before, f"{ORIGIN_NAME} = {_tuple(scenario.expressions)}")


def producer(scenario: Scenario, site: str) -> str:
    """Return the source of the producer's ``__main__``."""
    if scenario.is_target:
        return _target_producer(scenario)
    name = stem(scenario)
    evaluated = {
        "main": _evaluation(scenario, scenario.before, scenario.expressions, "SPECIALIZATIONS"),
        "function": _evaluation_in_function(scenario, scenario.before, scenario.expressions, "SPECIALIZATIONS"),
        "elsewhere": f"from {name}_elsewhere import SPECIALIZATIONS",
        "annotation": f"import {name}_holder\n\n" + _evaluation(scenario, "", scenario.expressions, "SPECIALIZATIONS"),
        "origin": f"from {scenario.module} import {ORIGIN_NAME} as SPECIALIZATIONS",
    }[site]
    return _paragraphs(
        _docstring(f"Producer of {scenario.id}, site {site}."),
        "from picklecheck_probe.produce import Producer",
        "producer = Producer()",
        evaluated,
        f'producer.produce("{scenario.defined_in}", "{scenario.name}", SPECIALIZATIONS)',
    )


def receiver(scenario: Scenario, site: str, state: str) -> str:
    """Return the source of the receiver's ``__main__``; ``site`` matters to warm-same alone."""
    if scenario.is_target:
        return _target_receiver(scenario, state)
    imports = _imports(scenario.module, "", scenario.expressions)
    evaluate = "\n".join(
        ["def evaluate():", *(["    " + imports] if imports else []), f"    return {_tuple(scenario.expressions)}"],
    )
    return _paragraphs(
        _docstring(f"Receiver of {scenario.id}, {state}."),
        "from picklecheck_probe.receive import Receiver",
        "receiver = Receiver()",
        _preparation(scenario, site, state),
        evaluate,
        _LOAD_HERE if state == "bare-module" else "",
        f'receiver.receive("{scenario.defined_in}", "{scenario.name}", evaluate)',
    )


def prepared(scenario: Scenario, site: str, state: str) -> Prepared:
    """Return what a receiver's program has done when it loads, as ``receiver`` and ``relay`` write it."""
    name = stem(scenario)
    other = (f"{name}_other",) if state == "warm-other" else ()
    if state in ("bare", "bare-module"):
        return Prepared((), Evaluated.NONE)
    if scenario.is_target:
        by_recipes = state in ("warm", "warm-function", "warm-other")
        return Prepared(other, Evaluated.BY_RECIPES if by_recipes else Evaluated.UNKNOWN)
    same = (_same_module(scenario, site),) if state == "warm-same" else ()
    if state == "warm-same" or site == "origin":
        evaluated = Evaluated.ALL
    elif state in ("cold", "relay"):
        evaluated = Evaluated.NONE
    else:
        evaluated = Evaluated.ALL if scenario.warm == scenario.expressions else Evaluated.UNKNOWN
    modules = tuple(dict.fromkeys([scenario.module, *same, *other]))
    return Prepared(modules, evaluated, scenario.module.partition(".")[0])


def relay(scenario: Scenario) -> str:
    """Return the source of the relay's ``__main__``: cold, it loads and dumps again."""
    return _paragraphs(
        _docstring(f"Relay of {scenario.id}: loads, and dumps again for a third process."),
        "from picklecheck_probe.receive import Receiver",
        "receiver = Receiver()",
        _IMPORT_ORIGINS if scenario.is_target else f"import {scenario.module}",
        "receiver.relay()",
    )


def _target_producer(scenario: Scenario) -> str:
    module, where = scenario.module, f"import {scenario.module} as target_module"
    if scenario.is_script:
        module, where = "__main__", f"target_module = producer.run_script({scenario.module!a})"
    return _paragraphs(
        _docstring(f"Producer of {scenario.id}."),
        "from picklecheck_probe.produce import Producer",
        "producer = Producer()",
        where,
        f'producer.produce_target("{module}", target_module.{scenario.name})',
    )


def _target_receiver(scenario: Scenario, state: str) -> str:
    in_function = "\n".join(f"    {line}" for line in _BY_RECIPES.splitlines())
    # As multiprocessing's own child is prepared; a script may ask for the name of its process.
    spawned = (
        f'spawn.prepare({{"name": "SpawnProcess-1", "sys_argv": [{scenario.module!a}],'
        f' "init_main_from_path": {scenario.module!a}}})'
    )
    preparation = {
        "cold": [_IMPORT_ORIGINS],
        "relay": [_IMPORT_ORIGINS],
        "warm": ["import pickle", _BY_RECIPES],
        "warm-function": [
            "import pickle",
            f"def evaluate_here():\n{in_function}\n    return WARM",
            "HELD = evaluate_here()",
        ],
        "warm-same": [f"import {scenario.module}"],
        "warm-other": [f'receiver.import_beside("{stem(scenario)}_other")'],
        "warm-built": [
            f"import {scenario.module} as target_module",
            f"WARM = receiver.build(target_module.{scenario.name})",
        ],
        "bare": [],
        "bare-module": [],
        # What multiprocessing does in a child that it spawns.
        "mp-main": ["from multiprocessing import spawn", 'receiver.channel.stage("run")', spawned],
    }[state]
    return _paragraphs(
        _docstring(f"Receiver of {scenario.id}, {state}."),
        "from picklecheck_probe.receive import Receiver",
        "receiver = Receiver()",
        *preparation,
        _LOAD_HERE if state == "bare-module" else "",
        "receiver.receive_target()",
    )


def catalog(package: str) -> str:
    """Return the source of the program that lists the scenarios of a catalogue package."""
    return _paragraphs(
        '"""Lists the scenarios."""',
        "from picklecheck_probe.catalog import list_scenarios",
        f'list_scenarios("{package}")',
    )


def server() -> str:
    """Return the source of the program that starts all the others."""
    return _paragraphs(
        '"""Starts the other programs, one for each request."""', "from picklecheck_probe.server import main", "main()"
    )


def _preparation(scenario: Scenario, site: str, state: str) -> str:
    return {
        "cold": f"import {scenario.module}",
        "relay": f"import {scenario.module}",
        "warm": _evaluation(scenario, scenario.warm_before, scenario.warm, "WARM"),
        "warm-function": _evaluation_in_function(scenario, scenario.warm_before, scenario.warm, "WARM"),
        "warm-same": f"import {_same_module(scenario, site)}",
        "warm-other": f"import {stem(scenario)}_other",
        "bare": "",
        "bare-module": "",
    }[state]


def _same_module(scenario: Scenario, site: str) -> str:
    """Return the module in which the producer evaluates, if it is not the producer's own program."""
    name = stem(scenario)
    return {"elsewhere": f"{name}_elsewhere", "annotation": f"{name}_holder"}.get(site, scenario.module)


def _evaluation(scenario: Scenario, before: str, expressions: Sequence[str], target: str) -> str:
    imports = _imports(scenario.module, before, expressions)
    return _paragraphs(imports, before, f"{target} = {_tuple(expressions)}").rstrip("\n")


def _evaluation_in_function(scenario: Scenario, before: str, expressions: Sequence[str], target: str) -> str:
    imports = _imports(scenario.module, before, expressions)
    function = f"def evaluate_here():\n    return {_tuple(expressions)}"
    # Pydantic keeps specializations weakly: the reference is held, or the garbage collector decides the outcome.
    return _paragraphs(imports, before, function, f"{target} = evaluate_here()").rstrip("\n")


def _tuple(expressions: Sequence[str]) -> str:
    return "(" + "".join(f"{text}, " for text in expressions).rstrip(" ") + ")"


def _imports(module: str, statements: str, expressions: Sequence[str]) -> str:
    names = free_names("\n".join([statements, *expressions]))
    return f"from {module} import {', '.join(names)}" if names else f"import {module}"


def free_names(code: str) -> list[str]:
    """Return the names that ``code`` reads and neither binds nor has as builtins, in order of appearance.

    Parsed by the CLI's own Python: an expression in a newer syntax than that is not supported.
    """
    read: dict[str, None] = {}
    bound: set[str] = set(dir(builtins))
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read[node.id] = None
        elif isinstance(node, ast.Name):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
    return [name for name in read if name not in bound]


def _docstring(words: str) -> str:
    """Return a docstring; the name of a script may hold anything."""
    return '"""' + re.sub(r'[\\"]|[^ -~]', lambda found: ascii(found[0])[1:-1].replace('"', "'"), words) + '"""'


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"
