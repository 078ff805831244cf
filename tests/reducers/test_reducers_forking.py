"""A process that is forked while other threads have the fix in their hands."""

from programs_of_tests import ROOT, run_program


def test_no_child_inherits_a_lock_that_nobody_releases() -> None:
    assert run_program("forking.py", 200, PYTHONPATH=ROOT) == {"hung": None}
