"""The error family: what it ends with."""

from __future__ import annotations

import pytest

from picklecheck.errors import (
    EnvironmentUnusableError,
    InterruptedEarlyError,
    PicklecheckError,
    ServerLostError,
    UsageError,
)
from picklecheck.gate.exit_status import ExitStatus


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("what", "do"), ExitStatus.USAGE),
        (EnvironmentUnusableError("what", "do"), ExitStatus.COULD_NOT_JUDGE),
        (InterruptedEarlyError(), ExitStatus.INTERRUPTED),
    ],
)
def test_each_error_has_the_exit_status_of_its_meaning(error: PicklecheckError, status: ExitStatus) -> None:
    assert error.exit_status == status


def test_an_error_says_what_happened_and_what_to_do() -> None:
    error = UsageError("There is no interpreter.", "Give one.")

    assert (str(error), error.message, error.hint) == ("There is no interpreter.",) * 2 + ("Give one.",)
    assert UsageError("What.").hint == ""


def test_a_lost_server_is_not_an_error_that_is_shown_to_users() -> None:
    assert ServerLostError("it fell silent").reason == "it fell silent"
    assert not issubclass(ServerLostError, PicklecheckError)
