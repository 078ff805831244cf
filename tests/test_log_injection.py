"""What users, their code and foreign reports say steers neither a terminal nor the log of a build, by no path."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.reports.formats import MATRIX_FORMATS, RUN_FORMATS
from picklecheck.reports.printable import printable, tame

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

NASTY = "::error::gotcha ##[group]gotcha ##vso[task.x]gotcha \x1b[31mred \x9b31m \x07 \rover"
# Names and messages with all of that; one as long as a line, so that wrapping puts a command at its beginning.
MODULE = f"""
NASTY = {NASTY!r}
LONG = ("x" * 60 + " ") * 3 + " ".join(["::error::gotcha"] * 40)

class Fails:
    def __reduce__(self):
        raise ValueError(NASTY + "\\n" + NASTY + LONG)

Odd = type("Odd\\n" + NASTY, (Fails,), {{}})
Lost = type("Lost\\n" + NASTY, (), {{"__reduce__": lambda self: (list, ())}})

def fails():
    return Fails()

def odd():
    return Odd()

def lost():
    return Lost()

def not_built():
    raise LookupError(LONG + NASTY)
"""
TARGETS = ("nasty:fails", "nasty:odd", "nasty:lost", "nasty:not_built")


def assert_steers_nothing(text: str, *, are_commands_meant: bool = False) -> None:
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)
    assert "\r" not in text
    if are_commands_meant:
        # Ours alone: each line is one, of a kind that we write.
        assert all(re.match(r"::(error|notice|warning) ", line) for line in text.splitlines())
        return
    assert "##[" not in text
    assert "##vso[" not in text
    assert not re.search(r"(?m)^\s*::", text)


@pytest.fixture
def nasty(place: Place) -> None:
    (place.work / "nasty.py").write_text(MODULE)


@pytest.mark.thorough
@pytest.mark.usefixtures("nasty")
def test_of_targets(place: Place, picklecheck: Callable[..., Ended]) -> None:
    formats = [form for form in RUN_FORMATS if form != "grid"]
    outputs = [word for form in formats for word in ("--output", f"{form}={form}.txt")]
    ended = picklecheck("run", *TARGETS, "-v", *outputs)

    assert ended.status in (1, 3)
    assert "gotcha" in ended.stdout
    assert_steers_nothing(ended.stdout)
    assert_steers_nothing(ended.stderr)
    for form in formats:
        text = (place.work / f"{form}.txt").read_bytes().decode()
        assert form == "svg" or "gotcha" in text, form
        assert_steers_nothing(text, are_commands_meant=form == "github")
    json.loads((place.work / "json.txt").read_text())


@pytest.mark.thorough
def test_of_a_foreign_report(place: Place, picklecheck: Callable[..., Ended]) -> None:
    picklecheck("run", "shapes.specialization", "--output", "json=report.json", "-q")
    document = json.loads((place.work / "report.json").read_text())
    (place.work / "foreign.json").write_text(json.dumps(spoiled(document)))

    files = [word for form in MATRIX_FORMATS for word in ("--output", f"{form}=report.{form}")]
    ended = picklecheck("merge", "foreign.json", "--detail", "-v", *files)
    assert ended.status != 2, ended.stderr
    assert "Traceback" not in ended.stderr, ended.stderr
    assert_steers_nothing(ended.stdout)
    assert_steers_nothing(ended.stderr)
    for form in MATRIX_FORMATS:
        written = (place.work / f"report.{form}").read_text(encoding="utf-8")
        assert written, form
        assert_steers_nothing(written, are_commands_meant=form == "github")
    baseline = picklecheck("baseline", "update", "foreign.json", "--baseline", "known.json")
    assert_steers_nothing(baseline.stdout + baseline.stderr)
    shown = picklecheck("baseline", "show", "--baseline", "known.json")
    assert shown.status == 0
    assert_steers_nothing(shown.stdout + shown.stderr)


def spoiled(document: dict[str, Any]) -> dict[str, Any]:
    """Put commands wherever a report holds words of somebody's, as far as it is still a report."""
    name = f"{NASTY}\n{NASTY}.{NASTY}"
    environment = document["environments"][0]
    environment.update(id=NASTY, python=f"{NASTY}", cloudpickle=NASTY, platform=NASTY)
    environment["packages"] = {NASTY: NASTY}
    document["scenarios"][0].update(id=name, summary=NASTY)
    document["notes"] = document["gaps"] = [NASTY, f"x\n{NASTY}"]
    for cell in document["cells"]:
        cell.update(id=cell["id"].replace("shapes.specialization", name), environment=NASTY)
        cell.update(scenario=name, reason=f"{NASTY}\n{NASTY}", exception=NASTY, location=f"{NASTY}:1")
    return document


@pytest.mark.thorough
@pytest.mark.usefixtures("nasty")
def test_of_a_failed_test(place: Place) -> None:
    (place.work / "test_nasty.py").write_text(
        "import nasty, pytest\n"
        "@pytest.mark.parametrize('name', ['fails', 'odd', 'lost'])\n"
        "def test_it(cold_roundtrip, name):\n"
        "    cold_roundtrip(getattr(nasty, name)())\n"
    )
    ended = place.run_python(
        *("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=line", "--color=no"),
        environment={"PYTHONPATH": "."},
    )

    assert "3 failed" in ended.stdout
    assert_steers_nothing(ended.stdout)


def test_of_an_error(picklecheck: Callable[..., Ended]) -> None:
    ended = picklecheck("explain", f"x\n{NASTY}")

    assert ended.status == 2
    assert_steers_nothing(ended.stdout + ended.stderr)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("::error::x", r"\u003a:error::x"),
        ("a::b\n \t::x", "a::b\n \t" + r"\u003a:x"),
        ("a ##[group] ##vso[x] ##", r"a #\u0023[group] #\u0023vso[x] ##"),
        ("\x1b[1m", r"\x1b[1m"),
        ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
        ("Box[int]: a::b # [x]", "Box[int]: a::b # [x]"),
    ],
)
def test_what_becomes_of_it(text: str, expected: str) -> None:
    assert printable(text) == tame(text) == expected
    assert printable(expected) == expected
