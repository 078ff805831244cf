"""Each cure that a page tells, done literally, in fresh processes; and what a report says of cures that it tried."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cure_programs import AFTER, BEFORE, MODELS

from picklecheck.model import Outcome, Trial
from picklecheck.plan.cells import parse_cell
from picklecheck.reports.cure_words import what_to_do
from picklecheck.verdicts.causes import cause
from picklecheck.verdicts.cures import trials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Ended, Place
    from cure_programs import Program

FIX = "Call `from picklecheck.reducers import install; install()`"
FIXES = ("none", "class")


def run_json(picklecheck: Callable[..., Ended], *arguments: str, timeout: float = 100) -> dict[str, Any]:
    """Return the report of a run."""
    ended = picklecheck("run", *arguments, "--format", "json", timeout=timeout)
    assert ended.stdout, ended.stderr
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def not_as_told(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the cells of programs that do not fail as their page tells, or do not arrive after it."""
    cells = {cell["id"]: cell for cell in document["cells"]}

    def of(program: Program, fix: str) -> Iterator[dict[str, Any]]:
        for serializer in program.serializers:
            for receiver in ("cold", "bare"):
                cell = cells.get(f"{program.target}/{serializer}/own/{receiver}/{fix}")
                if cell is not None:
                    yield cell

    wrong = [cell for program, _ in BEFORE for cell in of(program, "none") if cell["code"] != program.code]
    for program, is_cured in BEFORE:
        wrong += [cell for cell in of(program, "class") if (cell["outcome"] == "pass") != is_cured]
    for program in AFTER:
        wrong += [cell for fix in FIXES for cell in of(program, fix) if cell["outcome"] != "pass"]
    for cell in wrong:
        yield cell["id"], cell["code"], cell["reason"]


def run_programs(place: Place, picklecheck: Callable[..., Ended], *arguments: str) -> dict[str, Any]:
    """Write all programs and run them; in another environment there is no picklecheck for them to import."""
    programs = [*(one for one, _ in BEFORE), *AFTER]
    if "--python" in arguments:
        programs = [one for one in programs if "picklecheck" not in one.shop]
    for one in programs:
        one.write(place.work)
    axes = [word for receiver in ("cold", "bare") for word in ("--receiver", receiver)]
    axes += [word for fix in FIXES for word in ("--fix", fix)]
    return run_json(picklecheck, *(one.target for one in programs), *axes, *arguments)


@pytest.mark.thorough
def test_what_a_page_tells_to_do_helps(place: Place, picklecheck: Callable[..., Ended]) -> None:
    assert list(not_as_told(run_programs(place, picklecheck))) == []


@pytest.mark.network
@pytest.mark.parametrize("pydantic", ["2.0.3", "2.5.3", "2.10.6", "2.13.5", "2.14.1", "2.14.4"])
def test_what_a_page_tells_to_do_helps_on(
    pydantic: str, place: Place, picklecheck: Callable[..., Ended], environment: Callable[..., Path]
) -> None:
    document = run_programs(place, picklecheck, "--python", str(environment(pydantic)))

    found = list(not_as_told(document))
    # cloudpickle cannot copy a model there, so it fails where it would send a copy.
    if pydantic == "2.0.3":
        found = [one for one in found if "SchemaSerializer" not in one[2]]
    assert found == []


@pytest.mark.thorough
def test_over_the_whole_catalogue_the_fix_is_told_where_it_helps(picklecheck: Callable[..., Ended]) -> None:
    axes = [word for site in ("main", "function", "elsewhere") for word in ("--site", site)]
    axes += [word for receiver in ("cold", "warm-function") for word in ("--receiver", receiver)]
    axes += [word for fix in FIXES for word in ("--fix", fix)]
    document = run_json(picklecheck, "*", *axes, timeout=600)

    outcomes = {parse_cell(cell["id"]): Outcome(cell["outcome"]) for cell in document["cells"]}
    told: dict[tuple[str, bool], set[str]] = {}
    for cell in document["cells"]:
        asked, outcome = parse_cell(cell["id"]), Outcome(cell["outcome"])
        if not outcome.is_failure:
            continue
        is_told = "install()" in remedy_of(cell, document)
        told.setdefault((cell["code"], outcomes[replace(asked, fix="class")] is Outcome.PASS), set()).add(str(is_told))
    # For each code: whether the fix helped its cells, and whether the report names it.
    assert set(told) >= {("PC101", True), ("PC202", True), ("PC301", True)}
    assert {key: words for key, words in told.items() if words != {str(key[1])}} == {}


def remedy_of(cell: dict[str, Any], document: dict[str, Any]) -> str:
    """Return what a report says of a cell's cause."""
    return what_to_do(cause(cell["code"]), {cell["fix"]}, [Trial(**one) for one in document["cures"]])


