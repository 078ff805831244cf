"""What the processes of a cell saw, for tests of the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from report_builders import (
    make_child,
    make_difference,
    make_error,
    make_observation,
    make_producer,
    make_receiver,
    make_specialization,
)

from picklecheck.model import Child, Observation, Payload

if TYPE_CHECKING:
    from collections.abc import Sequence

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
