"""What a test that failed says of one object, whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from baseline_builders import HERE, make_result_in
from document_builders import LOST

from picklecheck.model import Environment, Outcome, Verdict
from picklecheck.reports.terminal import assertion
from picklecheck.verdicts.causes import Cause

RESULT = make_result_in(HERE, LOST, "myapp:order/pickle:4/own/bare/class")
PAGE = Cause("PC201", "the class is not there", "This.", "That.", "`Do` it.", "")


@pytest.fixture(autouse=True)
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each cause have a short page."""
    monkeypatch.setattr(assertion, "cause", lambda code: replace(PAGE, code=code))


def test_a_failure_tells_cause_why_and_cure() -> None:
    assert assertion.render(RESULT, HERE).splitlines() == [
        "myapp:order: PC201 load-error: the class is not there",
        "  saw  a reason",
        "  with pickle:4, receiver bare, fix class, pydantic 2.14.3, python 3.11.7",
        "  what This.",
        "  why  That.",
        "  do   `Do` it.",
        "  more picklecheck explain PC201",
    ]


def test_without_a_cause_there_is_no_page() -> None:
    result = replace(RESULT, verdict=Verdict(Outcome.UNDECIDED, None, "No report came."))

    assert assertion.render(result, HERE).splitlines() == [
        "myapp:order: undecided",
        "  saw  No report came.",
        "  with pickle:4, receiver bare, fix class, pydantic 2.14.3, python 3.11.7",
    ]


@pytest.mark.parametrize(
    ("environment", "words"),
    [(replace(HERE, pydantic="2.15.0b1", python="3.14.0"), "pydantic 2.15.0b1, python 3.14.0")],
)
def test_the_versions_are_those_of_the_environment(environment: Environment, words: str) -> None:
    assert words in assertion.render(RESULT, environment)


def test_every_code_has_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    text = assertion.render(RESULT, HERE)

    assert text.startswith("myapp:order: PC201 load-error: the receiver never created the class there\n")
    assert all(line.split(maxsplit=1)[1] for line in text.splitlines())
