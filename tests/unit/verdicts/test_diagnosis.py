"""How the processes ended -> outcome and cause, as one table; and that the tables have each cause."""

from __future__ import annotations

import itertools

import pytest
from observation_builders import NOT_FOUND, TYPE, UNUSED, after_relay, arrived, borrowing, with_class
from report_builders import make_child, make_error, make_observation, make_producer, make_receiver
from test_arrivals import ROWS as ARRIVALS
from test_culprits import ROWS as CULPRITS

from picklecheck.model import Child, Observation, Outcome, Payload
from picklecheck.verdicts.causes import known_codes
from picklecheck.verdicts.diagnosis import diagnose

# Given where a server is lost and there is no observation, and where a receiver was not in its state.
GIVEN_ELSEWHERE = {"PC903", "PC906"}

# What was observed -> outcome, code, words of the reason.
ROWS: dict[str, tuple[Observation, Outcome, str | None, str]] = {
    # The producer
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
    # The receiver, after it had told of the differences
    "the receiver dies of the use": (
        make_observation(make_receiver("use", **UNUSED, exit_status=None, signal="SIGSEGV")),
        Outcome.CRASH,
        "PC501",
        "the receiver was killed by SIGSEGV while the loaded value was validated and serialized",
    ),
    "the receiver hangs in the use": (
        make_observation(make_receiver("use", **UNUSED, exit_status=None, signal="SIGTERM", timed_out=True)),
        Outcome.UNDECIDED,
        "PC905",
        "the time of picklecheck's own was up while the loaded value was validated and serialized, 0.2 s in",
    ),
    "the receiver dies of the use, and the sender did not": (
        make_observation(make_receiver("use", **UNUSED, exit_status=None, signal="SIGABRT")),
        Outcome.CRASH,
        "PC501",
        "the receiver was killed by SIGABRT while the loaded value was validated and serialized",
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
    # The second hop
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
}


@pytest.mark.parametrize(("observation", "outcome", "code", "words"), ROWS.values(), ids=ROWS)
def test_what_was_seen_decides(observation: Observation, outcome: Outcome, code: str | None, words: str) -> None:
    verdict = diagnose(observation)

    assert (verdict.outcome, verdict.code) == (outcome, code)
    assert words in verdict.reason


ALL_ROWS = [*ROWS.values(), *ARRIVALS.values(), *CULPRITS.values()]


def test_each_cause_that_has_a_page_is_reached() -> None:
    reached = {code for _, _, code, _ in ALL_ROWS if code is not None}

    assert reached == set(known_codes()) - GIVEN_ELSEWHERE


def test_each_code_belongs_to_one_outcome() -> None:
    outcomes: dict[str | None, set[Outcome]] = {}
    for _, outcome, code, _ in ALL_ROWS:
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
