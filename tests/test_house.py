"""The house rules as tests: one command runs everything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

CHECKS = {
    "ruff check": ["-m", "ruff", "check", "--no-cache", "."],
    "ruff format": ["-m", "ruff", "format", "--no-cache", "--check", "."],
    "mypy": ["-m", "mypy"],
    "layers": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"],
}


@pytest.mark.parametrize("name", CHECKS)
def test_check(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, *CHECKS[name]], cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_probe_parses_on_the_oldest_python() -> None:
    import ast  # noqa: PLC0415 - this test's alone

    for folder in ("picklecheck/probe", "picklecheck/reducers", "repros"):
        for path in (REPOSITORY / folder).glob("*.py"):
            if path.name != "pep695.py":
                ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_probe_imports_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"picklecheck_probe"}
    late = {"pydantic", "picklecheck"}  # inside functions: what is under test, and the fix that a producer asks for
    for path in (REPOSITORY / "picklecheck" / "probe").glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            match = re.match(r"(\s*)(?:from|import) (\w+)", line)
            if match:
                assert match[2] in allowed or (match[1] and match[2] in late), f"{path.name}: {line}"
