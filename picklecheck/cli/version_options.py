"""The options of the commands that look at many versions."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from packaging.requirements import InvalidRequirement, Requirement

from picklecheck.cli.options import with_options
from picklecheck.environments.requirements import PROJECT_FILES
from picklecheck.errors import UsageError
from picklecheck.plan.environments import Extras
from picklecheck.plan.exclude_rules import parse_rule
from picklecheck.plan.matrix_file import MatrixFile, find_matrix_file, read_matrix_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from picklecheck.cli.options import Function

_DEFAULT = "pydantic"


@dataclass(frozen=True)
class InstallPolicy:
    """Where releases and interpreters may come from: ``offline`` what is known here, ``download`` new Pythons too."""

    offline: bool = False
    download: bool = False


def install_options(function: Function) -> Function:
    """Add what is installed, which comes as ``given``: MatrixFile, and where from: ``sources``."""

    @functools.wraps(function)
    def command(  # noqa: PLR0913 - one parameter an option
        pythons: tuple[str, ...],
        cloudpickles: tuple[str, ...],
        requirements: tuple[str, ...],
        editables: tuple[str, ...],
        requirement_files: tuple[str, ...],
        *,
        offline: bool,
        download: bool,
        **others: object,
    ) -> object:
        given = MatrixFile(
            Path(),
            python=pythons,
            cloudpickle=cloudpickles,
            requirements=requirements,
            editables=editables,
            requirement_files=requirement_files,
        )
        return function(given=given, sources=InstallPolicy(offline=offline, download=download), **others)

    return with_options(
        command,
        click.option(
            "--python",
            "pythons",
            multiple=True,
            metavar="VERSION|PATH",
            help="A Python, such as 3.12 or .venv/bin/python.  [default: the one that runs picklecheck]",
        ),
        click.option(
            "--cloudpickle",
            "cloudpickles",
            multiple=True,
            metavar="SPEC",
            help="Releases of cloudpickle, such as 3.1.2, '>=3' or minors.  [default: latest]",
        ),
        click.option("--with", "requirements", multiple=True, metavar="REQUIREMENT", help="Install this package too."),
        click.option("--with-editable", "editables", multiple=True, metavar="PATH", help="Install this project too."),
        click.option(
            "--with-requirements",
            "requirement_files",
            multiple=True,
            metavar="FILE",
            help="Install these requirements too; Pydantic stays what its axis says.",
        ),
        click.option("--offline", is_flag=True, help="Use what is cached, and name what is missing."),
        click.option("--download-pythons", "download", is_flag=True, help="Have uv download Pythons that are missing."),
    )


def version_options(function: Function) -> Function:
    """Add the version axes, which come as ``given``: what the command line and its matrix file say together."""

    @functools.wraps(function)
    def command(
        given: MatrixFile, pydantics: tuple[str, ...], excludes: tuple[str, ...], file: str | None, **others: object
    ) -> object:
        base = MatrixFile(Path()) if file is None else read_matrix_file(find_matrix_file(file))
        if not (pydantics or base.pydantic):
            base = overlaid(read_matrix_file(find_matrix_file(_DEFAULT)), base)
        rules = (*base.exclude, *map(parse_rule, excludes))
        return function(given=overlaid(base, replace(given, pydantic=pydantics, exclude=rules)), **others)

    return install_options(
        with_options(
            command,
            click.option(
                "--pydantic",
                "pydantics",
                multiple=True,
                metavar="SPEC",
                help="Releases: 2.13.4, 2.14 (its newest patch), '2.14.*', '>=2.12,<2.14', minors, all, latest, lowest,"
                " pre (the newest, be it a pre-release)."
                "  [default: the newest patch of each minor, and each release that behaves differently]",
            ),
            click.option(
                "--exclude",
                "excludes",
                multiple=True,
                metavar="RULE",
                help="Leave out, as in 'python>=3.13 pydantic<2.8'.",
            ),
            click.option(
                "--matrix",
                "file",
                metavar="FILE.toml",
                help="Axes from a file; flags win."
                "  [built in: cross, full, patches-2.14, pydantic, pythons, report, states]",
            ),
        )
    )


def overlaid(base: MatrixFile, over: MatrixFile) -> MatrixFile:
    """Return ``base`` with what ``over`` says in its place; what is empty there says nothing."""
    said = {name: value for name, value in vars(over).items() if value not in ((), None) and name != "path"}
    return replace(base, **said)


def make_extras(given: MatrixFile) -> Extras:
    """Check what is to be installed besides; raises UsageError."""
    for text in given.requirements:
        if not _is_requirement(text):
            msg = f"--with {text!r} is no requirement."
            raise UsageError(msg, "Write it as pip would take it, as in --with 'attrs>=23'.")
    for name in given.editables:
        if not any((Path(name) / marker).is_file() for marker in PROJECT_FILES):
            msg = f"--with-editable {name!r} is no Python project."
            raise UsageError(msg, "It must be a folder with a pyproject.toml or a setup.py.")
    for name in given.requirement_files:
        if not Path(name).is_file():
            msg = f"--with-requirements {name!r} is no file."
            raise UsageError(msg, "Give the path of a requirements file.")
    return Extras(given.requirements, _resolved(given.editables), _resolved(given.requirement_files))


def _is_requirement(text: str) -> bool:
    try:
        Requirement(text)
    except InvalidRequirement:
        # Paths and addresses without a name are for uv to understand.
        return "/" in text and not text.startswith("-")
    return True


def _resolved(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(Path(name).resolve()) for name in names)
