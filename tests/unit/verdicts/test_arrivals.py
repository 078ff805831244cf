"""A value that arrived, and how it differs -> outcome and cause, as one table."""

from __future__ import annotations

import pytest
from observation_builders import SHARING, STATE, TYPE, UNUSED, after_relay, arrived, rebuilt, with_buffers, with_class
from report_builders import make_child, make_class, make_observation, make_receiver

from picklecheck.model import Observation, Outcome
from picklecheck.verdicts.diagnosis import diagnose

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
    "a difference before the comparison was cut": (arrived(STATE, is_cut=True), Outcome.WRONG_VALUE, "PC401", ""),
    "a class is sent, and another one arrives": (
        with_class({"kind": "class", "name": "Page", "generic": True}, TYPE),
        Outcome.WRONG_TYPE,
        "PC303",
        "",
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
