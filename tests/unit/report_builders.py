"""Builders for the frozen types that tests hand around: each argument that a test does not care about has a default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from picklecheck.model import (
    Cell,
    Child,
    Environment,
    Observation,
    Outcome,
    Payload,
    Report,
    Result,
    Scenario,
    Serializer,
    Verdict,
)
from picklecheck.plan.cells import parse_serializer
from picklecheck.verdicts import facts as evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BOX = "Box[int]"


def make_scenario(
    name: str = "shapes.box",
    expressions: tuple[str, ...] = (BOX,),
    *,
    module: str = "",
    before: str = "",
    warm: tuple[str, ...] | None = None,
    warm_before: str = "",
    beyond: tuple[str, ...] = (),
) -> Scenario:
    """Return the scenario with id ``name``, defined in ``repros.FAMILY``."""
    family, _, function = name.partition(".")
    return Scenario(
        id=name,
        defined_in=f"repros.{family}",
        name=function,
        summary="What a user reads.",
        expressions=expressions,
        module=module or f"repros.{family}",
        before=before,
        warm=expressions if warm is None else warm,
        warm_before=warm_before,
        beyond=beyond,
    )


def make_cell(text: str = "shapes.box/pickle/main/cold/none") -> Cell:
    """Return the cell with id ``text``."""
    scenario, serializer, site, receiver, fix = text.split("/")
    return Cell(scenario, parse_serializer(serializer), site, receiver, fix)


def make_child(
    stage: str = "done",
    *,
    exit_status: int | None = 0,
    signal: str | None = None,
    timed_out: bool = False,
    duration_s: float = 0.25,
    **facts: Any,
) -> Child:
    """Return a child that was last heard of at ``stage`` and told ``facts``."""
    return Child(
        facts={"stage": stage, **facts},
        exit_status=exit_status,
        signal=signal,
        timed_out=timed_out,
        stdout="",
        stderr="",
        duration_s=duration_s,
        cpu_s=0.125,
    )


def make_error(kind: str, message: str) -> dict[str, str]:
    """Return what a probe tells of an exception."""
    return {"type": kind, "message": message}


def make_specialization(*, module: str = "repros.shapes", registered: Sequence[str] = ()) -> dict[str, object]:
    """Return what a producer tells of ``Box[int]``: its names, and the modules in which it stands."""
    return {"name": BOX, "module": module, "origin": ["repros.shapes", "Box"], "registered": list(registered)}


def make_class(
    module: str = "repros.shapes",
    name: str = BOX,
    *,
    specialization: bool = True,
    stuck: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what a producer tells of a class; ``stuck`` maps what nobody can import to the reason."""
    return {
        "text": f"{module}.{name}",
        "module": module,
        "name": name,
        "qualname": name,
        "specialization": specialization,
        "stuck": [{"name": part, "why": why} for part, why in (stuck or {}).items()],
    }


def make_difference(kind: str = "dict", path: str = "value[value]") -> dict[str, str]:
    """Return one difference as :mod:`picklecheck.probe.compare` tells it."""
    return {"kind": kind, "path": path, "expected": "this", "actual": "that"}


def make_producer(*, buffers: int = 0, buffers_expected: int = 0) -> Child:
    """Return a producer that dumped."""
    return make_child(
        "done",
        specializations=[make_specialization(registered=["repros.shapes"])],
        payload={"size": 40, "digest": "00", "buffers": buffers},
        buffers_expected=buffers_expected,
    )


def make_receiver(stage: str = "done", **facts: Any) -> Child:
    """Return a receiver that loaded the value and found nothing wrong with it, but for what ``facts`` say."""
    usual: dict[str, Any] = {
        "judged": True,
        "differences": [],
        "check": None,
        "picklecheck_modules": [],
        "revalidation": {"restored": "same object", "twin": "same object"},
        "serialization": {"restored": '{"value":5}', "twin": '{"value":5}'},
        "second_hop": {"dumped": True, "size": 40},
    }
    return make_child(stage, **{**usual, **facts})


def make_observation(
    receiver: Child | None = None,
    *,
    producer: Child | None = None,
    relay: Child | None = None,
    relayed: Payload | None = None,
    names: Iterable[str] = (),
    protocol: int = 5,
) -> Observation:
    """Return what a cell saw: a producer that dumped a payload with global ``names``, and a receiver that is content.

    A ``producer`` that is handed in stopped before it left a payload, so nothing came after it.
    """
    if producer is not None:
        return Observation(producer)
    return Observation(
        producer=make_producer(),
        payload=Payload(protocol, tuple(names)),
        relay=relay,
        relayed=relayed,
        receiver=make_receiver() if receiver is None else receiver,
    )


_CODES = {
    Outcome.PASS: None,
    Outcome.DUMP_ERROR: "PC101",
    Outcome.LOAD_ERROR: "PC201",
    Outcome.WRONG_TYPE: "PC301",
    Outcome.WRONG_VALUE: "PC401",
    Outcome.CRASH: "PC501",
    Outcome.TIMEOUT: "PC502",
    Outcome.UNSUPPORTED: "PC801",
    Outcome.UNDECIDED: "PC901",
}


def make_result(
    cell: str = "shapes.box/pickle/main/cold/none",
    outcome: Outcome = Outcome.PASS,
    *,
    expected: bool | None = None,
    reason: str = "a reason",
    observation: Observation | None = None,
) -> Result:
    """Return a judged cell; its code is one that goes with the outcome."""
    return Result(
        cell=make_cell(cell),
        environment="here",
        engine="process",
        isolation="fork",
        verdict=Verdict(outcome, _CODES[outcome], reason),
        expected=expected,
        duration_s=0.5,
        observation=observation,
        protocol=evidence.protocol(make_cell(cell), observation),
        registered_in_producer=evidence.registered_in_producer(observation),
        registered_in_receiver=evidence.registered_in_receiver(observation),
    )


def make_environment(*, status: str = "ok", reason: str | None = None) -> Environment:
    """Return the environment ``here``."""
    return Environment(
        id="here",
        python="3.11.7",
        pydantic="2.14.3",
        cloudpickle="3.1.2",
        platform="Linux",
        status=status,
        reason=reason,
        serializers=("pickle", "cloudpickle"),
        packages={"pydantic": "2.14.3"},
    )


def make_report(
    results: Sequence[Result] = (),
    *,
    environments: Sequence[Environment] | None = None,
    planned: int | None = None,
    interrupted: bool = False,
) -> Report:
    """Return a report of ``results`` over the scenarios that occur in them, in their order."""
    names = dict.fromkeys(result.cell.scenario for result in results)
    return Report(
        command=("run", "-v"),
        tool_version="0.1.0",
        started_at="2030-01-02T03:04:05+00:00",
        duration_s=1.25,
        environments=(make_environment(),) if environments is None else tuple(environments),
        scenarios=tuple(make_scenario(name) for name in names),
        planned=len(results) if planned is None else planned,
        results=tuple(results),
        interrupted=interrupted,
    )


PICKLE = Serializer("pickle")
CLOUDPICKLE = Serializer("cloudpickle")
