"""The tasks: ``nox -s check``, ``quick``, ``full`` and ``docs``, with the tools of the environment that runs nox."""

from __future__ import annotations

import sys
from pathlib import Path

import nox

BIN = Path(sys.executable).parent
# No environment of their own: the dev extra has the tools, once and in one version.
nox.options.default_venv_backend = "none"
nox.options.sessions = ["check", "quick"]

CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))
TESTS = ("pytest", "-n", "2", "--dist", "worksteal")
QUICK = ("-m", "not thorough and not network")
PAGES = ("docs/draw_architecture.py", "docs/write_index.py")


@nox.session
def check(session: nox.Session) -> None:
    """Lint, look at the format, check types and layers."""
    for tool, *arguments in CHECKS:
        run(session, tool, *arguments)


@nox.session
def quick(session: nox.Session) -> None:
    """Run the quick tests, which need no network; takes what pytest takes after ``--``."""
    run(session, *TESTS, *QUICK, *session.posargs)


@nox.session
def full(session: nox.Session) -> None:
    """Run all tests, the thorough ones and those that build environments included."""
    run(session, *TESTS, *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Write the pages and pictures that are made of the sources, and test the pages without a network."""
    for script in PAGES:
        run(session, "python", script)
    run(session, "pytest", *QUICK, "tests/test_docs.py", "tests/test_readme.py", "tests/test_ci_files.py")


def run(session: nox.Session, tool: str, *arguments: str) -> None:
    """Run a tool of the environment, whether it is activated or not."""
    session.run(str(BIN / tool), *arguments)
