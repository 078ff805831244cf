"""Observation -> outcome, cause and one sentence. Pure; what was not witnessed is not a verdict."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from picklecheck.model import NOTHING_SENT, Outcome, Verdict
from picklecheck.verdicts import culprits

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
    "trace": "while it looked for what cannot be dumped",
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
# What the children do on our account, with a time limit of ours.
_OWN_STAGES = frozenset({"portray", "trace", "store", "compare", "use"})
# What a plain value looks like in place of a class: None, a number, a string.
_PLAIN = re.compile(r"""(None|True|False|Ellipsis|NotImplemented|missing)$|b?['"]|[-(\d]""")


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
    is_traced = child.stage == "trace" or (child.stage == "dump" and ended is None)
    if error is not None and is_traced:  # dumping had failed before anything else could
        return _not_dumped(error, child.facts, child.facts.get("specializations", []), "")
    if ended is not None and child.stage in _USERS_OWN:
        return _undecided("PC904", ended.reason)
    if ended is not None or error is None:
        return ended or _no_report(child, "producer")
    if child.stage in ("evaluate", "build"):
        return Verdict(Outcome.UNSUPPORTED, "PC801", f"the producer cannot build it: {_sentence(error)}")
    if child.stage in _USERS_OWN:
        return _undecided("PC904", f"the producer failed {_DOING[child.stage]}: {_sentence(error)}")
    return _undecided("PC902", f"the producer failed {_DOING[child.stage]}: {_sentence(error)}")


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
        return _not_loaded(error, payload, _classes(observation), where)
    if child.stage == "dump":
        facts = {**child.facts, "classes": _classes(observation)}
        return _not_dumped(error, facts, _as_registered_in(child, observation.producer), "at the second hop, ")
    return _undecided("PC902", f"the {role} failed {_DOING.get(child.stage, child.stage)}: {_sentence(error)}")


def _judge_arrival(observation: Observation, receiver: Child) -> Verdict:  # noqa: PLR0911 - worst first
    facts = receiver.facts
    if facts.get("picklecheck_modules"):
        loaded = ", ".join(facts["picklecheck_modules"])
        return _undecided("PC902", f"the receiver had imported {loaded}: it took part in what it checks")
    differences = [*facts["differences"], *_losses_of_rebuilt(observation, facts)]
    wrong_types = [one for one in differences if one["kind"] == "type"]
    if wrong_types:
        return _judge_type(observation, facts, wrong_types[0])
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
            other = "the one that was sent" if "compared_with" in facts else "one built here"
            reason = f"{use} of the restored object: {both['restored']}; of {other}: {both['twin']}"
            return Verdict(Outcome.WRONG_VALUE, "PC405", reason)
    if receiver.stage not in ("second hop", "done") and not _ends_like_sender(observation.producer, receiver):
        if receiver.stage == "use" and observation.producer.facts.get("is_untried"):
            return _undecided("PC902", f"{_no_use(receiver)}, and nobody tried that where it was sent")
        return _loader_failed(receiver, "receiver", observation)
    # Whether a second hop would dump is evidence, not a verdict: receiver "relay" is the cell that asks for it.
    arrived = Verdict(Outcome.PASS, None, "the very class and the whole state arrived")
    return _borrowed(observation.producer.facts) or _not_looked_at(facts) or arrived


def _borrowed(facts: Mapping[str, Any]) -> Verdict | None:
    found = facts.get("test_run_modules")
    if not found:
        return None
    reason = f"it arrived here, but the payload names {found[0]}, a module that only this test run has"
    return Verdict(Outcome.LOAD_ERROR, "PC205", reason)


def _ends_like_sender(producer: Child, receiver: Child) -> bool:
    """Is using the value what hangs or kills, on both sides? That is not the journey's doing."""
    if receiver.stage != "use" or producer.stage != "done":
        return False
    return (receiver.timed_out and producer.timed_out) or (receiver.signal or "") == producer.signal


def _no_use(receiver: Child) -> str:
    ended = f"was killed by {receiver.signal}" if receiver.signal else "ended"
    return f"the receiver {ended} {_DOING['use']}"


def _not_looked_at(facts: Mapping[str, Any]) -> Verdict | None:
    if facts.get("is_cut"):
        return _undecided("PC905", "the value is too large to be compared to its end; what was compared is equal")
    if facts.get("opaque"):
        return _undecided("PC902", f"nobody can look into {facts['opaque'][0]}, and tell whether all of it arrived")
    return None


def _ended_by_force(child: Child, role: str) -> Verdict | None:
    doing = _DOING.get(child.stage, f"at stage {child.stage}")
    if child.timed_out and child.stage in _OWN_STAGES:
        return _undecided("PC905", f"the time of picklecheck's own was up {doing}, {child.duration_s:.1f} s in")
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


def _not_dumped(
    error: Mapping[str, Any], facts: Mapping[str, Any], specializations: list[dict[str, Any]], where: str
) -> Verdict:
    code = culprits.dump_cause(error, specializations, facts.get("classes", ()))
    return Verdict(Outcome.DUMP_ERROR, code, where + _sentence(error, culprits.dump_details(facts, code)))


def _not_loaded(
    error: Mapping[str, Any], payload: Payload | None, classes: list[dict[str, Any]], where: str
) -> Verdict:
    code = culprits.load_cause(error, payload, classes)
    details = culprits.load_details(error, payload, classes, code)
    return Verdict(Outcome.LOAD_ERROR, code, where + _sentence(error, details))


def _classes(observation: Observation) -> list[dict[str, Any]]:
    """Return what the producer told of the classes in the value."""
    return list(observation.producer.facts.get("classes", []))


def _as_registered_in(relay: Child, producer: Child) -> list[dict[str, Any]]:
    """Return the specializations as the producer named them and the relay, which dumps them again, registered them."""
    registered = relay.facts.get("registered_after", {})
    return [{**one, "registered": registered.get(one["name"], [])} for one in producer.facts.get("specializations", [])]


def _losses_of_rebuilt(observation: Observation, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return how objects that restore themselves differ, unless their own ``==`` says that they do not."""
    return [] if observation.producer.facts.get("equals_copy") else facts.get("rebuilt", [])


def _judge_type(observation: Observation, facts: Mapping[str, Any], difference: Mapping[str, Any]) -> Verdict:
    text = difference["expected"]
    is_lost = any(lost in text for lost in facts.get("lost_classes", [])) and _is_by_value(observation)
    compared = facts.get("compared_with", {}).get(text)
    code = "PC304" if is_lost else _type_cause(observation, text)
    reason = _difference(difference) + (f"; compared with {compared}" if compared else "")
    stuck = culprits.stuck_at(text, _classes(observation)) if code in ("PC304", "PC305") else []
    if stuck:
        reason += f"; {culprits.told(stuck)}"
    return Verdict(Outcome.WRONG_TYPE, code, reason)


def _is_by_value(observation: Observation) -> bool:
    payloads = [one for one in (observation.payload, observation.relayed) if one is not None]
    return any(culprits.carries_a_class(payload) for payload in payloads)


def _type_cause(observation: Observation, text: str) -> str:
    classes = _classes(observation)
    if _is_by_value(observation):
        is_local = any(one["why"] in ("main", "function") for one in culprits.stuck_at(text, classes))
        return "PC305" if is_local else "PC301"
    last = observation.relayed or observation.payload  # what the receiver got
    is_named = last is not None and culprits.names_a_specialization(last, classes)
    return "PC302" if is_named else "PC303"


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
        # Told by its text instead of its class: a plain value.
        known = _PLAIN.match(one["actual"])
        is_what = f"is {one['actual']}" if known else f"is of another object called {one['actual']}"
        should = f"be {one['expected']}" if _PLAIN.match(one["expected"]) else f"be of {one['expected']}"
        return f"{one['path']} should {should} and {is_what}"
    return f"{one['path']} ({one['kind']}) should be {one['expected']} and is {one['actual']}"


def _sentence(error: Mapping[str, Any], details: str = "") -> str:
    return _with(f"{error['type']}: {' '.join(error['message'].split())}", details)


def _with(sentence: str, details: str) -> str:
    return f"{sentence} ({details})" if details else sentence
