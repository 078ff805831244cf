"""The README says what is so: its sample is what the program prints, and CI runs its very test command."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import draw_gate
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ended

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def block(pattern: str) -> str:
    """Return the body of the code block that begins with ``pattern``."""
    found = re.search(pattern + r"(.*?)\n```", README, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.network
def test_the_sample_is_what_the_program_prints(
    environment: Callable[..., Path], picklecheck: Callable[..., Ended]
) -> None:
    """On the versions that the sample names; Python's own and the time that it took differ."""
    sample = block(r"```console\n")
    command, _, output = sample.partition("\n")
    versions = re.search(r"pydantic (\S+)  cloudpickle (\S+)", output)
    assert versions is not None
    python = environment(versions[1], cloudpickle=versions[2])

    ended = picklecheck(*command.split()[2:], "--python", str(python))

    assert normalized(ended.stdout) == normalized(output + "\n")


@pytest.mark.network
def test_the_sample_of_the_matrix_is_what_the_program_prints(picklecheck: Callable[..., Ended]) -> None:
    """The releases of that line, as of the newest that is known here; a newer patch adds rows."""
    sample = block(r"```console\n\$ picklecheck (?=matrix)")
    command, _, output = sample.partition("\n")
    newest = re.search(r"pydantic \S+ to (\S+)  cloudpickle (\S+)", output)
    assert newest is not None
    limits = ("--exclude", f"pydantic>{newest[1]}", "--cloudpickle", newest[2])

    ended = picklecheck(*command.split(), *limits)

    assert normalized(ended.stdout) == normalized(output + "\n")


@pytest.mark.network
def test_the_picture_is_what_the_program_draws(environment: Callable[..., Path], tmp_path: Path) -> None:
    picture = draw_gate.PICTURE.read_text(encoding="utf-8")
    pydantic, cloudpickle = re.findall(r"(?:pydantic|cloudpickle)&#160;([\d.]+)", picture)[:2]
    python = environment(pydantic, cloudpickle=cloudpickle)

    drawn = draw_gate.draw(tmp_path / "shop", str(python))

    assert words_drawn(drawn) == words_drawn(picture)


def words_drawn(picture: str) -> str:
    """Return the text of a picture, but for what differs from run to run."""
    text = " ".join("".join(ET.fromstring(picture).itertext()).split())
    text = re.sub(r"\.terminal-\d+-\S+|terminal-\d+", "", text)
    return re.sub(r"python \S+|in \d+\.\d s\.", "", text)


def normalized(text: str) -> str:
    """Take out what differs from run to run."""
    text = re.sub(r"^python \S+", "python 3", text)
    text = re.sub(r"^Left out by the rule .*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"cells\s+in \d+\.\d s\.", "cells in 0.0 s.", text)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    extract = re.search(r"command=\$\((.*)\)", script)
    assert extract is not None

    ended = subprocess.run(["bash", "-c", extract[1]], cwd=REPOSITORY, capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == block(r"<!-- test command -->\n```sh\n").strip()
    assert ended.stdout.count("\n") == 1


def test_the_links_lead_somewhere() -> None:
    for page in [
        *REPOSITORY.glob("*.md"),
        REPOSITORY / "tests" / "README.md",
        *(REPOSITORY / "docs").rglob("*.md"),
        *(REPOSITORY / "benchmarks").glob("*.md"),
    ]:
        for target in re.findall(r"(?<!\w)\[[^\]]+\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
