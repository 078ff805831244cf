"""Environments built by uv itself, from the package index."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from picklecheck.environments.cache import EnvironmentCache
from picklecheck.environments.inventory import list_entries, verify
from picklecheck.environments.pythons import find_python
from picklecheck.environments.releases import exists
from picklecheck.errors import EnvironmentUnavailableError, UsageError
from picklecheck.model import EnvironmentSpec

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Ended, Place

pytestmark = pytest.mark.network

STOP = threading.Event()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the tests of this module share."""
    return tmp_path_factory.mktemp("cache")


def specify(pydantic: str = "2.13.5", python: str = "", **more: tuple[str, ...]) -> EnvironmentSpec:
    """Return what is to be built; skips if this machine lacks the Python."""
    try:
        found = find_python(python or sys.executable, STOP)
    except UsageError as error:
        pytest.skip(error.message)
    return EnvironmentSpec(str(found.path), found.version, pydantic, "3.1.2", **more)


def ask(python: Path, code: str) -> str:
    """Run a line of Python in an environment."""
    return subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout


def test_built_used_and_whole(root: Path) -> None:
    cache = EnvironmentCache(root, STOP)

    first, second = cache.get(specify()), cache.get(specify())

    assert (first.was_built, second.was_built) == (True, False)
    assert (
        ask(second.python, "import pydantic, cloudpickle as c; print(pydantic.VERSION, c.__version__)")
        == "2.13.5 3.1.2\n"
    )
    assert second.packages["pydantic"] == "2.13.5"
    assert first.digest == second.digest != ""
    assert not EnvironmentCache(root, STOP).get(specify()).was_built  # though it was used, and has __pycache__ now
    assert [problem for entry in list_entries(root) for problem in verify(entry)] == []
    started = time.perf_counter()
    cache.get(specify())
    assert time.perf_counter() - started < 0.2  # some milliseconds


def test_no_wheels_is_a_reason_and_nothing_is_compiled(root: Path) -> None:
    started = time.monotonic()
    with pytest.raises(EnvironmentUnavailableError) as caught:
        EnvironmentCache(root, STOP).get(specify("2.0.3", "3.13"))

    assert "pydantic-core==2.3.0 has no usable wheels" in caught.value.reason
    assert "\n" not in caught.value.reason
    assert time.monotonic() - started < 30


def test_unknown_and_yanked_releases(root: Path) -> None:
    with pytest.raises(EnvironmentUnavailableError, match=r"there is no version of pydantic==2\.99\.1"):
        EnvironmentCache(root, STOP).get(specify("2.99.1"))
    assert not exists("pydantic", "2.99.1", stop=STOP)
    assert exists("pydantic", "2.13.5", stop=STOP)
    assert exists("pydantic", "2.12.1", stop=STOP)  # yanked


def test_pins_do_not_move_the_axis(root: Path) -> None:
    built = EnvironmentCache(root, STOP).get(specify(requirements=("pydantic<2.12", "click")))

    assert built.packages["pydantic"] == "2.13.5"
    assert "click" in built.packages
    assert built.notes == ("--with asks for pydantic<2.12, and the environment has pydantic 2.13.5, as the axis says.",)


def test_an_editable_project_is_built_and_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "mymodels.py").write_text("X = 1\n")
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "my-models"\nversion = "1.0"\n[tool.setuptools]\npy-modules = ["mymodels"]\n'
    )
    spec = specify(editables=(str(tmp_path),))

    built = EnvironmentCache(root, STOP).get(spec)
    (tmp_path / "mymodels.py").write_text("X = 22\n")

    assert built.digest == ""
    assert ask(built.python, "import mymodels; print(mymodels.X)") == "22\n"
    assert not EnvironmentCache(root, STOP).get(spec).was_built


def test_a_damaged_environment_is_repaired(root: Path) -> None:
    cache = EnvironmentCache(root, STOP)
    folder = cache.get(specify()).python.parent.parent
    (module,) = folder.glob("lib/python*/site-packages/pydantic/main.py")
    module.unlink()  # not written to: uv's cache shares the file

    again = cache.get(specify())

    assert again.was_built
    assert "was damaged" in again.notes[0]
    assert module.exists()


def test_offline(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    EnvironmentCache(root, STOP).get(specify())
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    offline = EnvironmentCache(root, STOP, offline=True)

    assert not offline.get(specify()).was_built
    with pytest.raises(EnvironmentUnavailableError, match="not in the cache, and --offline was asked for: "):
        offline.get(specify("2.12.5"))


@pytest.fixture
def alone(place: Place) -> Place:
    """A place with a cache of its own."""
    return replace(place, cache=place.work / "cache")


def start(place: Place) -> subprocess.Popen[str]:
    """Start the command that builds one environment."""
    return place.start("envs", "build", "--pydantic", "2.13.5")


def test_two_commands_build_it_once(alone: Place) -> None:
    commands = [start(alone) for _ in range(2)]
    said = sorted(command.communicate(timeout=100)[0].split(maxsplit=1)[1] for command in commands)

    assert said == ["built\n", "was there\n"]
    assert [command.returncode for command in commands] == [0, 0]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_command_that_ends_early_leaves_a_cache_that_works(number: signal.Signals, alone: Place) -> None:
    command = start(alone)
    environments = alone.cache / "environments"
    deadline = time.monotonic() + 30
    while not list(environments.glob(".building-*/pyvenv.cfg")) and time.monotonic() < deadline:
        time.sleep(0.002)
    command.send_signal(number)
    _, stderr = command.communicate(timeout=30)
    assert command.returncode == (-9 if number == signal.SIGKILL else 130)
    assert "Traceback" not in stderr
    if number == signal.SIGINT:
        assert list(environments.iterdir()) == []

    again = start(alone)
    assert again.communicate(timeout=100)[0].endswith("built\n")
    assert len([path for path in environments.iterdir() if not path.name.startswith(".")]) == 1


def test_envs_from_build_to_prune(alone: Place) -> None:
    start(alone).communicate(timeout=100)

    def run(*arguments: str) -> Ended:
        return alone.run_python("-m", "picklecheck", "envs", *arguments)

    (folder,) = (alone.cache / "environments").iterdir()
    assert folder.name in run("list").stdout
    assert " in 1 environments in " in run("size").stdout
    assert run("verify").stdout == "1 of 1 environments are whole.\n"
    (module,) = folder.glob("lib/python*/site-packages/pydantic/main.py")
    text = module.read_text()
    module.unlink()
    module.write_text(text.replace("a", "b", 1))
    broken = run("verify")
    assert (broken.status, broken.stderr) == (1, "")
    assert "  pydantic 2.13.5: pydantic/main.py was changed.\n" in broken.stdout
    assert run("verify", "--repair").status == 0
    assert run("verify").status == 0
    assert run("prune").stdout == "There was nothing to remove.\n"
    assert run("prune", "--all").stdout.startswith(f"removed {folder.name}: all were to go\n1 removed, ")
