"""One cell of the report as JSON: what was asked, what came of it, and the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from picklecheck.model import Child, Observation, Payload, Result
    from picklecheck.reports.json_format.types import CellDocument, ChildDocument, ObservationDocument, PayloadDocument


def document_of(result: Result, *, reused: bool = False) -> CellDocument:
    """Return what the report says of one cell; ``reused`` is said where it is so: its duration is that of then."""
    asked = result.cell
    document: CellDocument = {
        "id": asked.id,
        "environment": result.environment,
        "scenario": asked.scenario,
        "serializer": asked.serializer.name,
        "protocol": result.protocol,
        "site": asked.site,
        "receiver": asked.receiver,
        "fix": asked.fix,
        "engine": result.engine,
        "isolation": result.isolation,
        "outcome": result.verdict.outcome.value,
        "code": result.verdict.code,
        "reason": result.verdict.reason,
        "exception": result.exception,
        "expected": result.expected,
        "location": result.location,
        "registered_in_producer": _list_of(result.registered_in_producer),
        "registered_in_receiver": _list_of(result.registered_in_receiver),
        "duration_s": round(result.duration_s, 6),
        "observation": None if result.observation is None else _observation(result.observation),
    }
    if result.receiver_environment:
        document["receiver_environment"] = result.receiver_environment
    if reused:
        document["reused"] = True
    return document


def _list_of(modules: tuple[str, ...] | None) -> list[str] | None:
    return None if modules is None else list(modules)


def _observation(observation: Observation) -> ObservationDocument:
    return {
        "producer": _child(observation.producer),
        "payload": _payload(observation.payload),
        "relay": _child(observation.relay),
        "relayed_payload": _payload(observation.relayed),
        "receiver": _child(observation.receiver),
    }


def _payload(payload: Payload | None) -> PayloadDocument | None:
    if payload is None:
        return None
    return {"protocol": payload.protocol, "globals": list(payload.globals), "error": payload.error}


def _child(child: Child | None) -> ChildDocument | None:
    if child is None:
        return None
    return {
        "facts": dict(child.facts),
        "exit_status": child.exit_status,
        "signal": child.signal,
        "timed_out": child.timed_out,
        "stdout": child.stdout,
        "stderr": child.stderr,
        "duration_s": child.duration_s,
        "cpu_s": child.cpu_s,
    }
