"""Which interpreter a version means."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from picklecheck.environments import pythons
from picklecheck.environments.pythons import find_python
from picklecheck.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

STOP = threading.Event()
OWN = sys.version.split()[0]


def say(path: Path, version: str, *, usual: bool = True, virtual: str = "") -> Path:
    """Write a program that answers as a Python of that version would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    base = virtual or str(path.parent.parent)
    answer = (
        f'{{"version": "{version}", "executable": "{path}", "base": "{base}", '
        f'"virtual": {str(bool(virtual)).lower()}, "usual": {str(usual).lower()}}}'
    )
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path


def refuse(path: Path) -> None:
    """Write a program that fails, as pyenv's shims do for a version that is not active."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on it: PATH is its bin and /bin-less, pyenv's and uv's folders are empty."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    return tmp_path


def find(request: str) -> Path:
    """Return where it is."""
    return find_python(request, STOP).path


def test_ones_own_version_is_found_and_is_no_virtual_environment(machine: Path) -> None:
    for request in (OWN, ".".join(OWN.split(".")[:2]), f"python{OWN}"):
        found = find_python(request, STOP)

        assert found.version == OWN
        assert found.path.exists()
        assert not (found.path.parent.parent / "pyvenv.cfg").exists()


def test_on_path(machine: Path) -> None:
    refuse(machine / "bin" / "python3.57")
    python = say(machine / "bin" / "python3", "3.57.2")

    assert find("3.57") == python
    assert find("3.57.2") == python


@pytest.mark.parametrize("request_", ["3.5.7", "3.58", "3.57.20"])
def test_near_misses(request_: str, machine: Path) -> None:
    say(machine / "bin" / "python3", "3.57.2")

    with pytest.raises(UsageError):
        find(request_)


def test_pyenvs_newest_patch(machine: Path) -> None:
    for version in ("3.57.2", "3.57.10", "3.5.70"):
        say(machine / "pyenv" / "versions" / version / "bin" / "python", version)
    refuse(machine / "pyenv" / "shims" / "python3.57")

    assert find("3.57") == machine / "pyenv" / "versions" / "3.57.10" / "bin" / "python"
    assert find("3.57.2") == machine / "pyenv" / "versions" / "3.57.2" / "bin" / "python"


def test_uvs(machine: Path) -> None:
    python = say(machine / "uv" / "cpython-3.57.1-linux-x86_64-gnu" / "bin" / "python", "3.57.1")

    assert find("3.57") == python


def test_a_version_is_not_a_build_without_the_lock(machine: Path) -> None:
    say(machine / "bin" / "python3.57", "3.57.2", usual=False)

    with pytest.raises(UsageError):
        find("3.57")
    assert find(str(machine / "bin" / "python3.57")) == machine / "bin" / "python3.57"


def test_a_virtual_environment_stands_for_its_base(machine: Path) -> None:
    base = say(machine / "base" / "bin" / "python3.57", "3.57.2")
    say(machine / "venv" / "bin" / "python", "3.57.2", virtual=str(machine / "base"))

    assert find(str(machine / "venv")) == base


def test_nothing_found(machine: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find("3.57")

    assert caught.value.message == "There is no Python 3.57 on this machine."
    for place in ("PATH", "pyenv", "uv", "--python PATH", "--download-pythons"):
        assert place in caught.value.hint


def test_too_old(machine: Path) -> None:
    old = say(machine / "bin" / "python2", "2.7.18", usual=False)

    for request in ("3.7", "2.7.18", str(old)):
        with pytest.raises(UsageError, match=r"3\.8 is the oldest that is supported"):
            find(request)


@pytest.mark.parametrize(
    "text", ["#!/bin/sh\necho hello\n", "#!/bin/sh\nexit 1\n", "no program\n", "#!/bin/sh\necho '[]'\n"]
)
def test_no_python_at_all(text: str, machine: Path) -> None:
    program = machine / "program"
    program.write_text(text)
    program.chmod(0o755)

    with pytest.raises(UsageError, match="does not answer as a Python does"):
        find(str(program))


def test_uv_is_asked_to_fetch_it_only_on_request(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(wanted: str, _stop: threading.Event) -> None:
        say(machine / "uv" / f"cpython-{wanted}.0-linux" / "bin" / "python", f"{wanted}.0")

    monkeypatch.setattr(pythons, "_download", fetch)

    with pytest.raises(UsageError):
        find("3.57")
    assert find_python("3.57", STOP, download=True).version == "3.57.0"


@pytest.mark.parametrize("request_", [sys.executable, ".".join(OWN.split(".")[:2])])
def test_modules_in_the_working_folder_are_not_asked(
    request_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "sys", "platform", "sysconfig"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('poison')\n")
    monkeypatch.chdir(tmp_path)

    assert find_python(request_, STOP).version == OWN
