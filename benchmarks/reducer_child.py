"""Runs in the environment that is measured: one part of the benchmark of ``picklecheck.reducers``, told as JSON.

    python -m reducer_child REPORT describe
    python -m reducer_child REPORT values --shape flat --size 1000 --seconds 1
    python -m reducer_child REPORT memory --size 1000
    python -m reducer_child REPORT start [--before cloudpickle]

Standard library, Pydantic, cloudpickle and ``picklecheck.reducers``; ccflow where it is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import itertools
import json
import pickle
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from reducer_models import Build, Shapes

ORDINARY = ("plain", "wide")
# Each turn is short, so that among many of them some are disturbed by nothing else that the machine does.
TURN_S = 0.001
# After each change of a class (that is what switching a level on is) CPython fills its method caches anew and
# specializes the bytecode again: so many instances are pickled before the clock starts.
WARM_UP_INSTANCES = 200
# CPython 3.13 caches no methods any more of a class that was changed a thousand times: a process does less.
MOST_ROUNDS = 150
LEAST_ROUNDS = 2
# The fastest of each contender's turns counts. It is believed when two others come as near to it as this; until then
# the machine is given more time, within limits.
NEAR = 1.02
PATIENCE = 3
# Of so many values it is looked at whether they were loaded as they should.
SAMPLE = 1000


@dataclass
class Contender:
    """One way to pickle one shape: the value, the level that is on meanwhile, and what was measured."""

    name: str
    value: list[Any]
    level: str | None = None
    payloads: dict[str, bytes] = field(default_factory=dict)
    few_payloads: dict[str, bytes] = field(default_factory=dict)

    @property
    def few(self) -> list[Any]:
        """Enough to warm up with."""
        return self.value[:WARM_UP_INSTANCES]


def switched(level: str | None) -> contextlib.AbstractContextManager[None]:
    """Have a level on for a ``with`` block."""
    reducers = importlib.import_module("picklecheck.reducers")
    return contextlib.nullcontext() if level is None else reducers.installed(level)


def contenders_for(shape: str, size: int) -> list[Contender]:
    """Return all ways for a shape; stock and the levels pickle the very same objects."""
    models = importlib.import_module("reducer_models")

    def fill(build: Build) -> list[Any]:
        return [build(n) for n in range(size)]

    if shape in ORDINARY:
        stock = fill(getattr(models, shape))
        return [Contender("stock", stock), Contender("class", stock, "class"), Contender("instance", stock, "instance")]
    stock = fill(getattr(models.STOCK, shape))
    others: dict[str, Shapes] = {
        "named subclass": models.NAMED,
        "mixin": models.MIXIN,
        "portable": models.PORTABLE,
    }
    with contextlib.suppress(ImportError):
        theirs = importlib.import_module("reducer_ccflow_models")
        others |= {"ccflow reducer": theirs.REDUCER, "ccflow model": theirs.MODEL}
    return [
        Contender("stock", stock),
        Contender("class", stock, "class"),
        Contender("instance", stock, "instance"),
        *(Contender(name, fill(getattr(shapes, shape))) for name, shapes in others.items()),
    ]


# What is measured has to work


def is_same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any value
    """Tell whether the types are the very same, and the states equal, all the way down."""
    if type(one) is not type(other):
        return False
    if hasattr(one, "__pydantic_fields_set__"):
        return is_same(one.__getstate__(), other.__getstate__())
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_same(item, other[key]) for key, item in one.items())
    if isinstance(one, list):  # of a long one some from all over
        step = max(1, len(one) // SAMPLE)
        return len(one) == len(other) and all(map(is_same, one[::step], other[::step]))
    return bool(one == other)


def check(contender: Contender, value: list[Any], payload: bytes, stock: bytes) -> None:
    """Raise if a payload does not load as it should, or does not store its classes as this contender should."""
    loaded = pickle.loads(payload)
    if not is_same(loaded, value):
        message = f"{contender.name}: what was loaded is not what was dumped"
        raise AssertionError(message)
    is_special = bool(type(value[0]).__pydantic_generic_metadata__["origin"])
    if not is_special and contender.level is not None and payload != stock:
        message = f"level {contender.level}: the payload of an ordinary model is another one"
        raise AssertionError(message)
    if (b"[int]" in payload) != (is_special and contender.name == "stock"):
        message = f"{contender.name}: specializations are not stored as they should be"
        raise AssertionError(message)


def patched() -> list[dict[Any, Any]]:
    """Return all that the levels may change."""
    import copyreg  # noqa: PLC0415 - only here

    from cloudpickle import CloudPickler  # type: ignore[import-untyped] # noqa: PLC0415 - the environment's
    from pydantic import BaseModel  # noqa: PLC0415

    classes = [type(BaseModel), BaseModel, *CloudPickler.__mro__[:-1]]
    return [dict(copyreg.dispatch_table), dict(enumerate(sys.meta_path)), *(dict(vars(cls)) for cls in classes)]


def check_restored(before: list[dict[Any, Any]]) -> None:
    """Raise if anything is not as it was."""
    for was, now in zip(before, patched(), strict=True):
        if was.keys() != now.keys() or any(was[key] is not now[key] for key in was):
            message = f"not restored: {[key for key in {*was, *now} if was.get(key) is not now.get(key)]}"
            raise AssertionError(message)


# Times


@dataclass(frozen=True)
class Timing:
    """One way to dump or load, to be repeated: what is timed, and less of the same to warm up with."""

    contender: Contender
    function: Callable[..., object]
    arguments: tuple[object, ...]
    few: tuple[object, ...]

    def seconds(self, count: int) -> float:
        """Return what one call takes, over ``count`` of them."""
        return seconds(self.function, self.arguments, count)

    def warm_up(self) -> float:
        """Return what pickling one instance takes, roughly."""
        size = min(len(self.contender.value), WARM_UP_INSTANCES)
        return seconds(self.function, self.few, WARM_UP_INSTANCES // size) / size


def seconds(function: Callable[..., object], arguments: tuple[object, ...], count: int) -> float:
    """Return the CPU time of one call, over ``count`` of them: the clock would count what others do meanwhile."""
    started = time.thread_time()
    for _ in itertools.repeat(None, count):
        function(*arguments)
    return (time.thread_time() - started) / count


def measure(timings: Sequence[Timing], size: int, duration: float) -> dict[str, list[float]]:
    """Time them in turns, A B C, B C A, ...; return the seconds of a call in each round, by contender."""
    counts: list[int] = []
    for timing in timings:
        with switched(timing.contender.level):
            timing.warm_up()
            counts.append(max(1, round(TURN_S / (timing.warm_up() * size))))
    found: dict[str, list[float]] = {timing.contender.name: [] for timing in timings}
    turns = list(zip(timings, counts, strict=True))
    started = time.perf_counter()
    for number in range(MOST_ROUNDS):
        passed = time.perf_counter() - started
        if number >= LEAST_ROUNDS and passed > duration * (1 if are_settled(found) else PATIENCE):
            break
        shift = number % len(turns)
        for timing, count in turns[shift:] + turns[:shift]:
            with switched(timing.contender.level):
                timing.warm_up()
                found[timing.contender.name].append(timing.seconds(count))
    return found


def are_settled(found: Mapping[str, Sequence[float]]) -> bool:
    """Tell whether each contender's fastest turn is no accident."""
    return all(len(times) > 2 and sorted(times)[2] <= min(times) * NEAR for times in found.values())


