"""Is what arrived of the class that was sent? Held against what plain scripts see."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.testing import ColdRoundtrip, NotPortableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from conftest import Ended, Place

SHOP = """
import collections, enum
from typing import Annotated, Any, Generic, NewType, TypeVar
from pydantic import AfterValidator, BaseModel, InstanceOf, SerializeAsAny, SkipValidation, create_model
T = TypeVar("T")
class Item(BaseModel):
    n: int = 1
class Page(BaseModel, Generic[T]):
    value: T
AnyPage = Page[SerializeAsAny[Item]]
UpperPage = Page[Annotated[str, AfterValidator(lambda text: text.upper())]]
ListPage = Page[list[SkipValidation[Item]]]
ItemPage = Page[InstanceOf[Item]]
class Holder(BaseModel):
    page: Page[SkipValidation[str]]
class Kept:
    Lower = Page[Annotated[str, AfterValidator(lambda text: text.lower())]]
Number = NewType("TheNumber", int)
NumberPage = Page[Number]
OpenPage = Page[Any]
Color = enum.Enum("Colour", "RED GREEN")
Row = collections.namedtuple("TheRow", "a b")
Model = create_model("TheModel", n=(int, ...))
def in_function(): return Page[SerializeAsAny[Item]](value=Item())
def any_page(): return AnyPage(value=Item())
def upper_page(): return UpperPage(value="a")
def list_page(): return ListPage(value=[Item()])
def in_a_field(): return Holder.model_fields["page"].annotation(value="a")
def in_a_class(): return Kept.Lower(value="a")
def item_page(): return ItemPage(value=Item())
def number_page(): return NumberPage(value=1)
def color(): return OpenPage(value=Color.RED)
def row(): return OpenPage(value=Row(1, 2))
def model(): return OpenPage(value=Model(n=1))
def argument(): return Page[Model](value=Model(n=1))
def flat(): return create_model("Flat", __module__=__name__, x=(int, ...))(x=1)
"""
# The receiver's own class of each, as a script would ask for it.
OWN = {
    "any_page": "isinstance(loaded, shop.AnyPage)",
    "upper_page": "isinstance(loaded, shop.UpperPage)",
    "list_page": "isinstance(loaded, shop.ListPage)",
    "in_a_field": "isinstance(loaded, shop.Holder.model_fields['page'].annotation)",
    "in_a_class": "isinstance(loaded, shop.Kept.Lower)",
    "item_page": "isinstance(loaded, shop.ItemPage)",
    "number_page": "isinstance(loaded, shop.NumberPage)",
    "color": "loaded.value is shop.Color.RED",
    "row": "isinstance(loaded.value, shop.Row)",
    "model": "isinstance(loaded.value, shop.Model)",
    "argument": "isinstance(loaded.value, shop.Model)",
}
# Loads each payload in one plain process.
SCRIPT = """
import json, pickle, shop, sys
answers = {}
for name, (payload, question) in json.load(sys.stdin).items():
    loaded = pickle.loads(bytes.fromhex(payload))
    answers[name] = eval(question)
print(json.dumps(answers))
"""
SEND = """
import cloudpickle, contextlib, json, shop, sys
from picklecheck.reducers import installed
answers = {}
for fix in ("none", "class"):
    with installed() if fix == "class" else contextlib.nullcontext():
        for name in sys.argv[1:]:
            try:
                answers[name + "/" + fix] = cloudpickle.dumps(getattr(shop, name)()).hex()
            except Exception:
                pass
print(json.dumps(answers))
"""


@pytest.fixture
def project(place: Place) -> Path:
    """The user's module, in the working folder."""
    (place.work / "shop.py").write_text(SHOP)
    return place.work


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The same module, in this process."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "own_classes_shop.py").write_text(SHOP)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("own_classes_shop")
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def roundtrip() -> Iterator[ColdRoundtrip]:
    """What the fixture of the pytest plugin is."""
    with ColdRoundtrip() as one:
        yield one


