"""Single facts that are read off an observation, for reports that do not show all of it. Pure."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from picklecheck.model import Cell, Observation


def protocol(cell: Cell, observation: Observation | None) -> int | None:
    """Return the protocol of the payload; that of the cell where there is no payload, or one of protocol 0 or 1.

    Those do not say which they are.
    """
    payload = observation.payload if observation else None
    return payload.protocol if payload and payload.protocol is not None else cell.serializer.protocol


def exception(observation: Observation | None) -> str | None:
    """Return the class of the error in the last process that told of one; None if there was none."""
    children = (observation.receiver, observation.relay, observation.producer) if observation else ()
    errors = [child.facts["error"] for child in children if child is not None and child.facts.get("error")]
    return str(errors[0]["type"]) if errors else None


def location(observation: Observation | None) -> str | None:
    """Return where a target is defined, as ``path:line``, from the working folder if it lies there."""
    found = observation.producer.facts.get("location") if observation else None
    return None if found is None else f"{_from_here(found['path'])}:{found['line']}"


def script(cell: Cell, observation: Observation | None) -> str | None:
    """Return the target that asks for the same where the module is started as a script; None if it never is."""
    found = observation.producer.facts.get("script") if observation else None
    return None if found is None else f"{_from_here(found)}:{cell.scenario.rpartition(':')[2]}"


def _from_here(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative


def source(observation: Observation | None) -> str | None:
    """Return the hash of the user's modules that took part in a target."""
    return observation.producer.facts.get("source") if observation else None


def registered_in_producer(observation: Observation | None) -> tuple[str, ...] | None:
    """Return the modules in which one of the specializations stood when the value was built; None if unknown."""
    described = observation.producer.facts.get("specializations") if observation else None
    if described is None:
        return None
    return tuple(sorted({module for one in described for module in one["registered"]}))


def registered_in_receiver(observation: Observation | None) -> tuple[str, ...] | None:
    """Return the modules in which one of them stood before it was loaded (for the first time); None if unknown."""
    first = (observation.relay or observation.receiver) if observation else None
    found = first.facts.get("registered_before") if first else None
    if found is None:
        return None
    return tuple(sorted({module for modules in found.values() for module in modules}))
