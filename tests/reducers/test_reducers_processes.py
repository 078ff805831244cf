"""The promise itself: what one process dumps, a fresh one loads, in which picklecheck cannot be imported.

The programs are in ``programs/``; each process handles all cases, and every test that uses it looks at one outcome.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Tuple

import pytest
from programs_of_tests import ROOT, run_program

# level, serializer, site
Run = Tuple[str, str, str]
QUICK = {
    ("none", "pickle5", "main"),
    ("class", "pickle5", "main"),
    ("class", "cloudpickle", "function"),
    ("mixin", "pickle5", "function"),
}
RUNS: List[Run] = [
    ("none", "pickle5", "main"),
    ("none", "cloudpickle", "function"),
    ("class", "pickle5", "main"),
    ("class", "pickle2", "function"),
    ("class", "python5", "function"),
    ("class", "cloudpickle", "main"),
    ("class", "cloudpickle", "function"),
    ("instance", "pickle5", "main"),
    ("instance", "pickle2", "function"),
    ("instance", "cloudpickle", "function"),
    ("mixin", "pickle5", "function"),
    ("mixin", "cloudpickle", "main"),
    ("portable", "pickle5", "main"),
    ("portable", "cloudpickle", "function"),
]
Outcome = Tuple[int, Dict[str, str], Dict[str, str]]

# The same, over a second hop in between: a process that does not install the fix loads and dumps again.
RELAYED: List[Run] = [
    ("class", "pickle5", "function"),
    ("class", "cloudpickle", "function"),
    ("class-propagate", "pickle5", "function"),
    ("class-propagate", "cloudpickle", "main"),
    ("instance-propagate", "pickle5", "main"),
    ("instance-propagate", "cloudpickle", "function"),
]


def produce(folder: Path, level: str, serializer: str, site: str) -> Tuple[Path, Dict[str, str]]:
    """Return the folder of the payloads, and what failed."""
    payloads = folder / "payloads"
    payloads.mkdir(parents=True)
    failed = run_program("reducer_produce.py", payloads, level, serializer, site, LEVEL=level, PYTHONPATH=ROOT)
    return payloads, failed


def produce_and_receive(folder: Path, level: str, serializer: str, site: str) -> Outcome:
    """Return the number of payloads, what failed in the producer and what in the receiver."""
    payloads, failed = produce(folder, level, serializer, site)
    return len(list(payloads.iterdir())), failed, run_program("reducer_receive.py", payloads, LEVEL="", PYTHONPATH="")


def produce_relay_and_receive(folder: Path, level: str, serializer: str, site: str) -> Outcome:
    """Return the number of payloads that arrive, what failed in the process between and what in the receiver."""
    payloads, failed = produce(folder, level, serializer, site)
    assert failed == {}
    relayed = folder / "relayed"
    relayed.mkdir()
    surroundings = {"LEVEL": "", "PYTHONPATH": ROOT, "PICKLECHECK": "importable"}
    failed = run_program("reducer_relay.py", payloads, relayed, serializer, **surroundings)
    return len(list(relayed.iterdir())), failed, run_program("reducer_receive.py", relayed, **surroundings)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Run], Outcome]:
    """Produce and receive, each combination once."""
    folder = tmp_path_factory.mktemp("processes")
    return lru_cache(lambda key: produce_and_receive(folder / "-".join(key), *key))


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Dict[Run, Outcome]:
    """Everything over a second hop."""
    folder = tmp_path_factory.mktemp("relayed")
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        futures = {key: pool.submit(produce_relay_and_receive, folder / "-".join(key), *key) for key in RELAYED}
        return {key: future.result() for key, future in futures.items()}


def parameters(keys: Iterable[Run]) -> List[Any]:
    """Mark what takes long."""
    return [pytest.param(key, id="-".join(key), marks=() if key in QUICK else pytest.mark.thorough) for key in keys]


@pytest.mark.parametrize("key", parameters(key for key in RUNS if key[0] != "none"))
def test_everything_arrives(key: Run, outcomes: Callable[[Run], Outcome]) -> None:
    """The very class, the whole state, the spelling of the arguments; no name of ours in any payload."""
    count, failed, wrong = outcomes(key)
    assert (failed, wrong) == ({}, {})
    assert count == (45 if key[0] == "class" else 40)


CONTROLS = {"plain_model", "bare_generic", "named_subclass"}


@pytest.mark.parametrize("key", parameters(key for key in RUNS if key[0] == "none"))
def test_control_nothing_arrives_without_the_fix(key: Run, outcomes: Callable[[Run], Outcome]) -> None:
    """Each case does reproduce the problem; otherwise it proves nothing above."""
    _, failed, wrong = outcomes(key)
    assert len(failed) + len(wrong) == 45 - len(CONTROLS)
    assert not CONTROLS & {*failed, *wrong}


@pytest.mark.thorough
@pytest.mark.parametrize("key", [key for key in RELAYED if "propagate" in key[0]], ids="-".join)
def test_everything_arrives_over_a_second_hop(key: Run, relayed: Dict[Run, Outcome]) -> None:
    """Where payloads install the fix, the process between dumps as well as the first one."""
    count, failed, wrong = relayed[key]
    assert (failed, wrong) == ({}, {})
    assert count == (45 if key[0].startswith("class") else 40)


@pytest.mark.thorough
@pytest.mark.parametrize("key", [key for key in RELAYED if "propagate" not in key[0]], ids="-".join)
def test_control_nothing_arrives_over_a_second_hop_without_the_fix_there(key: Run, relayed: Dict[Run, Outcome]) -> None:
    _, failed, wrong = relayed[key]
    assert len(failed) + len(wrong) == 45 - len(CONTROLS)
    assert not CONTROLS & {*failed, *wrong}