def measure_values(options: argparse.Namespace) -> dict[str, Any]:
    """Dump and load a list of values in every way."""
    import cloudpickle  # noqa: PLC0415 - in the environment under test

    gc.disable()  # also while values are made, of which it would look at each again and again
    contenders = contenders_for(options.shape, options.size)
    before = patched()
    dumps: dict[str, tuple[Callable[..., bytes], int]] = {
        "pickle": (pickle.dumps, pickle.HIGHEST_PROTOCOL),
        "cloudpickle": (cloudpickle.dumps, pickle.HIGHEST_PROTOCOL),
    }
    loads: dict[str, Callable[..., object]] = {"pickle": pickle.loads, "cloudpickle": cloudpickle.loads}
    for contender in contenders:
        checked: list[bytes] = []
        for name, (function, protocol) in dumps.items():
            with switched(contender.level):
                few = contender.few_payloads[name] = function(contender.few, protocol)  # fills caches
                payload = contender.payloads[name] = function(contender.value, protocol)
            check(contender, contender.few, few, contenders[0].few_payloads[name])
            if payload not in checked:
                check(contender, contender.value, payload, contenders[0].payloads[name])
                checked.append(payload)
    # cloudpickle's loads is pickle's own. Where its payloads are the same bytes, too, there is one thing to measure.
    is_one = cloudpickle.loads is pickle.loads and all(len(set(one.payloads.values())) == 1 for one in contenders)
    times: dict[str, dict[str, list[float]]] = {}
    for name, (function, protocol) in dumps.items():
        timings = [Timing(one, function, (one.value, protocol), (one.few, protocol)) for one in contenders]
        times[f"dumps {name}"] = measure(timings, options.size, options.seconds)
    for name in ["pickle"] if is_one else list(loads):
        timings = [Timing(one, loads[name], (one.payloads[name],), (one.few_payloads[name],)) for one in contenders]
        times[f"loads {name}"] = measure(timings, options.size, options.seconds)
    if is_one:
        times["loads cloudpickle"] = times["loads pickle"]
    check_restored(before)
    return {
        "times": times,
        "bytes": {f"bytes {name}": {one.name: len(one.payloads[name]) for one in contenders} for name in dumps},
    }


