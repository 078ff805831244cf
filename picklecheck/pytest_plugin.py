"""The pytest plugin: a fixture, and ``pytest --picklecheck``. Imported by every pytest run, so it imports nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picklecheck.testing import ColdRoundtrip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("picklecheck", "picklecheck: do objects survive the way to another process?")
    group.addoption(
        "--picklecheck",
        action="store_true",
        help="Check the scenarios of the picklecheck configuration, each cell a test.",
    )
    group.addoption(
        "--picklecheck-isolation",
        choices=["auto", "fork", "spawn"],
        default="auto",
        help="How fresh processes are started (default: auto).",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Look for mistakes in the configuration before pytest-xdist starts its workers, which cannot tell of them."""
    config = session.config
    if (
        config.getoption("--picklecheck")
        and config.getoption("dist", "no") != "no"
        and not hasattr(config, "workerinput")
    ):
        from picklecheck.testing.pytest_items import check_configuration  # noqa: PLC0415 - for those who use it

        check_configuration(config)


@pytest.fixture(scope="session")
def cold_roundtrip(pytestconfig: pytest.Config) -> Iterator[ColdRoundtrip]:
    """Call it with an object: dumps it here, loads it in a fresh process, fails with the cause; see ColdRoundtrip."""
    from picklecheck.testing import ColdRoundtrip  # noqa: PLC0415 - for those who use it

    with ColdRoundtrip(pytestconfig.getoption("--picklecheck-isolation")) as roundtrip:
        yield roundtrip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the configured scenarios, before -k and -m choose."""
    if config.getoption("--picklecheck"):
        from picklecheck.testing.pytest_items import make_items  # noqa: PLC0415 - see above

        items.extend(make_items(session, config))