@pytest.fixture
def models(place: Place) -> None:
    """Write a module of models, and one that sends them."""
    for name, text in MODELS.items():
        (place.work / f"{name}.py").write_text(text, encoding="utf-8")


# What is sent, with what: the code, whether the fix helps, and words of the reason.
CAUSES = {
    "in_function/pickle": ("PC101", True, "Can't pickle <class 'models.Box[int]'>: "),
    "in_function/cloudpickle": ("PC301", True, "(a copy of the class)"),
    "dotted/pickle": ("PC101", True, "pickle takes the dots in Dotted.of.int for attributes"),
    "dotted/cloudpickle": ("PC301", True, ""),
    "clash/pickle": ("PC103", True, "not the same object as models.Item"),
    "sequence/cloudpickle": ("PC204", True, "KeyError: 'type' (a class was sent along, and could not be built again)"),
    "local/pickle": ("PC105", False, "jobs.local.<locals>.Row is defined in a function"),
    "local/cloudpickle": ("PC305", False, "jobs.local.<locals>.Row is defined in a function"),
    "local_argument/pickle": ("PC105", False, "jobs.local_argument.<locals>.Row is defined in a function"),
    "local_argument/cloudpickle": ("PC305", False, "jobs.local_argument.<locals>.Row is defined in a function"),
    "local_generic/pickle": ("PC105", False, "jobs.local_generic.<locals>.Row is defined in a function"),
    "local_generic/cloudpickle": ("PC305", False, "jobs.local_generic.<locals>.Row is defined in a function"),
    "renamed/pickle": ("PC105", False, "models.TheRow does not stand under its own name in its module"),
    "lock/pickle": ("PC104", False, "cannot pickle '_thread.lock' object"),
    "lock/cloudpickle": ("PC104", False, "cannot pickle '_thread.lock' object"),
    "strange/pickle": ("PC204", False, "in raise_on_purpose)"),
}


@pytest.mark.usefixtures("models")
def test_the_fix_is_told_where_it_helps_and_nowhere_else(picklecheck: Callable[..., Ended]) -> None:
    targets = dict.fromkeys(f"jobs:{name.partition('/')[0]}" for name in CAUSES)
    axes = [word for fix in FIXES for word in ("--fix", fix)]
    document = run_json(picklecheck, *targets, "--receiver", "cold", *axes)

    cells = {cell["id"]: cell for cell in document["cells"]}
    for name, (code, is_cured, words) in CAUSES.items():
        cell, fixed = (cells[f"jobs:{name}/own/cold/{fix}"] for fix in FIXES)
        assert cell["code"] == code, name
        assert words in cell["reason"], name
        assert (fixed["outcome"] == "pass") == is_cured, name
        judged = [(parse_cell(one["id"]), Outcome(one["outcome"]), one["code"]) for one in (cell, fixed)]
        outcomes = {asked: outcome for asked, outcome, _ in judged}
        told = what_to_do(cause(code), {"none"}, trials(judged[:1], outcomes.get, "here"))
        assert (f"{FIX} in every process that dumps (tried once: it arrived)." in told) == is_cured, name
        assert ("install()" in told) == is_cured, name


# Names that `model_parametrized_name` made, evaluated at module scope of a module that is not the origin's: the codes
# with pickle, and cloudpickle, of a name without brackets, one with dots, and one that another class has.
SCOPED = {
    "2.0.3": (("PC201", "PC201"), ("PC101", "PC104"), ("PC103", "PC104")),
    "2.13.5": (("PC201", "PC201"), ("PC101", "PC301"), ("PC103", "PC301")),
    "2.14.1": (("PC102", "PC301"), ("PC102", "PC301"), ("PC103", "PC301")),
    "2.14.4": ((None, None), ("PC101", "PC301"), ("PC103", "PC301")),
}


@pytest.mark.network
@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("pydantic", SCOPED)
def test_a_name_of_the_models_own_is_told_as_any_other(
    pydantic: str, picklecheck: Callable[..., Ended], environment: Callable[..., Path]
) -> None:
    targets = ("scoped:named", "scoped:dotted", "scoped:clash")
    axes = ("--receiver", "cold", "--fix", "none", "--fix", "class", "--python", str(environment(pydantic)))
    document = run_json(picklecheck, *targets, *axes)

    cells = {cell["id"]: cell for cell in document["cells"]}
    serializers = ("pickle", "cloudpickle")
    found = tuple(tuple(cells[f"{one}/{with_}/own/cold/none"]["code"] for with_ in serializers) for one in targets)
    assert found == SCOPED[pydantic]
    assert {cell["outcome"] for cell in document["cells"] if cell["fix"] == "class"} == {"pass"}


