"""uv that is missing is one sentence."""

from __future__ import annotations

import sys
import threading
from types import ModuleType

import pytest

from picklecheck.environments.uv_tool import find_uv, run_uv
from picklecheck.errors import EnvironmentUnusableError


def broken() -> str:
    """Look for uv as its package does where the program is gone."""
    raise FileNotFoundError


@pytest.mark.parametrize("is_installed", [True, False])
def test_without_uv(monkeypatch: pytest.MonkeyPatch, *, is_installed: bool) -> None:
    package = ModuleType("uv")
    package.find_uv_bin = broken  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "uv", package if is_installed else None)

    with pytest.raises(EnvironmentUnusableError) as caught:
        find_uv()

    assert caught.value.message == "uv, which builds the environments, is not installed beside picklecheck."
    assert "pip install uv" in caught.value.hint


def test_uv_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    program = tmp_path_factory.mktemp("bin") / "uv"
    program.write_text("no program")
    package = ModuleType("uv")
    package.find_uv_bin = lambda: str(program)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "uv", package)

    with pytest.raises(EnvironmentUnusableError) as caught:
        run_uv(["--version"], threading.Event(), settings={}, timeout=10)

    assert "cannot be started" in caught.value.message
