"""Observation -> outcome and cause, as one table."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from report_builders import (
    make_child,
    make_class,
    make_difference,
    make_error,
    make_observation,
    make_producer,
    make_receiver,
    make_specialization,
)

from picklecheck.model import Child, Observation, Outcome, Payload
from picklecheck.verdicts.causes import known_codes
from picklecheck.verdicts.diagnosis import diagnose

if TYPE_CHECKING:
    from collections.abc import Sequence

# Given by the runner, where a server is lost and there is no observation.
RUNNERS_OWN = {"PC903"}

NOT_FOUND = "Can't pickle <class 'repros.shapes.Box[int]'>: attribute lookup Box[int] on repros.shapes failed"
NOT_SAME = "Can't pickle <class 'repros.shapes.Box[int]'>: it's not the same object as repros.shapes.Box[int]"
NO_ATTRIBUTE = "Can't get attribute 'Box[int]' on <module 'repros.shapes' from 'repros/shapes.py'>"
NO_ATTRIBUTE_ON_MAIN = "Can't get attribute 'Box[int]' on <module '__main__' from 'receive.py'>"


def not_dumped(message: str, *specializations: dict[str, object], **facts: Any) -> Observation:
    """Return what a cell saw whose producer could not dump."""
    producer = make_child(
        "dump",
        error=make_error("_pickle.PicklingError", message),
        specializations=list(specializations),
        **facts,
    )
    return make_observation(producer=producer)


def not_loaded(
    kind: str, message: str, *names: str, frame: str | None = None, classes: Sequence[dict[str, Any]] = ()
) -> Observation:
    """Return what a cell saw whose receiver could not load a payload with global ``names``."""
    receiver = make_child("load", error={**make_error(kind, message), "frame": frame})
    return of_classes(make_observation(receiver, names=names), classes)


def arrived(
    *differences: dict[str, str], names: tuple[str, ...] = (), classes: Sequence[dict[str, Any]] = (), **facts: Any
) -> Observation:
    """Return what a cell saw whose receiver loaded a value, with ``differences``."""
    receiver = make_receiver(differences=list(differences), **facts)
    return of_classes(make_observation(receiver, names=names), classes)


def of_classes(observation: Observation, classes: Sequence[dict[str, Any]]) -> Observation:
    """Return the same where the producer told of ``classes``."""
    facts = {**observation.producer.facts, "classes": list(classes)}
    return replace(observation, producer=replace(observation.producer, facts=facts))


def rebuilt(*, equals_copy: bool) -> Observation:
    """Return what a cell saw whose value restores itself, with a difference; does its own ``==`` find one, too?"""
    producer = make_producer()
    facts = {**producer.facts, "equals_copy": equals_copy}
    receiver = make_receiver(rebuilt=[make_difference("dict", "value")])
    return Observation(replace(producer, facts=facts), payload=Payload(5, ()), receiver=receiver)


def borrowing(module: str) -> Observation:
    """Return what a roundtrip saw whose payload names a module of the test run."""
    producer = make_producer()
    facts = {**producer.facts, "test_run_modules": [module]}
    return Observation(replace(producer, facts=facts), payload=Payload(5, ()), receiver=make_receiver())


def after_relay(
    relay: Child, receiver: Child | None = None, *, first: tuple[str, ...] = (), second: tuple[str, ...] = ()
) -> Observation:
    """Return what a cell saw that has a relay; ``first`` and ``second`` are the globals of the two payloads."""
    relayed = Payload(5, second) if relay.stage == "done" else None
    return Observation(make_producer(), payload=Payload(5, first), relay=relay, relayed=relayed, receiver=receiver)


def with_class(told: dict[str, object], *differences: dict[str, str]) -> Observation:
    """Return what is seen where the value is a class."""
    seen = arrived(*differences)
    return replace(seen, producer=replace(seen.producer, facts={**seen.producer.facts, "sent_class": told}))


def with_buffers(protocol: int, *, had: int, expected: int) -> Observation:
    """Return what a cell saw whose value came with out-of-band buffers."""
    producer = make_producer(buffers=had, buffers_expected=expected)
    return Observation(producer, payload=Payload(protocol, ()), receiver=make_receiver())


FOUND = make_specialization(registered=["repros.shapes"])
NOWHERE = make_specialization(registered=[])
ELSEWHERE = make_specialization(module="repros.shapes", registered=["other"])
TYPE = make_difference("type", "value")
SHARING = make_difference("sharing", "value[1]")
STATE = make_difference("private", "value[_count]")
# What a receiver has not told that ended before the loaded value was used.
UNUSED: dict[str, Any] = {"revalidation": None, "serialization": None, "second_hop": None}

# What was observed -> outcome, code, words of the reason.
ROWS: dict[str, tuple[Observation, Outcome, str | None, str]] = {
    "all well": (make_observation(), Outcome.PASS, None, "the very class and the whole state"),
    "all well after a second hop": (after_relay(make_child("done"), make_receiver()), Outcome.PASS, None, ""),
    "no model, so nothing to use": (
        arrived(revalidation=None, serialization=None),
        Outcome.PASS,
        None,
        "",
    ),
    "both fail to serialize": (
        arrived(serialization={"restored": "fails: ValueError", "twin": "fails: ValueError"}),
        Outcome.PASS,
        None,
        "",
    ),
    "all buffers": (with_buffers(5, had=1, expected=1), Outcome.PASS, None, ""),
    "more buffers than expected": (with_buffers(5, had=2, expected=1), Outcome.PASS, None, ""),
    "no buffers in an old protocol": (with_buffers(4, had=0, expected=1), Outcome.PASS, None, ""),
    # The producer
    "class found nowhere": (not_dumped(NOT_FOUND, NOWHERE), Outcome.DUMP_ERROR, "PC101", "_pickle.PicklingError: "),
    "class that no expression names": (
        not_dumped(NOT_FOUND.replace("Box", "Other"), ELSEWHERE),
        Outcome.DUMP_ERROR,
        "PC101",
        "Other[int]",
    ),
    "class that stands in its own module and another": (
        not_dumped(NOT_FOUND, make_specialization(registered=["other", "repros.shapes"])),
        Outcome.DUMP_ERROR,
        "PC101",
        "Box[int]",
    ),
    "class registered in another module": (not_dumped(NOT_FOUND, ELSEWHERE), Outcome.DUMP_ERROR, "PC102", "Box[int]"),
    "another class of the name": (not_dumped(NOT_SAME, FOUND), Outcome.DUMP_ERROR, "PC103", "not the same object"),
    "something else cannot be dumped": (
        make_observation(producer=make_child("dump", error=make_error("TypeError", "cannot pickle\n  a handle"))),
        Outcome.DUMP_ERROR,
        "PC104",
        "TypeError: cannot pickle a handle",
    ),
    "a local class cannot be dumped": (
        not_dumped("Can't pickle <class 'a.<locals>.Box[int]'>: it's not found as a.<locals>.Box[int]", FOUND),
        Outcome.DUMP_ERROR,
        "PC105",
        "<locals>",
    ),
    "a generic class of a function cannot be dumped": (
        not_dumped(NOT_FOUND, NOWHERE, classes=[make_class(stuck={"repros.f.<locals>.Box": "function"})]),
        Outcome.DUMP_ERROR,
        "PC105",
        "failed (repros.f.<locals>.Box is defined in a function)",
    ),
    "an exception of the user's own that names a class of the script": (
        make_observation(
            producer=make_child(
                "dump",
                error=make_error("ValueError", "no <class '__main__.Row'> today"),
                classes=[make_class("__main__", "Row", specialization=False, stuck={"__main__.Row": "main"})],
            )
        ),
        Outcome.DUMP_ERROR,
        "PC104",
        "ValueError: no <class '__main__.Row'> today",
    ),
    "an exception of the user's own with brackets in it": (
        make_observation(producer=make_child("dump", error=make_error("KeyError", "'a[b]', as in Box[int]"))),
        Outcome.DUMP_ERROR,
        "PC104",
        "KeyError: 'a[b]', as in Box[int]",
    ),
    "an attribute of the user's own with brackets in it": (
        make_observation(producer=make_child("dump", error=make_error("AttributeError", "no item x[0] here"))),
        Outcome.DUMP_ERROR,
        "PC104",
        "AttributeError: no item x[0] here",
    ),
    "a class by another name cannot be dumped": (
        not_dumped(
            "Can't pickle <class 'shop.Row'>: attribute lookup Row on shop failed",
            classes=[make_class("shop", "Row", specialization=False, stuck={"shop.Row": "name"})],
        ),
        Outcome.DUMP_ERROR,
        "PC105",
        "(shop.Row does not stand under its own name in its module)",
    ),
    "a class of SQLModel's cannot be dumped": (
        not_dumped(NOT_FOUND, classes=[make_class(specialization=False, stuck={"repros.shapes.Box[int]": "sqlmodel"})]),
        Outcome.DUMP_ERROR,
        "PC105",
        "made by SQLModel",
    ),
    "a class of the script that an old Pydantic cannot copy": (
        not_dumped(
            "cannot pickle 'pydantic_core._pydantic_core.SchemaSerializer' object",
            classes=[make_class("__main__", "Row", specialization=False, stuck={"__main__.Row": "main"})],
        ),
        Outcome.DUMP_ERROR,
        "PC105",
        "(__main__.Row is defined in the main script)",
    ),
    "a specialization that an old Pydantic cannot copy": (
        not_dumped("cannot pickle 'pydantic_core._pydantic_core.SchemaSerializer' object", classes=[make_class()]),
        Outcome.DUMP_ERROR,
        "PC104",
        "SchemaSerializer' object",
    ),
    "a lock beside a class that nobody can import": (
        not_dumped(
            "cannot pickle '_thread.lock' object",
            classes=[make_class("__main__", "Row", specialization=False, stuck={"__main__.Row": "main"})],
            unpicklable={"path": "value.meta.lock", "type": "_thread.lock"},
        ),
        Outcome.DUMP_ERROR,
        "PC104",
        "cannot pickle '_thread.lock' object (at value.meta.lock)",
    ),
    "a class within a value": (
        not_dumped(
            "Can't pickle local object 'f.<locals>.Row'",
            classes=[
                make_class("shop", "f.<locals>.Row", specialization=False, stuck={"shop.f.<locals>.Row": "function"})
            ],
            unpicklable={"path": "value.rows[0].__reduce_ex__(4)[1][0]", "type": "type"},
        ),
        Outcome.DUMP_ERROR,
        "PC105",
        "(at value.rows[0]; shop.f.<locals>.Row is defined in a function)",
    ),
    "the value itself": (
        not_dumped("cannot pickle 'generator' object", unpicklable={"path": "value", "type": "generator"}),
        Outcome.DUMP_ERROR,
        "PC104",
        "cannot pickle 'generator' object",
    ),
    "a specialization by a name without brackets": (
        not_dumped(
            "Can't pickle <class 'repros.shapes.IntBox'>: attribute lookup IntBox on repros.shapes failed",
            classes=[make_class(name="IntBox")],
        ),
        Outcome.DUMP_ERROR,
        "PC101",
        "IntBox",
    ),
    "a specialization by a name with a dot": (
        not_dumped(
            "Can't pickle <class 'repros.shapes.Box.int'>: attribute lookup Box.int on repros.shapes failed",
            classes=[make_class(name="Box.int")],
        ),
        Outcome.DUMP_ERROR,
        "PC101",
        "(pickle takes the dots in Box.int for attributes)",
    ),
    "the producer dies of a signal": (
        make_observation(producer=make_child("dump", exit_status=None, signal="SIGSEGV")),
        Outcome.CRASH,
        "PC501",
        "the producer was killed by SIGSEGV while it dumped the value",
    ),
    "the producer hangs": (
        make_observation(producer=make_child("build", exit_status=None, signal="SIGKILL", timed_out=True)),
        Outcome.TIMEOUT,
        "PC502",
        "the producer hung while it built the value, 0.2 s in",
    ),
    "our own looking takes too long": (
        make_observation(make_child("compare", exit_status=None, signal="SIGTERM", timed_out=True)),
        Outcome.UNDECIDED,
        "PC905",
        "the time of picklecheck's own was up while the loaded value was compared",
    ),
    "a payload that names a module of the test run": (
        borrowing("test_api"),
        Outcome.LOAD_ERROR,
        "PC205",
        "the payload names test_api, a module that only this test run has",
    ),
    "the comparison was cut": (arrived(is_cut=True), Outcome.UNDECIDED, "PC905", "what was compared is equal"),
    "a difference before the comparison was cut": (arrived(STATE, is_cut=True), Outcome.WRONG_VALUE, "PC401", ""),
    "looking for what cannot be dumped takes too long": (
        make_observation(
            producer=make_child(
                "trace", exit_status=None, signal="SIGTERM", timed_out=True, error=make_error("TypeError", "no")
            )
        ),
        Outcome.DUMP_ERROR,
        "PC104",
        "TypeError: no",
    ),
    "the producer tells of an error and then dies": (
        make_observation(producer=make_child("dump", signal="SIGABRT", error=make_error("TypeError", NOT_FOUND))),
        Outcome.CRASH,
        "PC501",
        "SIGABRT",
    ),
    "the expression is none here": (
        make_observation(producer=make_child("evaluate", error=make_error("TypeError", "not subscriptable"))),
        Outcome.UNSUPPORTED,
        "PC801",
        "the producer cannot build it: TypeError: not subscriptable",
    ),
    "the value cannot be built": (
        make_observation(producer=make_child("build", error=make_error("ValueError", "no"))),
        Outcome.UNSUPPORTED,
        "PC801",
        "ValueError: no",
    ),
    "nobody can look into a part of the value": (
        make_observation(make_receiver(opaque=["value['code']"])),
        Outcome.UNDECIDED,
        "PC902",
        "nobody can look into value['code'], and tell whether all of it arrived",
    ),
    "the target's module cannot be imported": (
        make_observation(producer=make_child("import", error=make_error("ImportError", "no pandas"))),
        Outcome.UNDECIDED,
        "PC904",
        "the producer failed while it imported the target's module: ImportError: no pandas",
    ),
    "the script fails": (
        make_observation(producer=make_child("run", error=make_error("SystemExit", "2"))),
        Outcome.UNDECIDED,
        "PC904",
        "the producer failed while it ran the script: SystemExit: 2",
    ),
    "the script hangs": (
        make_observation(producer=make_child("run", timed_out=True)),
        Outcome.UNDECIDED,
        "PC904",
        "the producer hung while it ran the script",
    ),
    "the spawned child of a script fails": (
        make_observation(make_receiver("run", judged=False, error=make_error("OSError", "once"))),
        Outcome.UNDECIDED,
        "PC902",
        "the receiver failed while it ran the script: OSError: once",
    ),
    "nothing is sent": (
        make_observation(producer=make_child("call", nothing="an empty list")),
        Outcome.UNSUPPORTED,
        "PC802",
        "nothing is sent: the value is an empty list",
    ),
    "a class is sent": (
        with_class({"kind": "class", "name": "Plain", "generic": False}),
        Outcome.UNDECIDED,
        "PC803",
        "the class Plain arrives by its name, which tells nothing of its instances",
    ),
    "a generic class is sent": (
        with_class({"kind": "class", "name": "Page", "generic": True}),
        Outcome.UNDECIDED,
        "PC803",
        "which tells nothing of its instances, nor of Page[...]",
    ),
    "a class is sent, and another one arrives": (
        with_class({"kind": "class", "name": "Page", "generic": True}, TYPE),
        Outcome.WRONG_TYPE,
        "PC303",
        "",
    ),
    "the target cannot be built": (
        make_observation(producer=make_child("call", error=make_error("KeyError", "'x'"))),
        Outcome.UNDECIDED,
        "PC904",
        "the producer failed while it built the value: KeyError: 'x'",
    ),
    "the producer does not start": (
        make_observation(producer=make_child("start", error=make_error("ImportError", "no probe"))),
        Outcome.UNDECIDED,
        "PC902",
        "the producer failed before it imported anything of the scenario's: ImportError: no probe",
    ),
    "the producer says nothing": (
        make_observation(producer=make_child("dump", exit_status=3)),
        Outcome.UNDECIDED,
        "PC901",
        "the producer ended without a report, with status 3, while it dumped the value",
    ),
    # The receiver, loading
    "no module of that name": (
        not_loaded("ModuleNotFoundError", "No module named 'elsewhere'", "elsewhere Box[int]"),
        Outcome.LOAD_ERROR,
        "PC203",
        "ModuleNotFoundError: No module named 'elsewhere'",
    ),
    "module that cannot be imported": (
        not_loaded("ImportError", "no", "elsewhere Box[int]"),
        Outcome.LOAD_ERROR,
        "PC203",
        "ImportError: no",
    ),
    "class of the sender's main": (
        not_loaded("AttributeError", NO_ATTRIBUTE_ON_MAIN, "__main__ Box[int]"),
        Outcome.LOAD_ERROR,
        "PC202",
        "Box[int]",
    ),
    "class that the receiver has not got": (
        not_loaded("AttributeError", NO_ATTRIBUTE, "repros.shapes Box[int]"),
        Outcome.LOAD_ERROR,
        "PC201",
        "Box[int]",
    ),
    "one of two classes, of a module": (
        not_loaded("AttributeError", NO_ATTRIBUTE, "__main__ Pair[int, str]", "repros.shapes Box[int]"),
        Outcome.LOAD_ERROR,
        "PC201",
        "Box[int]",
    ),
    "class that the receiver has not got, by a name without brackets": (
        not_loaded(
            "AttributeError",
            "Can't get attribute 'IntBox' on <module 'repros.shapes' from 'shapes.py'>",
            "repros.shapes IntBox",
            classes=[make_class(name="IntBox")],
        ),
        Outcome.LOAD_ERROR,
        "PC201",
        "IntBox",
    ),
    "class of the sender's main, by a name without brackets": (
        not_loaded(
            "AttributeError",
            "Can't get attribute 'IntBox' on <module '__main__' from 'receive.py'>",
            "__main__ IntBox",
            classes=[make_class("__main__", "IntBox")],
        ),
        Outcome.LOAD_ERROR,
        "PC202",
        "IntBox",
    ),
    "a class of the script that is not generic": (
        not_loaded(
            "AttributeError",
            "Can't get attribute 'Row' on <module '__main__' from 'receive.py'>",
            "__main__ Row",
            classes=[make_class("__main__", "Row", specialization=False, stuck={"__main__.Row": "main"})],
        ),
        Outcome.LOAD_ERROR,
        "PC206",
        "(__main__.Row is defined in the main script)",
    ),
    "a specialization whose origin is the script's": (
        not_loaded(
            "AttributeError",
            NO_ATTRIBUTE_ON_MAIN,
            "__main__ Box[int]",
            classes=[make_class("__main__", stuck={"__main__.Box": "main"})],
        ),
        Outcome.LOAD_ERROR,
        "PC206",
        "(__main__.Box is defined in the main script)",
    ),
    "an origin of the script, under the fix": (
        not_loaded("AttributeError", "Can't get attribute 'Box' on <module '__main__' from 'r.py'>", "__main__ Box"),
        Outcome.LOAD_ERROR,
        "PC206",
        "'Box'",
    ),
    "a copied class that cannot be built": (
        not_loaded(
            "KeyError",
            "'type'",
            "cloudpickle.cloudpickle _make_skeleton_class",
            frame="picklecheck_probe/serializers.py:40 in load",
            classes=[make_class()],
        ),
        Outcome.LOAD_ERROR,
        "PC204",
        "KeyError: 'type' (a class was sent along, and could not be built again)",
    ),
    "a copied class of the script that cannot be built": (
        not_loaded(
            "RecursionError",
            "deep",
            "cloudpickle.cloudpickle _make_skeleton_class",
            frame="lib/python3.11/site-packages/cloudpickle/cloudpickle.py:40 in _class_setstate",
            classes=[make_class("__main__", stuck={"__main__.Box": "main"})],
        ),
        Outcome.LOAD_ERROR,
        "PC206",
        "RecursionError: deep (__main__.Box is defined in the main script)",
    ),
    "an exception of the user's own code": (
        not_loaded(
            "ValueError",
            "no",
            "cloudpickle.cloudpickle _make_skeleton_class",
            frame="my_pydantic/models.py:3 in __setstate__",
            classes=[make_class("__main__", stuck={"__main__.Box": "main"})],
        ),
        Outcome.LOAD_ERROR,
        "PC204",
        "ValueError: no (in my_pydantic/models.py:3 in __setstate__)",
    ),
    "something else cannot be loaded": (
        not_loaded("ValueError", "no Box[int] today", "repros.shapes Box[int]"),
        Outcome.LOAD_ERROR,
        "PC204",
        "ValueError: no Box[int] today",
    ),
    "an attribute is missing that is no class of ours": (
        not_loaded("AttributeError", "no attribute 'x'", "repros.shapes Box[int]"),
        Outcome.LOAD_ERROR,
        "PC204",
        "no attribute 'x'",
    ),
    "the receiver dies": (
        make_observation(make_child("load", exit_status=None, signal="SIGSEGV")),
        Outcome.CRASH,
        "PC501",
        "the receiver was killed by SIGSEGV while it loaded the payload",
    ),
    "the receiver hangs": (
        make_observation(make_child("load", exit_status=None, signal="SIGTERM", timed_out=True, duration_s=30.04)),
        Outcome.TIMEOUT,
        "PC502",
        "the receiver hung while it loaded the payload, 30.0 s in",
    ),
    "the receiver cannot get ready": (
        make_observation(make_child("evaluate", error=make_error("NameError", "no"))),
        Outcome.UNSUPPORTED,
        "PC801",
        "the receiver cannot get ready: NameError: no",
    ),
    "the receiver does not start": (
        make_observation(make_child("start", error=make_error("OSError", "no"))),
        Outcome.UNDECIDED,
        "PC902",
        "the receiver failed before it imported anything of the scenario's: OSError: no",
    ),
    "the twin cannot be built": (
        make_observation(make_child("expect", error=make_error("ValueError", "no"))),
        Outcome.UNDECIDED,
        "PC902",
        "the receiver failed after it had loaded the payload: ValueError: no",
    ),
    "the comparison fails": (
        make_observation(make_child("compare", error=make_error("RecursionError", "deep"))),
        Outcome.UNDECIDED,
        "PC902",
        "the receiver failed while the loaded value was compared: RecursionError: deep",
    ),
    "the receiver says nothing": (
        make_observation(make_child("check")),
        Outcome.UNDECIDED,
        "PC901",
        "the receiver ended without a report, with status 0, after it had loaded the payload",
    ),
    "nobody received": (
        Observation(make_producer(), payload=Payload(5, ())),
        Outcome.UNDECIDED,
        "PC901",
        "no receiver was started",
    ),
    "the receiver had picklecheck": (
        arrived(TYPE, picklecheck_modules=["picklecheck", "picklecheck.reducers"]),
        Outcome.UNDECIDED,
        "PC902",
        "the receiver had imported picklecheck, picklecheck.reducers",
    ),
    # The receiver, after loading
    "a copy of the class, by cloudpickle": (
        arrived(TYPE, names=("cloudpickle.cloudpickle _make_skeleton_class",)),
        Outcome.WRONG_TYPE,
        "PC301",
        "value should be of this and is of another object called that",
    ),
    "a copy of a class that has another name than its own": (
        arrived(
            {**TYPE, "expected": "a.Box[a.Model]", "actual": "a.Box[a.Model] (a copy of the class)"},
            names=("cloudpickle.cloudpickle _make_skeleton_class",),
            lost_classes=["a.Model"],
            compared_with={"a.Box[a.Model]": "a.ModelBox"},
        ),
        Outcome.WRONG_TYPE,
        "PC304",
        "a.Box[a.Model] (a copy of the class); compared with a.ModelBox",
    ),
    "an object that restores itself in its own way": (
        rebuilt(equals_copy=True),
        Outcome.PASS,
        None,
        "",
    ),
    "an object that restores itself and does not equal its copy": (
        rebuilt(equals_copy=False),
        Outcome.WRONG_VALUE,
        "PC401",
        "",
    ),
    "a copy of the class, by a vendored cloudpickle": (
        arrived(TYPE, names=("joblib.externals.cloudpickle.cloudpickle _class_setstate",)),
        Outcome.WRONG_TYPE,
        "PC301",
        "",
    ),
    "a copy of the class, by dill": (
        arrived(TYPE, names=("dill._dill _create_type",)),
        Outcome.WRONG_TYPE,
        "PC301",
        "",
    ),
    "a copy of a class of the script": (
        arrived(
            {**TYPE, "expected": "__main__.Row"},
            names=("cloudpickle.cloudpickle _make_skeleton_class",),
            classes=[make_class("__main__", "Row", specialization=False, stuck={"__main__.Row": "main"})],
        ),
        Outcome.WRONG_TYPE,
        "PC305",
        "is of another object called that; __main__.Row is defined in the main script",
    ),
    "a copy because of an argument that a function defines": (
        arrived(
            {**TYPE, "expected": "repros.shapes.Box[int]"},
            names=("cloudpickle.cloudpickle _make_skeleton_class",),
            classes=[make_class(stuck={"shop.f.<locals>.Item": "function"})],
        ),
        Outcome.WRONG_TYPE,
        "PC305",
        "; shop.f.<locals>.Item is defined in a function",
    ),
    "a copy of a specialization beside a class of the script": (
        arrived(
            {**TYPE, "expected": "repros.shapes.Box[int]"},
            names=("cloudpickle.cloudpickle _make_skeleton_class",),
            classes=[
                make_class(),
                make_class("__main__", "Row", specialization=False, stuck={"__main__.Row": "main"}),
            ],
        ),
        Outcome.WRONG_TYPE,
        "PC301",
        "",
    ),
    "a name without brackets that means another class here": (
        arrived(TYPE, names=("repros.shapes IntBox",), classes=[make_class(name="IntBox")]),
        Outcome.WRONG_TYPE,
        "PC302",
        "",
    ),
    "a value that is gone": (
        arrived({**TYPE, "expected": "datetime.date", "actual": "missing"}),
        Outcome.WRONG_TYPE,
        "PC303",
        "value should be of datetime.date and is missing",
    ),
    "a name that means another class here": (
        arrived(TYPE, names=("repros.shapes Box", "repros.shapes Box[int]")),
        Outcome.WRONG_TYPE,
        "PC302",
        "",
    ),
    "a copy of one class beside the name of another": (
        arrived(TYPE, names=("cloudpickle.cloudpickle _make_skeleton_class", "repros.shapes Box[int]")),
        Outcome.WRONG_TYPE,
        "PC301",
        "",
    ),
    "another class, and no telling why": (
        arrived(TYPE, names=("repros.shapes Box",)),
        Outcome.WRONG_TYPE,
        "PC303",
        "",
    ),
    "a type of many differences": (
        arrived(STATE, SHARING, TYPE, check="a check failed"),
        Outcome.WRONG_TYPE,
        "PC303",
        "another object called that",
    ),
    "the scenario's own check": (
        arrived(STATE, check="AssertionError: one list arrived as two"),
        Outcome.WRONG_VALUE,
        "PC404",
        "AssertionError: one list arrived as two",
    ),
    "state": (arrived(STATE), Outcome.WRONG_VALUE, "PC401", "value[_count] (private) should be this and is that"),
    "sharing alone": (arrived(SHARING, SHARING), Outcome.WRONG_VALUE, "PC402", "value[1] (sharing)"),
    "sharing and state": (arrived(SHARING, STATE), Outcome.WRONG_VALUE, "PC401", ""),
    "buffers in band": (
        with_buffers(5, had=1, expected=2),
        Outcome.WRONG_VALUE,
        "PC403",
        "1 of 2 buffers stayed out of band",
    ),
    "a restored object that does not validate": (
        arrived(revalidation={"restored": "copied", "twin": "same object"}),
        Outcome.WRONG_VALUE,
        "PC405",
        "revalidation of the restored object: copied; of one built here: same object",
    ),
    "a restored object that does not serialize": (
        arrived(serialization={"restored": "fails: AttributeError", "twin": "{}"}),
        Outcome.WRONG_VALUE,
        "PC405",
        "serialization of the restored object: fails: AttributeError; of one built here: {}",
    ),
    # The receiver, after it had told of the differences
    "the receiver dies of the use": (
        make_observation(make_receiver("use", **UNUSED, exit_status=None, signal="SIGSEGV")),
        Outcome.CRASH,
        "PC501",
        "the receiver was killed by SIGSEGV while the loaded value was validated and serialized",
    ),
    "the receiver hangs in the use": (
        make_observation(make_receiver("use", **UNUSED, exit_status=None, signal="SIGTERM", timed_out=True)),
        Outcome.TIMEOUT,
        "PC502",
        "the receiver hung while the loaded value was validated and serialized, 0.2 s in",
    ),
    "the receiver says nothing of the use": (
        make_observation(make_receiver("use", **UNUSED, exit_status=3)),
        Outcome.UNDECIDED,
        "PC901",
        "the receiver ended without a report, with status 3, while the loaded value was validated and serialized",
    ),
    "the receiver dies between the comparison and the use": (
        make_observation(make_receiver("compare", **UNUSED, exit_status=None, signal="SIGKILL")),
        Outcome.CRASH,
        "PC501",
        "the receiver was killed by SIGKILL while the loaded value was compared",
    ),
    "a difference counts though the receiver dies of the use": (
        make_observation(make_receiver("use", **UNUSED, differences=[STATE], exit_status=None, signal="SIGSEGV")),
        Outcome.WRONG_VALUE,
        "PC401",
        "value[_count] (private)",
    ),
    "the receiver dies of a second hop that nobody asked for": (
        make_observation(make_receiver("second hop", second_hop=None, exit_status=None, signal="SIGSEGV")),
        Outcome.PASS,
        None,
        "the very class and the whole state",
    ),
    "the receiver hangs in a second hop that nobody asked for": (
        make_observation(make_receiver("second hop", second_hop=None, signal="SIGTERM", timed_out=True)),
        Outcome.PASS,
        None,
        "",
    ),
    "the receiver says nothing of a second hop that nobody asked for": (
        make_observation(make_receiver("second hop", second_hop=None, exit_status=1)),
        Outcome.PASS,
        None,
        "",
    ),
    # The second hop
    "the relay cannot load": (
        after_relay(make_child("load", error=make_error("ModuleNotFoundError", "No module named 'a'"))),
        Outcome.LOAD_ERROR,
        "PC203",
        "at the relay, ModuleNotFoundError: No module named 'a'",
    ),
    "the relay cannot load a class of the first payload": (
        after_relay(
            make_child("load", error=make_error("AttributeError", NO_ATTRIBUTE_ON_MAIN)), first=("__main__ Box[int]",)
        ),
        Outcome.LOAD_ERROR,
        "PC202",
        "at the relay, AttributeError",
    ),
    "the relay cannot load a class of a payload that it did not write": (
        Observation(
            make_producer(),
            payload=Payload(5, ("repros.shapes Box[int]",)),
            relay=make_child("load", error=make_error("AttributeError", NO_ATTRIBUTE)),
            relayed=Payload(5, ("__main__ Box[int]",)),
        ),
        Outcome.LOAD_ERROR,
        "PC201",
        "at the relay, AttributeError",
    ),
    "the relay cannot dump": (
        after_relay(make_child("dump", error=make_error("_pickle.PicklingError", NOT_FOUND))),
        Outcome.DUMP_ERROR,
        "PC101",
        "at the second hop, _pickle.PicklingError: Can't pickle",
    ),
    "the relay dies": (
        after_relay(make_child("dump", exit_status=None, signal="SIGKILL")),
        Outcome.CRASH,
        "PC501",
        "the relay was killed by SIGKILL",
    ),
    "the relay hangs": (
        after_relay(make_child("load", timed_out=True)),
        Outcome.TIMEOUT,
        "PC502",
        "the relay hung while it loaded the payload",
    ),
    "the relay says nothing": (
        after_relay(make_child("dump")),
        Outcome.UNDECIDED,
        "PC901",
        "the relay ended without a report",
    ),
    "nobody received from the relay": (
        after_relay(make_child("done")),
        Outcome.UNDECIDED,
        "PC901",
        "no receiver was started",
    ),
    "the relay registered the class in another module": (
        after_relay(
            make_child(
                "dump",
                error=make_error("_pickle.PicklingError", NOT_FOUND),
                registered_after={"Box[int]": ["other"]},
            )
        ),
        Outcome.DUMP_ERROR,
        "PC102",
        "at the second hop, _pickle.PicklingError: Can't pickle",
    ),
    "the third process cannot load what the relay sent": (
        after_relay(
            make_child("done"),
            make_child("load", error=make_error("AttributeError", NO_ATTRIBUTE)),
            first=("__main__ Box[int]",),
            second=("repros.shapes Box[int]",),
        ),
        Outcome.LOAD_ERROR,
        "PC201",
        "AttributeError",
    ),
    "a copy that a relay passed on": (
        after_relay(
            make_child("done"),
            make_receiver(differences=[TYPE]),
            first=("cloudpickle.cloudpickle _make_skeleton_class",),
            second=("repros.shapes Box[int]",),
        ),
        Outcome.WRONG_TYPE,
        "PC301",
        "",
    ),
    "a name that the relay wrote and that means another class here": (
        after_relay(
            make_child("done"), make_receiver(differences=[TYPE]), first=("a Box",), second=("repros.shapes Box[int]",)
        ),
        Outcome.WRONG_TYPE,
        "PC302",
        "",
    ),
    "a name that the relay did not write again": (
        after_relay(make_child("done"), make_receiver(differences=[TYPE]), first=("a Box[int]",), second=("a Box",)),
        Outcome.WRONG_TYPE,
        "PC303",
        "",
    ),
}


@pytest.mark.parametrize(("observation", "outcome", "code", "words"), ROWS.values(), ids=ROWS)
def test_what_was_seen_decides(observation: Observation, outcome: Outcome, code: str | None, words: str) -> None:
    verdict = diagnose(observation)

    assert (verdict.outcome, verdict.code) == (outcome, code)
    assert words in verdict.reason


def test_each_cause_that_has_a_page_is_reached() -> None:
    reached = {code for _, _, code, _ in ROWS.values() if code is not None}

    assert reached == set(known_codes()) - RUNNERS_OWN


def test_each_code_belongs_to_one_outcome() -> None:
    outcomes: dict[str | None, set[Outcome]] = {}
    for _, outcome, code, _ in ROWS.values():
        outcomes.setdefault(code, set()).add(outcome)

    assert {code for code, found in outcomes.items() if len(found) > 1} == set()
    assert outcomes[None] == {Outcome.PASS}


BEFORE_THE_REPORT = {
    "producer": ("start", "evaluate", "build", "dump"),
    "relay": ("start", "evaluate", "load", "dump"),
    "receiver": ("start", "evaluate", "load", "check", "expect", "compare"),
}


@pytest.mark.parametrize(
    ("role", "stage", "exit_status"),
    [
        (role, stage, exit_status)
        for role, stages in BEFORE_THE_REPORT.items()
        for stage, exit_status in itertools.product(stages, (0, 1, 2, 139, -11, None))
    ],
)
def test_a_missing_report_is_undecided_whatever_the_exit_status(role: str, stage: str, exit_status: int | None) -> None:
    silent = make_child(stage, exit_status=exit_status)
    observation = {
        "producer": Observation(silent),
        "relay": after_relay(silent),
        "receiver": make_observation(silent),
    }[role]

    verdict = diagnose(observation)

    assert (verdict.outcome, verdict.code) == (Outcome.UNDECIDED, "PC901")
    assert f"the {role} ended without a report, with status {exit_status}" in verdict.reason


def test_a_child_that_never_spoke_is_undecided() -> None:
    mute = Child({}, 0, None, timed_out=False, stdout="all is well", stderr="", duration_s=0.1, cpu_s=0.1)

    assert diagnose(Observation(mute)).code == "PC901"
    assert diagnose(make_observation(mute)).code == "PC901"
    assert diagnose(after_relay(mute)).code == "PC901"


def test_no_exit_status_talks_a_report_away() -> None:
    judged = Child(make_receiver().facts, 1, None, timed_out=False, stdout="", stderr="", duration_s=0.1, cpu_s=0.1)

    assert diagnose(make_observation(judged)).outcome is Outcome.PASS


def test_a_payload_that_could_not_be_stored_says_nothing_about_the_value() -> None:
    full = make_child("store", error=make_error("OSError", "[Errno 28] No space left on device"))

    for observation in (Observation(full), Observation(make_producer(), relay=full)):
        verdict = diagnose(observation)
        assert (verdict.outcome, verdict.code) == (Outcome.UNDECIDED, "PC902")
        assert "while it stored the payload" in verdict.reason