def plain_answers(project: Path, place: Place) -> dict[str, bool]:
    """Send all with cloudpickle between two plain scripts, and ask the second one."""
    (project / "send.py").write_text(SEND)
    sent = place.run_python("send.py", *OWN)
    assert sent.stderr == ""
    questions = {name: (payload, OWN[name.partition("/")[0]]) for name, payload in json.loads(sent.stdout).items()}
    (project / "questions.json").write_text(json.dumps(questions))
    program = SCRIPT.replace("sys.stdin", "open('questions.json')")
    answered = place.run_python("-c", program)
    assert answered.stderr == ""
    answers: dict[str, bool] = json.loads(answered.stdout)
    return answers


@pytest.mark.thorough
def test_a_pass_means_what_a_plain_script_sees(project: Path, place: Place, picklecheck: Callable[..., Ended]) -> None:
    axes = ["--serializer", "cloudpickle", "--receiver", "bare", "--receiver", "warm-same"]
    targets = [f"shop:{name}" for name in OWN]
    ended = picklecheck("run", *targets, *axes, "--fix", "none", "--fix", "class", "--format", "json")
    cells = json.loads(ended.stdout)["cells"]
    right = plain_answers(project, place)

    found = {cell["id"]: (cell["outcome"] == "pass", right.get(name_of(cell), False)) for cell in cells}
    assert len(found) == len(OWN) * 4
    assert {name: pair for name, pair in found.items() if pair[0] is not pair[1]} == {}


def name_of(cell: dict[str, Any]) -> str:
    """Return which payload of the plain scripts a cell is about."""
    return f"{cell['scenario'].partition(':')[2]}/{cell['fix']}"


@pytest.mark.parametrize("name", ["color", "row", "model", "argument", "flat"])
def test_a_class_under_another_name_than_its_own_arrives_as_a_copy(
    name: str, shop: ModuleType, roundtrip: ColdRoundtrip
) -> None:
    with pytest.raises(NotPortableError) as caught:
        roundtrip(getattr(shop, name)(), serializer="cloudpickle")

    assert "PC304 wrong-type" in str(caught.value)
    assert "(a copy of the class)" in str(caught.value)
    assert "does not stand under its own name in its module" in " ".join(str(caught.value).split())


def test_a_reloaded_module_has_another_class(tmp_path: Path, roundtrip: ColdRoundtrip) -> None:
    (tmp_path / "reloaded_shop.py").write_text("class Plain:\n    n = 1\n")
    sys.path.insert(0, str(tmp_path))
    try:
        module = importlib.import_module("reloaded_shop")
        before = module.Plain()
        importlib.reload(module)
        with pytest.raises(NotPortableError) as caught:
            roundtrip(before, serializer="cloudpickle")
    finally:
        sys.path.remove(str(tmp_path))

    assert "PC304 wrong-type" in str(caught.value)


def test_what_was_compared_is_said(shop: ModuleType, roundtrip: ColdRoundtrip) -> None:
    with pytest.raises(NotPortableError) as caught:
        roundtrip(shop.model(), serializer="cloudpickle")
    assert "; compared with own_classes_shop.Model" in str(caught.value)

    result = roundtrip(shop.any_page())
    assert result.observation is not None
    assert result.observation.receiver is not None
    compared = result.observation.receiver.facts["compared_with"]
    assert [text for text in compared.values() if text.startswith("own_classes_shop.")]


def test_without_a_name_what_is_new_at_each_evaluation_is_no_class_of_the_receiver(
    shop: ModuleType, roundtrip: ColdRoundtrip
) -> None:
    with pytest.raises(NotPortableError) as caught:
        roundtrip(shop.in_function(), fix="class")

    assert "PC303 wrong-type" in str(caught.value)


@pytest.mark.network
@pytest.mark.thorough
@pytest.mark.parametrize("version", ["2.11.3", "2.12.5", "2.13.5"])  # 2.0.3 does not build the models beside it
def test_a_copy_without_its_fields_does_not_pass(
    version: str, project: Path, environment: Callable[..., Path], picklecheck: Callable[..., Ended]
) -> None:
    assert project
    python = str(environment(version))
    ended = picklecheck("run", "shop:flat/cloudpickle/own/bare/none", "--python", python, "--format", "json")
    (cell,) = json.loads(ended.stdout)["cells"]

    assert (cell["outcome"], cell["code"]) == ("wrong-type", "PC304")
