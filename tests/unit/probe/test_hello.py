"""What a server says of an environment in which something cannot be imported."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_SERVER = importlib.import_module("picklecheck.probe.server")


@pytest.fixture
def hello(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Ask for what is said where importing a module raises an error."""
    real = importlib.import_module

    def ask(broken: str, error: Exception) -> dict[str, Any]:
        def import_module(name: str, package: str | None = None) -> object:
            if name == broken:
                raise error
            return real(name, package)

        with monkeypatch.context() as patch:
            patch.setattr(importlib, "import_module", import_module)
            said: dict[str, Any] = _SERVER._hello("spawn")
        return said

    return ask


def test_a_serializer_that_cannot_be_imported_is_not_there(hello: Callable[..., dict[str, Any]]) -> None:
    said = hello("cloudpickle", RuntimeError("broken"))

    assert said["cloudpickle"] is None
    assert "cloudpickle" not in said["serializers"]
    assert "pickle" in said["serializers"]
    assert "error" not in said  # which is about pydantic


def test_why_pydantic_cannot_be_imported(hello: Callable[..., dict[str, Any]]) -> None:
    missing = "pydantic_core._pydantic_core"
    said = hello("pydantic", ModuleNotFoundError(f"No module named '{missing}'", name=missing))

    assert said["pydantic"] is None
    assert missing in said["error"]["message"]
    assert "error" not in hello("pydantic", ModuleNotFoundError("No module named 'pydantic'", name="pydantic"))
