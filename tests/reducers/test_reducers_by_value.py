"""cloudpickle's world by value: origins in the main script, in a function, in a module registered for it."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Dict

import pytest
from programs_of_tests import ROOT, run_program

# Their own state leads back to the specialization: it goes by value as it would without us, and is usable.
LEADING_BACK = {"class variable", "global", "argument"}
CASES = {"main", "nested", "local", "registered", "holder", *LEADING_BACK}


@lru_cache
def outcome(level: str) -> Dict[str, Dict[str, Any]]:
    """Return what the receiver says of two streams of one sender and one of another."""
    with ThreadPoolExecutor(2) as pool:
        senders = list(pool.map(lambda _: run_program("by_value_send.py", level, PYTHONPATH=ROOT), range(2)))
    document: Dict[str, Dict[str, Any]] = run_program("by_value_receive.py", text=json.dumps(senders), PYTHONPATH=ROOT)
    assert set(document) == CASES
    return document


@pytest.mark.parametrize("level", ["class", pytest.param("instance", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("case", sorted(CASES - LEADING_BACK))
def test_the_class_is_what_the_origin_yields(case: str, level: str) -> None:
    """And two streams share the class exactly when cloudpickle shares the origin."""
    facts = outcome(level)[case]
    if level == "class":
        assert facts["instance is of the class"]
        assert facts["class is origin[arguments]"]
    assert facts["usable"]
    shared, class_shared = facts["origin shared, class shared"]
    assert shared == class_shared is True
    assert facts["of another sender"] == [False, False]


@pytest.mark.parametrize("level", ["class", pytest.param("none", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("case", sorted(LEADING_BACK))
def test_a_class_that_leads_back_to_itself_is_usable(case: str, level: str) -> None:
    """With the fix it is what it is without it: ``origin[arguments]`` of a half-built origin would have no fields."""
    facts = outcome(level)[case]
    assert facts["instance is of the class"]
    assert facts["usable"]
    assert facts["origin shared, class shared"] == [True, True]
    assert not facts["class is origin[arguments]"]


@pytest.mark.thorough
def test_control_without_the_fix_the_class_is_a_copy() -> None:
    """Otherwise this proves nothing."""
    facts = outcome("none")
    assert not any(facts[case]["class is origin[arguments]"] for case in CASES - {"holder"})
