"""Small programs of what users write: classes that arrive by their names, and copies that arrive at module scope."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from programs_of_tests import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHOP = """
import enum
from typing import Any, Generic, NewType, TypeVar
from pydantic import AfterValidator, BaseModel, SerializeAsAny, create_model
from typing_extensions import Annotated
T = TypeVar("T")
class Item(BaseModel):
    name: str = "a"
class Page(BaseModel, Generic[T]):
    first: Any = None
Upper = Annotated[str, AfterValidator(lambda s: s.upper())]
Color = enum.Enum("Colour", "RED")
Flat = create_model("Other", n=(int, 1))
AnyPage = Page[SerializeAsAny[Item]]
UpperPage = Page[Upper]
InlinePage = Page[Annotated[int, AfterValidator(lambda n: n + 1)]]
ColorPage = Page[Color]
FlatPage = Page[Flat]
"""
PAGES = ("AnyPage", "UpperPage", "InlinePage", "ColorPage", "FlatPage")
SEND = """
import cloudpickle, pickle
from picklecheck.reducers import install
install({level!r})
import shop
for serializer in pickle, cloudpickle:
    for page in {pages}:
        with open(f"{{page}}.{{serializer.__name__}}", "wb") as file:
            file.write(serializer.dumps(getattr(shop, page)(first=None)))
"""
RECEIVE = """
import glob, pickle, sys
loaded = {}
for path in sorted(glob.glob("*Page.*")):
    with open(path, "rb") as file:
        loaded[path] = pickle.load(file)
import shop
wrong = [path for path, value in loaded.items() if not isinstance(value, getattr(shop, path.partition(".")[0]))]
print(len(loaded), wrong, "picklecheck" in sys.modules)
"""

BOX = """
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    value: T
"""
COPY = """
import cloudpickle
from picklecheck.reducers import install
import box
cloudpickle.register_pickle_by_value(box)
install({level!r})
def make():
    return box.Box[int](value=5)
with open("payload", "wb") as file:
    file.write(cloudpickle.dumps(make()))
"""


def run(text: str, folder: Path, python: Path | str = sys.executable, path: str = "") -> str:
    """Run a program in a folder; return what it prints."""
    done = subprocess.run(
        [python, "-c", text],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("level", ["class", "instance"])
def test_registered_classes_arrive_as_without_the_fix(level: str, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    run(SEND.format(level=level, pages=PAGES), tmp_path, path=ROOT)
    assert run(RECEIVE, tmp_path) == f"{2 * len(PAGES)} [] False\n"


def arrives_at_module_scope(level: str, folder: Path, python: Path | str = sys.executable) -> bool:
    """Send a copy of a class to a program that does not have its module, and loads at its module scope."""
    sender, receiver = folder / "sender", folder / "receiver"
    sender.mkdir()
    receiver.mkdir()
    (sender / "box.py").write_text(BOX, encoding="utf-8")
    run(COPY.format(level=level), sender, python, path=ROOT)
    text = f"import pickle; print(pickle.load(open({str(sender / 'payload')!r}, 'rb')).value)"
    return run(text, receiver, python) == "5\n"


@pytest.mark.parametrize("level", ["class", "instance"])
def test_copy_arrives_at_module_scope(level: str, tmp_path: Path) -> None:
    assert arrives_at_module_scope(level, tmp_path)


@pytest.mark.network
@pytest.mark.parametrize("level", ["class", "instance"])
@pytest.mark.parametrize("pydantic", ["2.5.3", "2.13.5"])
def test_copy_arrives_at_module_scope_on_older_releases(
    pydantic: str, level: str, environment: Callable[..., Path], tmp_path: Path
) -> None:
    """Pydantic up to 2.13 looks for the module of a class there: KeyError."""
    assert arrives_at_module_scope(level, tmp_path, environment(pydantic))
