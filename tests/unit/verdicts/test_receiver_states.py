"""What a receiver witnessed before it loaded -> whether it was in the state of its cell, as tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from observation_builders import after_relay
from report_builders import make_child, make_error, make_observation, make_receiver, make_scenario

from picklecheck.harness.staging import programs
from picklecheck.model import OBJECT, RECEIVERS, SITES, Child, Observation, Outcome, Scenario, Verdict
from picklecheck.plan.cells import obstacle
from picklecheck.plan.targets import targets_in
from picklecheck.verdicts.diagnosis import diagnose
from picklecheck.verdicts.receiver_states import Evaluated, Prepared, confirmed

BOX = make_scenario("shapes.box")
# A warm receiver evaluates something else than the producer.
OTHERWISE = make_scenario("collisions.box", warm=("Box[bytes]",))
TARGET = targets_in(["shop.jobs:order"])[0]
SCRIPT = replace(TARGET, id="app.py:make", defined_in="app.py", module="/somewhere/app.py", name="make")
OF_TARGETS = [state for state in RECEIVERS if not obstacle(TARGET.id, "own", state)]
OF_SCRIPTS = [state for state in RECEIVERS if not obstacle(SCRIPT.id, "own", state)]
OF_OBJECTS = ["bare", "bare-module", "cold", "warm", "warm-function", "warm-other", "relay"]

NONE, ALL, BY_RECIPES, UNKNOWN = Evaluated.NONE, Evaluated.ALL, Evaluated.BY_RECIPES, Evaluated.UNKNOWN
STEM = programs.stem(TARGET)
COLD = Prepared(("repros.shapes",), NONE, "repros")

# Site, state -> the modules that the programs of the scenario import, and what those evaluate.
PREPARED: dict[tuple[str, str], Prepared] = {
    **{(site, state): Prepared((), NONE) for site in SITES for state in ("bare", "bare-module")},
    **{(site, state): COLD for site in SITES if site != "origin" for state in ("cold", "relay")},
    **{("origin", state): replace(COLD, evaluated=ALL) for state in ("cold", "relay")},
    **{(site, state): replace(COLD, evaluated=ALL) for site in SITES for state in ("warm", "warm-function")},
    **{(site, "warm-other"): Prepared(("repros.shapes", "shapes_box_other"), ALL, "repros") for site in SITES},
    ("elsewhere", "warm-same"): Prepared(("repros.shapes", "shapes_box_elsewhere"), ALL, "repros"),
    ("annotation", "warm-same"): Prepared(("repros.shapes", "shapes_box_holder"), ALL, "repros"),
    ("origin", "warm-same"): replace(COLD, evaluated=ALL),
}
OF_USERS: dict[str, Prepared] = {
    "bare": Prepared((), NONE),
    "bare-module": Prepared((), NONE),
    "cold": Prepared((), UNKNOWN),
    "relay": Prepared((), UNKNOWN),
    "warm": Prepared((), BY_RECIPES),
    "warm-function": Prepared((), BY_RECIPES),
    "warm-other": Prepared((f"{STEM}_other",), BY_RECIPES),
    "warm-same": Prepared((), UNKNOWN),
    "warm-built": Prepared((), UNKNOWN),
    "mp-main": Prepared((), UNKNOWN),
}


def test_what_each_receiver_of_the_catalogue_has_done() -> None:
    sensible = {(site, state) for site in SITES for state in RECEIVERS if not obstacle(BOX.id, site, state)}

    assert {key: programs.prepared(BOX, *key) for key in sensible} == PREPARED


@pytest.mark.parametrize("state", ["warm", "warm-function", "warm-other"])
def test_where_the_receiver_evaluates_otherwise_nobody_can_tell_what_exists(state: str) -> None:
    assert programs.prepared(OTHERWISE, "main", state).evaluated is UNKNOWN
    assert programs.prepared(OTHERWISE, "origin", state).evaluated is ALL
    assert programs.prepared(OTHERWISE, "main", "cold").evaluated is NONE


@pytest.mark.parametrize(("scenario", "states"), [(TARGET, OF_TARGETS), (SCRIPT, OF_SCRIPTS), (OBJECT, OF_OBJECTS)])
def test_what_each_receiver_of_a_users_value_has_done(scenario: Scenario, states: list[str]) -> None:
    for state in states:
        found = programs.prepared(scenario, "own", state)
        assert found.evaluated is OF_USERS[state].evaluated
        assert found.package == ""
        assert found.modules == ((f"{programs.stem(scenario)}_other",) if state == "warm-other" else ())


def facts_of(prepared: Prepared) -> dict[str, Any]:
    """Return what a receiver tells that has done what it should."""
    return {
        "imported_at_start": [],
        "existed_at_start": {"Box[int]": False},
        "imported_before": list(prepared.modules),
        "existed_before": {"Box[int]": prepared.evaluated in (ALL, BY_RECIPES)},
        "recipes": 1,
        "not_evaluated": [],
    }


def judged(prepared: Prepared, state: str, *, is_crossed: bool = False, **facts: Any) -> Verdict:
    """Return the verdict on a value that arrived, at a receiver that told ``facts`` beside the usual ones."""
    told = {**facts_of(prepared), **facts}
    seen = make_observation(make_receiver(**{name: fact for name, fact in told.items() if fact is not None}))
    return confirmed(diagnose(seen), seen, prepared, state, is_crossed=is_crossed)


def all_prepared() -> list[tuple[Prepared, str]]:
    """Return what receivers have done, each with its state."""
    found = [(prepared, state) for (_, state), prepared in PREPARED.items()]
    return list(dict.fromkeys([*found, *((prepared, state) for state, prepared in OF_USERS.items())]))


each = pytest.mark.parametrize(("prepared", "state"), all_prepared())


@each
def test_a_receiver_in_its_state_is_believed(prepared: Prepared, state: str) -> None:
    assert judged(prepared, state).outcome is Outcome.PASS


@each
def test_nothing_may_be_there_when_a_receiver_begins(prepared: Prepared, state: str) -> None:
    existed = judged(prepared, state, existed_at_start={"Box[int]": True})
    imported = judged(prepared, state, imported_at_start=["repros.shapes"])

    name = "cold" if state == "relay" else state
    assert existed == undecided(f"the receiver was not {name}: Box[int] existed before it began")
    assert imported == undecided(f"the receiver was not {name}: repros.shapes had been imported before it began")


@each
@pytest.mark.parametrize("existed", [True, False])
def test_what_exists_is_what_the_state_says(prepared: Prepared, state: str, *, existed: bool) -> None:
    verdict = judged(prepared, state, existed_before={"Box[int]": existed})

    wrong = {NONE: True, ALL: False, BY_RECIPES: False, UNKNOWN: None}[prepared.evaluated]
    assert (verdict.code == "PC906") is (existed is wrong)
    if existed is wrong:
        words = "existed before it loaded" if existed else "did not exist before it loaded"
        assert verdict.reason.endswith(f": Box[int] {words}")


@each
def test_only_its_own_modules_are_imported(prepared: Prepared, state: str) -> None:
    strange = judged(prepared, state, imported_before=[*prepared.modules, "shapes_box_strange"])
    of_catalogue = judged(prepared, state, imported_before=[*prepared.modules, "repros.controls"])

    assert strange.code == "PC906"
    assert strange.reason.endswith(": it had imported shapes_box_strange")
    assert (of_catalogue.code == "PC906") is (prepared.package == "")


@each
def test_each_of_its_own_modules_is_imported(prepared: Prepared, state: str) -> None:
    for name in prepared.modules:
        others = [one for one in prepared.modules if one != name]
        assert judged(prepared, state, imported_before=others).reason.endswith(f": it had not imported {name}")


@pytest.mark.parametrize("name", ["imported_at_start", "existed_at_start", "imported_before", "existed_before"])
def test_a_receiver_that_does_not_tell_is_not_believed(name: str) -> None:
    told: dict[str, Any] = {name: None}

    verdict = judged(COLD, "cold", **told)

    assert verdict == undecided("the receiver was not cold: it did not tell what there was before it loaded")


@pytest.mark.parametrize(
    "facts",
    [
        {"recipes": 0},  # its arguments stand in a function: they cannot be written down
        {"recipes": None},
        {"not_evaluated": [make_error("ModuleNotFoundError", "No module named 'shop'")]},
    ],
)
def test_what_cannot_be_evaluated_by_its_recipe_need_not_exist(facts: dict[str, Any]) -> None:
    verdict = judged(OF_USERS["warm"], "warm", existed_before={"Box[int]": False}, **facts)

    assert verdict.outcome is Outcome.PASS


def test_of_another_environment_a_class_may_have_another_name() -> None:
    warm = PREPARED["main", "warm"]

    assert judged(warm, "warm", existed_before={"Box[int]": False}, is_crossed=True).outcome is Outcome.PASS
    assert judged(COLD, "cold", existed_before={"Box[int]": True}, is_crossed=True).code == "PC906"


def test_a_model_without_arguments_need_not_exist() -> None:
    plain = {"name": "Plain", "module": "repros.shapes", "origin": ["repros.shapes", "Outer.Plain"], "registered": []}
    warm = PREPARED["main", "warm"]
    seen = make_observation(make_receiver(**{**facts_of(warm), "existed_before": {"Plain": False}}))
    seen = replace(seen, producer=make_child(specializations=[plain], payload={"buffers": 0}, buffers_expected=0))

    assert confirmed(diagnose(seen), seen, warm, "warm", is_crossed=False).outcome is Outcome.PASS


def test_both_processes_of_a_second_hop_begin_cold() -> None:
    well, ill = facts_of(COLD), {**facts_of(COLD), "existed_before": {"Box[int]": True}}

    def verdict(relay: dict[str, Any], receiver: dict[str, Any]) -> Verdict:
        seen = after_relay(make_child("done", **relay), make_receiver(**receiver))
        return confirmed(diagnose(seen), seen, COLD, "relay", is_crossed=False)

    assert verdict(well, well).outcome is Outcome.PASS
    assert verdict(ill, well) == undecided("the relay was not cold: Box[int] existed before it loaded")
    assert verdict(well, ill) == undecided("the receiver was not cold: Box[int] existed before it loaded")


FAILED = make_error("AttributeError", "no")


@pytest.mark.parametrize(
    ("child", "code"),
    [
        (make_child("load", error=FAILED), "PC906"),  # a load that failed counts no more than one that did not
        (make_child("load", exit_status=None, signal="SIGSEGV"), "PC906"),
        (make_child("load", timed_out=True), "PC906"),
        (make_child("load"), "PC901"),
        (make_child("expect", error=FAILED), "PC902"),
        (make_child("import", timed_out=True), "PC502"),  # it had no time to get into its state
        (make_child("run", exit_status=None, signal="SIGSEGV"), "PC501"),
        (make_child("evaluate", error=FAILED), "PC801"),
        (make_child("start", error=FAILED), "PC902"),
    ],
)
def test_only_what_comes_of_loading_is_doubted(child: Child, code: str) -> None:
    ill = {"existed_at_start": {"Box[int]": True}} if code == "PC906" else {}
    seen = make_observation(replace(child, facts={**facts_of(COLD), **child.facts, **ill}))

    assert confirmed(diagnose(seen), seen, COLD, "cold", is_crossed=False).code == code


def test_a_dump_that_failed_has_no_receiver() -> None:
    seen = Observation(make_child("dump", error=make_error("TypeError", "no")))

    assert confirmed(diagnose(seen), seen, COLD, "cold", is_crossed=False).outcome is Outcome.DUMP_ERROR


def undecided(reason: str) -> Verdict:
    """Return the verdict on a receiver that was not in its state."""
    return Verdict(Outcome.UNDECIDED, "PC906", reason)
