"""What a dump or a load stopped at -> the named cause, as one table."""

from __future__ import annotations

import pytest
from observation_builders import (
    ELSEWHERE,
    FOUND,
    NO_ATTRIBUTE,
    NO_ATTRIBUTE_ON_MAIN,
    NOT_FOUND,
    NOT_SAME,
    NOWHERE,
    after_relay,
    not_dumped,
    not_loaded,
)
from report_builders import make_child, make_class, make_error, make_observation, make_producer, make_specialization

from picklecheck.model import Observation, Outcome, Payload
from picklecheck.verdicts.diagnosis import diagnose

# What was observed -> outcome, code, words of the reason.
ROWS: dict[str, tuple[Observation, Outcome, str | None, str]] = {
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
}


@pytest.mark.parametrize(("observation", "outcome", "code", "words"), ROWS.values(), ids=ROWS)
def test_what_was_seen_decides(observation: Observation, outcome: Outcome, code: str | None, words: str) -> None:
    verdict = diagnose(observation)

    assert (verdict.outcome, verdict.code) == (outcome, code)
    assert words in verdict.reason
