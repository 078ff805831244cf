"""Observation -> outcome, cause and one sentence. Pure; what was not witnessed is not a verdict."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from picklecheck.model import NOTHING_SENT, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from picklecheck.model import Child, Observation, Payload

_DOING = {
    "start": "before it imported anything of the scenario's",
    "evaluate": "while it evaluated the specialization",
    "build": "while it built the value",
    "import": "while it imported the target's module",
    "run": "while it ran the script",
    "call": "while it built the value",
    "portray": "while it looked at the value",
    "dump": "while it dumped the value",
    "store": "while it stored the payload",
    "fetch": "while it read the payload",
    "load": "while it loaded the payload",
    "check": "after it had loaded the payload",
    "expect": "after it had loaded the payload",
    "compare": "while the loaded value was compared",
    "use": "while the loaded value was validated and serialized",
}
# Before there is a value of the user's: nothing was sent that could have failed to arrive.
_USERS_OWN = ("import", "run", "call")
# Modules that cloudpickle (and every vendored copy of it) writes into a payload that carries a class by value.
_BY_VALUE = re.compile(r"cloudpickle \S*(_make_skeleton_class|_class_setstate)$|^dill\._dill _create_type$")


def diagnose(observation: Observation) -> Verdict:
    """Return the verdict on one cell."""
    facts = observation.producer.facts
    if facts.get("nothing"):
        return Verdict(Outcome.UNSUPPORTED, NOTHING_SENT, f"nothing is sent: the value is {facts['nothing']}")
    verdict = _diagnose(observation)
    if facts.get("sent_class") and verdict.outcome is Outcome.PASS:
        return _undecided("PC803", _about_class(facts["sent_class"]))
    return verdict


def _about_class(told: Mapping[str, Any]) -> str:
    """Say of what a class that arrived tells nothing."""
    name = told["name"]
    of_others = f", nor of {name}[...]" if told["generic"] else ""
    return f"the {told['kind']} {name} arrives by its name, which tells nothing of its instances{of_others}"


def _diagnose(observation: Observation) -> Verdict:
    producer, relay, receiver = observation.producer, observation.relay, observation.receiver
    if producer.stage != "done":
        return _producer_failed(producer)
    if relay is not None and relay.stage != "done":
        return _loader_failed(relay, "relay", observation)
    if receiver is None:
        return _undecided("PC901", "no receiver was started")
    if not receiver.facts.get("judged"):
        return _loader_failed(receiver, "receiver", observation)
    return _judge_arrival(observation, receiver)


def _producer_failed(child: Child) -> Verdict:
    error = child.facts.get("error")
    ended = _ended_by_force(child, "producer")
    if ended is not None and child.stage in _USERS_OWN:
        return _undecided("PC904", ended.reason)
    if ended is not None or error is None:
        return ended or _no_report(child, "producer")
    if child.stage in ("evaluate", "build"):
        return Verdict(Outcome.UNSUPPORTED, "PC801", f"the producer cannot build it: {_sentence(error)}")
    if child.stage in _USERS_OWN:
        return _undecided("PC904", f"the producer failed {_DOING[child.stage]}: {_sentence(error)}")
    if child.stage != "dump":
        return _undecided("PC902", f"the producer failed {_DOING[child.stage]}: {_sentence(error)}")
    code = _dump_cause(error["message"], child.facts.get("specializations", []))
    return Verdict(Outcome.DUMP_ERROR, code, _sentence(error))


def _loader_failed(child: Child, role: str, observation: Observation) -> Verdict:
    error = child.facts.get("error")
    ended = _ended_by_force(child, role)
    if ended is not None or error is None:
        return ended or _no_report(child, role)
    if child.stage == "evaluate":
        return Verdict(Outcome.UNSUPPORTED, "PC801", f"the {role} cannot get ready: {_sentence(error)}")
    if child.stage == "load":
        payload = observation.payload if role == "relay" else observation.relayed or observation.payload
        where = "at the relay, " if role == "relay" else ""
        return Verdict(Outcome.LOAD_ERROR, _load_cause(error, payload), where + _sentence(error))
    if child.stage == "dump":
        code = _dump_cause(error["message"], _as_registered_in(child, observation.producer))
        return Verdict(Outcome.DUMP_ERROR, code, f"at the second hop, {_sentence(error)}")
    return _undecided("PC902", f"the {role} failed {_DOING.get(child.stage, child.stage)}: {_sentence(error)}")


def _judge_arrival(observation: Observation, receiver: Child) -> Verdict:  # noqa: PLR0911 - worst first
    facts = receiver.facts
    if facts.get("picklecheck_modules"):
        loaded = ", ".join(facts["picklecheck_modules"])
        return _undecided("PC902", f"the receiver had imported {loaded}: it took part in what it checks")
    differences = facts["differences"]
    wrong_types = [one for one in differences if one["kind"] == "type"]
    if wrong_types:
        return Verdict(Outcome.WRONG_TYPE, _type_cause(observation), _difference(wrong_types[0]))
    if facts.get("check"):
        return Verdict(Outcome.WRONG_VALUE, "PC404", facts["check"])
    sharing = [one for one in differences if one["kind"] == "sharing"]
    if differences:
        code = "PC402" if len(sharing) == len(differences) else "PC401"
        return Verdict(Outcome.WRONG_VALUE, code, _difference(differences[0]))
    in_band = _missing_buffers(observation)
    if in_band:
        return Verdict(Outcome.WRONG_VALUE, "PC403", in_band)
    for use in ("revalidation", "serialization"):
        both = facts.get(use)
        if both and both["restored"] != both["twin"]:
            reason = f"{use} of the restored object: {both['restored']}; of one built here: {both['twin']}"
            return Verdict(Outcome.WRONG_VALUE, "PC405", reason)
    if receiver.stage not in ("second hop", "done"):
        return _loader_failed(receiver, "receiver", observation)
    if facts.get("opaque"):
        return _undecided("PC902", f"nobody can look into {facts['opaque'][0]}, and tell whether all of it arrived")
    # Whether a second hop would dump is evidence, not a verdict: receiver "relay" is the cell that asks for it.
    return Verdict(Outcome.PASS, None, "the very class and the whole state arrived")


def _ended_by_force(child: Child, role: str) -> Verdict | None:
    doing = _DOING.get(child.stage, f"at stage {child.stage}")
    if child.timed_out:
        return Verdict(Outcome.TIMEOUT, "PC502", f"the {role} hung {doing}, {child.duration_s:.1f} s in")
    if child.signal is not None:
        return Verdict(Outcome.CRASH, "PC501", f"the {role} was killed by {child.signal} {doing}")
    return None


def _no_report(child: Child, role: str) -> Verdict:
    doing = _DOING.get(child.stage, f"at stage {child.stage}")
    return _undecided("PC901", f"the {role} ended without a report, with status {child.exit_status}, {doing}")


def _undecided(code: str, reason: str) -> Verdict:
    return Verdict(Outcome.UNDECIDED, code, reason)


def _dump_cause(message: str, specializations: list[dict[str, Any]]) -> str:
    """Which of the ways in which pickle looks for a class by its name went wrong.

    The message is CPython's, and its wording is not the same in all versions; so only names are looked for in it, and
    the rest is what the process itself witnessed.
    """
    involved = [one for one in specializations if one["name"] in message]
    if "<locals>" in message or not (involved or re.search(r"\w\[[^\]]+\]", message)):
        return "PC104"
    if "not the same object" in message:
        return "PC103"
    if any(one["registered"] and one["module"] not in one["registered"] for one in involved):
        return "PC102"
    return "PC101"


def _as_registered_in(relay: Child, producer: Child) -> list[dict[str, Any]]:
    """Return the specializations as the producer named them and the relay, which dumps them again, registered them."""
    registered = relay.facts.get("registered_after", {})
    return [{**one, "registered": registered.get(one["name"], [])} for one in producer.facts.get("specializations", [])]


def _load_cause(error: Mapping[str, Any], payload: Payload | None) -> str:
    if error["type"] in ("ModuleNotFoundError", "ImportError"):
        return "PC203"
    named = [one.split(" ", 1) for one in payload.globals] if payload else []
    missing = [(module, name) for module, name in named if repr(name) in error["message"]]
    if any(module == "__main__" for module, _ in missing):
        return "PC202"
    if any("[" in name for _, name in missing):
        return "PC201"
    return "PC204"


def _type_cause(observation: Observation) -> str:
    payloads = [one for one in (observation.payload, observation.relayed) if one is not None]
    if any(_BY_VALUE.search(name) for payload in payloads for name in payload.globals):
        return "PC301"
    # The last payload is what the receiver got.
    if any("[" in name.partition(" ")[2] for name in payloads[-1].globals):
        return "PC302"
    return "PC303"


def _missing_buffers(observation: Observation) -> str | None:
    """Say so where a protocol that has out-of-band buffers carried fewer of them than the scenario sends."""
    facts = observation.producer.facts
    protocol = observation.payload.protocol if observation.payload else None
    if protocol is None or protocol < 5:  # PEP 574 came with protocol 5
        return None
    wanted, had = facts["buffers_expected"], facts["payload"]["buffers"]
    return None if had >= wanted else f"{had} of {wanted} buffers stayed out of band"


def _difference(one: Mapping[str, Any]) -> str:
    if one["kind"] == "type":
        return f"{one['path']} should be of {one['expected']} and is of another object called {one['actual']}"
    return f"{one['path']} ({one['kind']}) should be {one['expected']} and is {one['actual']}"


def _sentence(error: Mapping[str, Any]) -> str:
    return f"{error['type']}: {' '.join(error['message'].split())}"
