"""The cache of environments: built once, by whomever; used if whole; never half there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_installer import SPEC, FakeInstaller, make_cache

from picklecheck.environments.builder import build
from picklecheck.environments.cache import cache_root
from picklecheck.environments.parallel_builds import build_all
from picklecheck.environments.stamp import compute_key
from picklecheck.errors import (
    EnvironmentUnavailableError,
    EnvironmentUnusableError,
    InterruptedEarlyError,
    UsageError,
)

if TYPE_CHECKING:
    from picklecheck.model import EnvironmentSpec

REPOSITORY = Path(__file__).resolve().parents[3]
FAKE = str(Path(__file__).resolve().parents[1] / "fake_installer.py")


def only(root: Path) -> Path:
    """Return the one environment that is there, and see to it that nothing else is."""
    (found,) = (root / "environments").iterdir()
    return found


def test_an_environment_is_built_once_and_then_used(tmp_path: Path) -> None:
    installer = FakeInstaller()
    cache = make_cache(tmp_path, installer)

    first, second = cache.get(SPEC), cache.get(SPEC)

    assert installer.calls == [False]
    assert (first.was_built, second.was_built) == (True, False)
    assert replace(first, was_built=False) == second
    assert second.packages == {"pydantic": "2.13.5", "cloudpickle": "3.1.2"}
    assert second.python == only(tmp_path) / "bin" / "python"
    assert second.python.exists()
    assert only(tmp_path).name.startswith("py3.11.7-pydantic2.13.5-cloudpickle3.1.2-")
    assert len(second.digest) == 64
    assert second.notes == ()


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    digest = make_cache(tmp_path / "a").get(SPEC).digest

    assert make_cache(tmp_path / "b").get(SPEC).digest == digest
    assert make_cache(tmp_path / "b").get(replace(SPEC, pydantic="2.14.0")).digest != digest


def test_what_is_editable_has_no_digest(tmp_path: Path) -> None:
    assert make_cache(tmp_path, FakeInstaller(local=True)).get(SPEC).digest == ""


def test_use_fills_pycache_and_damages_nothing(tmp_path: Path) -> None:
    cache = make_cache(tmp_path)
    site = cache.get(SPEC).python.parent.parent / "lib" / "python3.11" / "site-packages"
    (site / "pydantic" / "__pycache__").mkdir()
    (site / "pydantic" / "__pycache__" / "x.pyc").write_bytes(b"code")

    assert not cache.get(SPEC).was_built


@pytest.mark.parametrize(
    "damage", ["shorter", "missing", "added", "no python", "no stamp", "broken stamp", "odd stamp"]
)
def test_a_damaged_environment_is_built_again(damage: str, tmp_path: Path) -> None:
    cache = make_cache(tmp_path)
    folder = cache.get(SPEC).python.parent.parent
    module = folder / "lib" / "python3.11" / "site-packages" / "pydantic" / "__init__.py"
    if damage == "shorter":
        module.write_text("")
    elif damage == "missing":
        module.unlink()
    elif damage == "added":
        module.with_name("more.py").touch()
    elif damage == "no python":
        (folder / "bin" / "python").unlink()
        (folder / "bin" / "python").symlink_to(tmp_path / "gone")
    elif damage == "no stamp":
        (folder / "picklecheck.json").unlink()
    elif damage == "broken stamp":
        (folder / "picklecheck.json").write_text('{"key"')
    else:
        (folder / "picklecheck.json").write_text(json.dumps({"spec": [], "notes": 5}))

    again = cache.get(SPEC)

    assert again.was_built
    assert again.notes[0].startswith(f"The environment {folder.name} was damaged (")
    assert again.notes[0].endswith(") and was built again.")
    assert only(tmp_path) == folder
    assert cache.get(SPEC).notes == ()


def test_threads_build_it_once(tmp_path: Path) -> None:
    installer = FakeInstaller(slow=0.2)
    cache = make_cache(tmp_path, installer)

    built = list(build_all([SPEC] * 4, cache, 4, threading.Event()))

    assert len(installer.calls) == 1
    assert sorted(one.was_built for _, one in built if not isinstance(one, Exception)) == [False, False, False, True]


def test_processes_build_it_once(tmp_path: Path) -> None:
    processes = [start(tmp_path, 0.5) for _ in range(2)]

    answers = sorted(process.communicate(timeout=30)[0] for process in processes)

    assert answers == ["False True\n", "True True\n"]


def start(root: Path, slow: float) -> subprocess.Popen[str]:
    """Start a process that builds."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        [sys.executable, FAKE, str(root), str(slow)], stdout=subprocess.PIPE, text=True, env=environment
    )


def wait_for(root: Path, pattern: str) -> None:
    """Wait until there is such a file."""
    deadline = time.monotonic() + 20
    while not list(root.glob(pattern)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_builder_that_was_killed_leaves_a_cache_that_works(tmp_path: Path) -> None:
    process = start(tmp_path, 60)
    wait_for(tmp_path, "environments/.building-*/pyvenv.cfg")
    process.kill()
    process.communicate()
    assert only(tmp_path).name.startswith(".building-")

    assert make_cache(tmp_path).get(SPEC).was_built

    assert not only(tmp_path).name.startswith(".")


def test_whoever_waits_for_another_builder_can_be_interrupted(tmp_path: Path) -> None:
    process = start(tmp_path, 60)
    wait_for(tmp_path, "environments/.building-*")
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    try:
        with pytest.raises(InterruptedEarlyError):
            make_cache(tmp_path, stop=stop).get(SPEC)
    finally:
        process.kill()
        process.communicate()


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    cache = make_cache(tmp_path, FakeInstaller(error=EnvironmentUnavailableError("no wheels")))

    with pytest.raises(EnvironmentUnavailableError, match="no wheels"):
        cache.get(SPEC)

    assert list((tmp_path / "environments").iterdir()) == []


def test_a_file_that_came_damaged_is_fetched_afresh(tmp_path: Path) -> None:
    installer = FakeInstaller(damaged=1)

    assert make_cache(tmp_path, installer).get(SPEC).was_built
    assert installer.calls == [False, True]


def test_a_file_that_stays_damaged_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnavailableError) as caught:
        make_cache(tmp_path, FakeInstaller(damaged=2)).get(SPEC)

    assert caught.value.reason == "pydantic 2.13.5: pydantic/__init__.py has 7 bytes, and should have 19"


