"""A process that says or leaves something else than it should: its own cell is undecided, and nothing else happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended, Place

# Values whose dumping writes to the channel of their process, or removes what was left.
MODULE = """
import json, os, sys

def tell(*lines):
    channel = json.loads(sys.argv[1])["channel"]
    for line in lines:
        os.write(channel, (line if isinstance(line, str) else json.dumps(line)).encode() + b"\\n")

def forged(*lines):
    tell(*lines)
    os._exit(0)

class When:
    def __init__(self, loading=None):
        self.loading = loading

    def __reduce__(self):
        return restore, (self.loading,)

def restore(loading):
    forged(*loading)

def done_without_anything():
    forged({"stage": "done"})

def done_with_nonsense():
    forged({"stage": "done", "payload": 5, "specializations": [{"name": 1}], "buffers_expected": "x"})

def a_stage_of_its_own():
    forged({"stage": ["x", 5]})

def an_error_that_is_none():
    forged({"stage": "dump", "error": 5})

def too_deep():
    forged("[" * 5000 + "]" * 5000, '{"a": ' + "[" * 900 + "]" * 900 + "}")

def garbage():
    forged(chr(0x1b) + "[31m", "{", "null", "5", '{"stage": NaN}')

def fine():
    return When.__name__

def judged_without_differences():
    return When([{"judged": True, "stage": "done"}])

def differences_of_nothing():
    return When([{"judged": True, "stage": "done", "differences": [{"kind": "type"}], "registered_before": 7}])

def a_check_that_is_a_number():
    return When([{"judged": True, "differences": [], "check": 5, "stage": "done"}])
"""
FORGED = (
    "done_without_anything",
    "done_with_nonsense",
    "a_stage_of_its_own",
    "an_error_that_is_none",
    "too_deep",
    "garbage",
    "judged_without_differences",
    "differences_of_nothing",
)


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.thorough)])
def test_forged_answers(isolation: str, place: Place, picklecheck: Callable[..., Ended]) -> None:
    (place.work / "forging.py").write_text(MODULE)
    targets = [f"forging:{name}" for name in (*FORGED, "a_check_that_is_a_number", "fine")]
    words = ("--serializer", "pickle", "--receiver", "cold", "--fix", "none", "--isolation", isolation)

    ended = picklecheck("run", *targets, *words, "--output", "json=report.json", "--output", "junit=report.xml")

    document = json.loads((place.work / "report.json").read_text())
    outcomes = {cell["scenario"].partition(":")[2]: cell["outcome"] for cell in document["cells"]}
    assert ended.stderr == ""
    assert ended.status in (1, 3)
    assert {name: outcomes[name] for name in FORGED} == dict.fromkeys(FORGED, "undecided")
    assert outcomes["a_check_that_is_a_number"] == "wrong-value"
    assert outcomes["fine"] == "pass"
    assert picklecheck("merge", "report.json", "-q").stderr == ""


def test_a_payload_that_vanishes(place: Place, picklecheck: Callable[..., Ended]) -> None:
    # Imported by a receiver before it loads, this removes what it is to load.
    (place.work / "vanishing.py").write_text(
        "import json, os, sys\n"
        "path = json.loads(sys.argv[1])['payload'] + '.0'\n"
        "if os.path.exists(path):\n"
        "    os.remove(path)\n"
        "value = 5\n"
    )
    words = ("--serializer", "pickle", "--receiver", "warm-same", "--fix", "none", "--format", "json")

    ended = picklecheck("run", "vanishing:value", *words)

    assert (ended.status, ended.stderr) == (3, "")
    (cell,) = json.loads(ended.stdout)["cells"]
    assert (cell["outcome"], cell["code"]) == ("undecided", "PC902")
    assert "while it read the payload" in cell["reason"]