@pytest.mark.thorough
@pytest.mark.usefixtures("models")
def test_what_was_tried_is_no_cell_of_the_report(place: Place, picklecheck: Callable[..., Ended]) -> None:
    document = run_json(picklecheck, "jobs:in_function", "jobs:local", "--serializer", "pickle", "--receiver", "cold")

    assert [cell["fix"] for cell in document["cells"]] == ["none", "none"]
    assert document["summary"] == {"none": {"dump-error": 2}}
    assert document["cells_planned"] == 2
    assert [(one["code"], one["cure"], one["tried"], one["arrived"], one["example"]) for one in document["cures"]] == [
        ("PC101", "class", 1, 1, "jobs:in_function/pickle/own/cold/none"),
        ("PC105", "class", 1, 0, "jobs:local/pickle/own/cold/none"),
    ]


@pytest.mark.thorough
@pytest.mark.usefixtures("models")
def test_the_quiet_answer_names_no_cure_and_tries_none(place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "counted.py").write_text(COUNTED, encoding="utf-8")
    axes = ("--serializer", "pickle", "--receiver", "cold")

    picklecheck("run", "counted:order", *axes, "-q")
    assert (place.work / "calls").read_text("utf-8") == "."

    picklecheck("run", "counted:order", *axes, "-q", "--output", "markdown=report.md")
    assert (place.work / "calls").read_text("utf-8") == "..."


COUNTED = """
from models import Box

def order():
    with open("calls", "a") as file:
        file.write(".")
    return Box[int](value=5)
"""


@pytest.mark.thorough
@pytest.mark.usefixtures("models")
def test_each_format_says_the_same_of_a_cure(place: Place, picklecheck: Callable[..., Ended]) -> None:
    forms = ("junit", "markdown", "github")
    outputs = [word for form in forms for word in ("--output", f"{form}={form}")]

    picklecheck("run", "jobs:in_function", "--serializer", "pickle", "--receiver", "cold", *outputs)

    for form in forms:
        assert f"{FIX} in every process that dumps (tried once: it arrived)." in (place.work / form).read_text("utf-8")


@pytest.mark.thorough
@pytest.mark.usefixtures("models")
def test_a_cell_that_failed_under_the_fix_is_not_told_to_install_it(picklecheck: Callable[..., Ended]) -> None:
    told = picklecheck("run", "jobs:local_argument", "--fix", "class", "--receiver", "cold").stdout

    assert "PC105" in told
    assert "PC305" in told
    assert "install()" not in told


MAIN = """
import json
from pydantic import BaseModel
from models import Box, Dotted, Named, Item
from picklecheck.testing import NotPortableError, assert_portable

class Row(BaseModel):
    x: int = 1

Boxes, Nameds, Rows = Box[int], Named[int], Box[Row]
VALUES = {"box": Boxes(value=5), "named": Nameds(value=5), "row": Row(), "rows": Rows(value=Row()), "moved": Item()}
found = {}
for name, value in VALUES.items():
    for fix in ("none", "class"):
        for serializer in ("pickle", "cloudpickle"):
            try:
                assert_portable(value, fix=fix, serializer=serializer, receiver="cold")
            except NotPortableError as error:
                found["/".join((name, serializer, fix))] = error.result.verdict.code, str(error)
            else:
                found["/".join((name, serializer, fix))] = None, ""
print(json.dumps(found))
"""


@pytest.mark.thorough
@pytest.mark.usefixtures("models")
def test_what_stands_in_the_script_is_told_apart_from_what_is_evaluated_there(place: Place) -> None:
    (place.work / "script.py").write_text(MAIN, encoding="utf-8")

    ended = place.run_python("script.py")

    found = json.loads(ended.stdout)
    assert {name: code for name, (code, _) in found.items()} == {
        "box/pickle/none": "PC202",
        "box/cloudpickle/none": "PC301",
        "box/pickle/class": None,
        "box/cloudpickle/class": None,
        "named/pickle/none": "PC202",
        "named/cloudpickle/none": "PC301",
        "named/pickle/class": None,
        "named/cloudpickle/class": None,
        **{f"moved/{serializer}/{fix}": None for serializer in ("pickle", "cloudpickle") for fix in FIXES},
        **{f"{name}/pickle/{fix}": "PC206" for name in ("row", "rows") for fix in FIXES},
        **{f"{name}/cloudpickle/{fix}": "PC305" for name in ("row", "rows") for fix in FIXES},
    }
    for name, (code, text) in found.items():
        is_cured = code is not None and name.startswith(("box", "named"))
        assert (f"{FIX} in every process that dumps (tried once: it arrived)." in text) == is_cured, name
        assert ("install()" in text) == is_cured, name
        assert ("__main__.Row is defined in the main script" in text) == (code in ("PC206", "PC305")), name