# Memory, start-up


def measure_memory(options: argparse.Namespace) -> dict[str, Any]:
    """Return the peak of traced bytes while a list is dumped the second time."""
    import tracemalloc  # noqa: PLC0415 - slows everything else down once it is started

    import cloudpickle  # noqa: PLC0415 - in the environment under test

    dumps: dict[str, Callable[..., bytes]] = {"pickle": pickle.dumps, "cloudpickle": cloudpickle.dumps}
    found: dict[str, dict[str, int]] = {name: {} for name in dumps}
    for contender in contenders_for("flat", options.size)[:2]:
        for name, function in dumps.items():
            with switched(contender.level):
                function(contender.value, pickle.HIGHEST_PROTOCOL)
                tracemalloc.start()
                function(contender.value, pickle.HIGHEST_PROTOCOL)
                found[name][contender.name] = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
    return {"peaks": found}


def measure_start(options: argparse.Namespace) -> dict[str, Any]:
    """Import the fix on top of Pydantic and what else is wanted; install it and take it away, for the first time."""
    from pydantic import BaseModel  # noqa: PLC0415 - the environment's; imported lazily by Pydantic itself

    modules = [importlib.import_module(name) for name in options.before]
    gc.disable()
    started = time.perf_counter()
    reducers: ModuleType = importlib.import_module("picklecheck.reducers")
    imported = time.perf_counter()
    before = time.perf_counter()
    reducers.install()
    installed = time.perf_counter()
    reducers.uninstall()
    uninstalled = time.perf_counter()
    del BaseModel, modules
    return {
        "import": imported - started,
        "install": installed - before,
        "uninstall": uninstalled - installed,
        "modules": len(sys.modules),
        "has_cloudpickle": "cloudpickle" in sys.modules,
    }


def describe(_: argparse.Namespace) -> dict[str, Any]:
    """Read back what this environment is, and have all modules compiled to bytecode."""
    found: dict[str, Any] = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in ("pydantic", "cloudpickle", "ccflow"):
        with contextlib.suppress(ImportError):
            found[name] = version(name)
    try:
        importlib.import_module("reducer_ccflow_models")
    except ImportError as error:
        found["without_ccflow"] = str(error)
    return found


PARTS = {"values": measure_values, "memory": measure_memory, "start": measure_start, "describe": describe}


def main() -> None:
    """Measure one part, and write what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("part", choices=list(PARTS))
    parser.add_argument("--shape", default="flat")
    parser.add_argument("--size", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--before", action="append", default=[])
    options = parser.parse_args()
    options.report.write_text(json.dumps(PARTS[options.part](options)))


if __name__ == "__main__":
    main()
