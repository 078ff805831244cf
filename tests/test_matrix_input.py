"""What can be said wrong to ``matrix``, ``bisect`` and ``envs``: one sentence, a next step, the right status.

In this process and offline: each of these ends before anything is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from picklecheck.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

BOX = "shapes.specialization"
# What is typed -> exit status, words of the sentence and of the next step.
BAD_INPUT: list[tuple[str, int, tuple[str, ...]]] = [
    ("matrix --pydantic 1.10.2", 2, ("Pydantic 1.10.2 is not supported", "only Pydantic 2")),
    ("matrix --pydantic >=2.12,<2.5", 2, ("'>=2.12,<2.5'", "2.0 to 2.14")),
    ("matrix --pydantic newest", 2, ("'newest'", "latest")),
    ("matrix --cloudpickle 99", 2, ("99", "cloudpickle")),
    ("matrix --python 3.99", 2, ("no Python 3.99", "--python PATH", "--download-pythons")),
    ("matrix --python 2.7", 2, ("2.7", "3.8")),
    ("matrix --python no/such/python", 2, ("'no/such/python'",)),
    ("matrix --exclude pyton>=3.13", 2, ("'pyton", "'python'")),
    ("matrix --exclude python", 2, ("'python'",)),
    ("matrix --matrix pythns", 2, ("'pythns'", "'pythons'")),
    ("matrix --matrix no/such.toml", 2, ("no/such.toml",)),
    ("matrix --matrix {folder}/unknown-key.toml", 2, ("'pydnatic'", "'pydantic'", "unknown-key.toml")),
    ("matrix --matrix {folder}/broken.toml", 2, ("broken.toml", "line 1")),
    ("matrix --output grid", 2, ("FORMAT=PATH", "record")),
    ("bisect " + BOX + " --good 2.13 --bad 2.13.5", 2, ("both 2.13.5",)),
    ("bisect " + BOX + " --good 2.14.*", 2, ("'2.14.*' means 4 releases",)),
    ("bisect " + BOX + " --outcome pass --all-changes", 2, ("--outcome and --all-changes",)),
    ("envs build --pydantic 1.9", 2, ("1.9", "only Pydantic 2")),
    ("envs build --with-editable {folder} --pydantic 2.14.3", 2, ("is no Python project", "pyproject.toml")),
    ("envs build --pydantic 2.14.3 --with !!!", 2, ("--with '!!!' is no requirement", "attrs>=23")),
    ("envs build --pydantic 2.14.3 --with -e.", 2, ("'-e.' is no requirement",)),
    ("matrix --pydantic 2.14.3 --timeout nan", 2, ("--timeout nan",)),
    ("matrix --pydantic 2.14.3 --evidence", 2, ("--evidence", "--format json")),
    ("matrix --matrix {folder}/empty-list.toml", 2, ("'pydantic' is an empty list",)),
    ("envs build --with-requirements {folder}/none.txt --pydantic 2.14.3", 2, ("none.txt", "requirements file")),
    ("envs build --pydantic 2.14.3 --exclude pydantic>=2", 2, ("The rules exclude every environment", "--exclude")),
    ("envs build --pydantic 2.14.3 --exclude pydantic>=2.5,<2.1", 2, ("pydantic>=2.5,<2.1", "no release")),
]


@pytest.mark.parametrize(("line", "status", "words"), BAD_INPUT, ids=[row[0] for row in BAD_INPUT])
def test_bad_input(
    line: str, status: int, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "unknown-key.toml").write_text('pydnatic = "2.14.3"\n')
    (tmp_path / "empty-list.toml").write_text("pydantic = []\n")
    (tmp_path / "broken.toml").write_text("pydantic = 2.14.3\n")
    monkeypatch.setenv("PICKLECHECK_CACHE_DIR", str(tmp_path / "cache"))

    ended = CliRunner().invoke(cli, [*line.format(folder=tmp_path).split(), "--offline"])

    assert ended.exit_code == status, ended.output
    assert ended.stdout == ""
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
    assert len(ended.stderr.splitlines()) <= 5
    for word in words:
        assert word in ended.stderr
    assert not (tmp_path / "cache" / "environments").exists()
