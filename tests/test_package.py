"""What is built and installed: the wheel holds the catalogue and the pages, and works from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.mark.network
def test_the_wheel_works_from_an_empty_folder(tmp_path: Path) -> None:
    import uv  # noqa: PLC0415 - only tests that build environments need it

    work = tmp_path / "empty"
    work.mkdir()
    python = tmp_path / "venv" / "bin" / "python"
    tool = uv.find_uv_bin()
    run([tool, "build", "--quiet", "--wheel", "--out-dir", str(tmp_path / "dist"), str(REPOSITORY)])
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run([tool, "venv", "--quiet", "--python", sys.executable, str(tmp_path / "venv")])
    run([tool, "pip", "install", "--quiet", "--python", str(python), str(wheel)])

    names = zipfile.ZipFile(wheel).namelist()
    assert "picklecheck/py.typed" in names
    assert "picklecheck/_bundled/repros/shapes.py" in names
    assert "picklecheck/_bundled/codes/PC101.md" in names
    assert "picklecheck/_bundled/LICENSE" in names
    assert not [name for name in names if name.startswith(("repros/", "tests/", "matrix/"))]

    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    command = str(python.with_name("picklecheck"))
    listed = run([command, "list"], cwd=work, env=environment)
    assert "shapes.specialization" in listed
    assert run([command, "explain", "PC301"], cwd=work, env=environment).startswith("# PC301")
    answer = run([command, "run", "shapes.*", "-q"], cwd=work, env=environment)
    assert "the class fix repairs all of them" in " ".join(answer.split())
    assert run([str(python), "-m", "picklecheck", "--version"], cwd=work, env=environment).startswith("picklecheck ")
    assert list(work.iterdir()) == []
    assert run([command, "vendor", "_portable"], cwd=work, env=environment).startswith("wrote ")


def run(command: list[str], **options: object) -> str:
    """Run a command to its end, and return what it printed."""
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, **options)  # type: ignore[call-overload]
    assert ended.returncode == 0, ended.stderr
    return str(ended.stdout)
