"""What docs/fix.md shows is what comes out."""

import io
import pickle
import pickletools
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from picklecheck.reducers import installed

PAGE = Path(__file__).parent.parent.parent / "docs" / "fix.md"
MODELS = """
from typing import Generic, TypeVar
from pydantic import BaseModel

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    value: T
"""


def test_listing_of_a_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    models: Any = types.ModuleType("models")
    monkeypatch.setitem(sys.modules, "models", models)
    exec(MODELS, vars(models))
    with installed():
        payload = pickletools.optimize(pickle.dumps(models.Box[int](value=5), 4))
    listing = io.StringIO()
    pickletools.dis(payload, listing)

    shown = PAGE.read_text().partition("<!-- listing: begin -->\n")[2].partition("<!-- listing: end -->")[0]

    assert shown == f"\n```text\n{listing.getvalue()}```\n\n"