def test_versions_are_read_back(tmp_path: Path) -> None:
    def other(spec: EnvironmentSpec, folder: Path, *, afresh: bool) -> None:
        FakeInstaller()(replace(spec, pydantic="2.11.0"), folder, afresh=afresh)

    with pytest.raises(
        EnvironmentUnavailableError, match=r"pydantic 2\.13\.5 was asked for, and uv installed 2\.11\.0"
    ):
        build(SPEC, tmp_path / "x", "key", other, deep=False, afresh=False)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EnvironmentUnusableError) as caught:
        make_cache(tmp_path / "file").get(SPEC)

    assert caught.value.message == f"The cache of environments in {tmp_path / 'file'} cannot be used: Not a directory."
    assert "PICKLECHECK_CACHE_DIR" in caught.value.hint


def test_another_error_ends_all_builders(tmp_path: Path) -> None:
    cache = make_cache(tmp_path, FakeInstaller(error=EnvironmentUnusableError("disk full")))

    with pytest.raises(EnvironmentUnusableError, match="disk full"):
        list(build_all([SPEC, replace(SPEC, pydantic="2.0")], cache, 2, threading.Event()))


def test_an_environment_that_cannot_be_had_is_a_value(tmp_path: Path) -> None:
    cache = make_cache(tmp_path, FakeInstaller(error=EnvironmentUnavailableError("no wheels")))

    ((spec, error),) = build_all([SPEC], cache, 2, threading.Event())

    assert spec is SPEC
    assert isinstance(error, EnvironmentUnavailableError)


def test_interrupted_builders_start_no_other(tmp_path: Path) -> None:
    stop = threading.Event()
    installer = FakeInstaller()
    builds = build_all([replace(SPEC, pydantic=f"2.{n}") for n in range(9)], make_cache(tmp_path, installer), 1, stop)

    next(builds)
    stop.set()
    with pytest.raises(InterruptedEarlyError):
        next(builds)

    assert len(installer.calls) <= 2


def test_pins_that_disagree_are_said(tmp_path: Path) -> None:
    requires = ("pydantic<2.12", 'cloudpickle<1; extra == "old"', 'pydantic<1; python_version < "3"', "click")
    (tmp_path / "more.txt").write_text("cloudpickle==2.2.1 --hash=sha256:abc  # a reason\n")
    (tmp_path / "pins.txt").write_text("-r more.txt\npydantic>=2.13\n")
    spec = replace(SPEC, requirements=("pydantic~=2.10.0", "click"), requirement_files=(str(tmp_path / "pins.txt"),))
    cache = make_cache(tmp_path / "cache", FakeInstaller(requires=requires))

    expected = (
        "--with asks for pydantic~=2.10.0, and the environment has pydantic 2.13.5, as the axis says.",
        "more.txt asks for cloudpickle==2.2.1, and the environment has cloudpickle 3.1.2, as the axis says.",
        "my-models 1.0 asks for pydantic<2.12, and the environment has pydantic 2.13.5, as the axis says.",
    )
    assert cache.get(spec).notes == expected
    assert cache.get(spec).notes == expected


def test_everything_that_decides_the_content_is_in_the_key(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("[project]")
    inner = tmp_path / "inner.txt"
    inner.write_text("click")
    (tmp_path / "outer.txt").write_text("-r inner.txt")
    spec = replace(SPEC, editables=(str(project),), requirement_files=(str(tmp_path / "outer.txt"),))
    keys = {compute_key(spec, {})}
    for other in (
        replace(spec, python="/bin/sh"),
        replace(spec, python_version="3.11.8"),
        replace(spec, pydantic="2.0"),
        replace(spec, cloudpickle="2.0"),
        replace(spec, requirements=("click",)),
    ):
        keys.add(compute_key(other, {}))
    keys.add(compute_key(spec, {"UV_INDEX": "x"}))
    inner.write_text("rich")
    keys.add(compute_key(spec, {}))
    (project / "pyproject.toml").write_text("[project] # changed")
    keys.add(compute_key(spec, {}))

    assert len(keys) == 9
    assert compute_key(replace(spec, requirements=("a", "b")), {}) == compute_key(
        replace(spec, requirements=("b", "a")), {}
    )


def test_a_requirement_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"The requirements in .*gone.txt cannot be read: No such file"):
        make_cache(tmp_path).get(replace(SPEC, requirement_files=(str(tmp_path / "gone.txt"),)))


def test_the_place_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICKLECHECK_CACHE_DIR", str(tmp_path))
    assert cache_root() == tmp_path
    monkeypatch.delenv("PICKLECHECK_CACHE_DIR")
    assert cache_root().name == "picklecheck"
