"""Draw docs/gate.svg, the picture in the README: the sample project's gate, on the day its specialization has moved.

    python docs/draw_gate.py [--python INTERPRETER]

INTERPRETER is an environment with the Pydantic that the picture is to show (default: the one that runs this).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PICTURE = REPOSITORY / "docs" / "gate.svg"


def draw(project: Path, python: str) -> str:
    """Make the sample project in the folder ``project``, record its baseline, change it, and return the picture."""
    shutil.copytree(REPOSITORY / "tests" / "sample_project", project, ignore=shutil.ignore_patterns("__pycache__"))
    _picklecheck(project, "run", "--python", python, "--no-baseline", "--output", "json=report.json")
    _picklecheck(project, "baseline", "update", "report.json")
    move_the_specialization_into_a_function(project)
    _picklecheck(project, "run", "--output", "svg=gate.svg", "--python", python, expected=1)
    return (project / "gate.svg").read_text(encoding="utf-8")


def move_the_specialization_into_a_function(project: Path) -> None:
    """Make the change that looks like nothing."""
    jobs = project / "shop" / "jobs.py"
    text = jobs.read_text(encoding="utf-8")
    at_module_scope = "OrderPage = Page[Order]\n\n\n"
    if at_module_scope not in text:
        msg = f"{jobs} is not what it was"
        raise ValueError(msg)
    text = text.replace(at_module_scope, "\n").replace("OrderPage(items", "Page[Order](items")
    jobs.write_text(text, encoding="utf-8")


def _picklecheck(project: Path, *arguments: str, expected: int = 0) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "CI": ""}
    command = [sys.executable, "-m", "picklecheck", *arguments]
    ended = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode != expected:
        sys.exit(ended.stdout + ended.stderr)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    python = parser.parse_args().python
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(draw(Path(folder) / "shop", python), encoding="utf-8")


if __name__ == "__main__":
    main()
