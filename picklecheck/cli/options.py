"""Options that several commands have. Each group of them reaches the command as one argument."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from picklecheck.cli import outputs
from picklecheck.errors import UsageError
from picklecheck.harness.settings import make_settings
from picklecheck.model import FIXES, RECEIVERS, SITES
from picklecheck.plan.cells import Axes, parse_serializer
from picklecheck.plan.sharding import parse_shard
from picklecheck.reports.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from picklecheck.reports.formats import Rendering

    Function = Callable[..., Any]

_DEFAULTS = Axes()
# What must mean something for the cells that are asked for, and the parameter that holds it.
_AXES = {"site": "sites", "receiver": "receivers", "fix": "fixes"}


def with_options(function: Function, *options: Callable[[Function], Function]) -> Function:
    """Add options to a command, shown in this order."""
    for option in reversed(options):
        function = option(function)
    return function


@dataclass(frozen=True)
class AxisOptions:
    """The values of the axes of a cell as they were typed; none of an axis means its default.

    ``asked`` names the axes that were given where the selection was, or on the command line.
    """

    serializers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def axes(self) -> Axes:
        """Return the axes, each value once; raises UsageError."""
        receivers, fixes = tuple(dict.fromkeys(self.receivers)), tuple(dict.fromkeys(self.fixes))
        return Axes(
            serializers=tuple(dict.fromkeys(map(parse_serializer, self.serializers))) or _DEFAULTS.serializers,
            sites=tuple(dict.fromkeys(self.sites)) or _DEFAULTS.sites,
            receivers=receivers or _DEFAULTS.receivers,
            fixes=fixes or _DEFAULTS.fixes,
            target_fixes=fixes or _DEFAULTS.target_fixes,
            target_receivers=receivers or _DEFAULTS.target_receivers,
            script_receivers=receivers or _DEFAULTS.script_receivers,
            asked=self.asked,
        )


def asked_axes(context: click.Context) -> tuple[str, ...]:
    """Return the axes that were given on the command line, or where the selection was given.

    A configuration says for all of its scenarios what it is to be; of one that is typed it may mean nothing.
    """
    selection = context.get_parameter_source("target" if "target" in context.params else "selection")
    found = {name: context.get_parameter_source(parameter) for name, parameter in _AXES.items()}
    meant = {ParameterSource.COMMANDLINE, selection} - {ParameterSource.DEFAULT}
    return tuple(name for name, source in found.items() if source in meant)


def axis_options(function: Function) -> Function:
    """Add the axes of a cell, which come as ``words``: AxisWords."""

    @functools.wraps(function)
    def command(
        serializers: tuple[str, ...],
        sites: tuple[str, ...],
        receivers: tuple[str, ...],
        fixes: tuple[str, ...],
        **others: object,
    ) -> object:
        asked = asked_axes(click.get_current_context())
        return function(words=AxisOptions(serializers, sites, receivers, fixes, asked), **others)

    return with_options(
        command,
        click.option(
            "--serializer",
            "serializers",
            multiple=True,
            metavar="pickle[:PROTOCOL]|cloudpickle|dill",
            help="Serializer; pickle alone means its highest protocol.  [default: pickle, cloudpickle]",
        ),
        click.option(
            "--site",
            "sites",
            multiple=True,
            type=click.Choice(SITES),
            help="Where the producer evaluates the specialization; targets have no choice.  [default: main, function]",
        ),
        click.option(
            "--receiver",
            "receivers",
            multiple=True,
            type=click.Choice(RECEIVERS),
            metavar="STATE",
            help=f"What the receiver did before it loads: {', '.join(RECEIVERS)}."
            f"  [default: {', '.join(_DEFAULTS.receivers)}; for targets {', '.join(_DEFAULTS.target_receivers)};"
            f" for scripts {', '.join(_DEFAULTS.script_receivers)}]",
        ),
        click.option(
            "--fix",
            "fixes",
            multiple=True,
            type=click.Choice(FIXES),
            help="Fix that is active in the producer.  [default: all three; for targets none]",
        ),
    )


def process_options(function: Function) -> Function:
    """Add how the processes run, which comes as ``settings``: Settings."""

    @functools.wraps(function)
    def command(path: tuple[str, ...], isolation: str, jobs: int | None, timeout: float, **others: object) -> object:
        return function(settings=make_settings(isolation, jobs, timeout, path), **others)

    return with_options(
        command,
        click.option(
            "--path",
            multiple=True,
            type=click.Path(exists=True, file_okay=False),
            help="Folder to import targets from.  [default: the working folder, or that of the configuration file]",
        ),
        click.option(
            "--isolation",
            type=click.Choice(["auto", "fork", "spawn"]),
            default="auto",
            show_default=True,
            help="How children start: forked off a warmed-up process, or as new interpreters.",
        ),
        click.option("--jobs", "-j", type=click.IntRange(min=1), help="Workers.  [default: the number of cores]"),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=30.0,
            show_default=True,
            metavar="SECONDS",
            help="How long your code may take in one child: importing, building, dumping, loading.",
        ),
    )


def shard_option(function: Function) -> Function:
    """Add the part of the plan that is to be run, which comes as ``shard``: Shard or None."""

    @functools.wraps(function)
    def command(shard: str | None, **others: object) -> object:
        return function(shard=None if shard is None else parse_shard(shard), **others)

    return with_options(
        command,
        click.option("--shard", metavar="I/N", help="Check only this part of the plan; 'picklecheck merge' joins all."),
    )


@dataclass(frozen=True)
class Delivery:
    """Where a report goes, how it looks, how much it says, and whether findings are forgiven.

    A target without a path is stdout. ``fallback`` is the usual format.
    """

    form: str
    targets: tuple[tuple[str, Path | None], ...]
    color: str
    verbosity: int
    is_quiet: bool
    exit_zero: bool
    fallback: str

    def refuse_overwriting(self, *names: str) -> None:
        """Raise UsageError if a file that the command reads would be written over."""
        read = {Path(name).resolve(): name for name in names if name not in ("", "-")}
        for kind, path in self.targets:
            if path is not None and path.resolve() in read:
                msg = f"--output {kind}={path} would overwrite {read[path.resolve()]!r}, which is read."
                raise UsageError(msg, "Give the report a file of its own.")

    @property
    def tells_causes(self) -> bool:
        """Does anything that is asked for say why, and what to do? The quiet grid does not."""
        return not self.is_quiet or self.form != "grid" or bool(self.targets)

    def wants(self, form: str) -> bool:
        """Is a format asked for, on stdout or in a file?"""
        return form in (self.form, *(kind for kind, _ in self.targets))

    def without(self, form: str) -> Delivery:
        """Leave out a format; where stdout was to have it, the usual one takes its place."""
        return replace(
            self,
            form=self.fallback if self.form == form else self.form,
            targets=tuple(target for target in self.targets if target[0] != form),
        )

    def remark(self, lines: Sequence[str]) -> None:
        """Say on stderr what the format on stdout has no sentence for."""
        if not lines or self.form in ("grid", "markdown", "svg"):
            return
        for line in lines:
            click.echo(f"picklecheck: {printable(line)}", err=True)

    def deliver(self, formats: Mapping[str, Rendering]) -> None:
        """Print the report and write it to each file; raises the first UsageError, when the others are written."""
        errors = []
        for kind, path in [(self.form, None), *self.targets]:
            try:
                if path is None:
                    outputs.show(kind, formats, self.verbosity, self.color)
                else:
                    outputs.write(kind, path, formats, self.verbosity)
            except UsageError as error:
                errors.append(error)
        if errors:
            raise errors[0]


def output_options(
    formats: Sequence[str], verbose: str = "List every cell that failed."
) -> Callable[[Function], Function]:
    """Return a decorator that adds where the report goes, which comes as ``delivery``: Delivery."""

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def command(  # noqa: PLR0913 - one parameter an option
            form: str,
            files: tuple[str, ...],
            color: str,
            verbosity: int,
            quiet: int,
            *,
            exit_zero: bool,
            **others: object,
        ) -> object:
            targets = tuple(outputs.check_all(files, formats))
            is_quiet = bool(quiet)
            delivery = Delivery(form, targets, color, verbosity - quiet, is_quiet, exit_zero, fallback=formats[0])
            return function(delivery=delivery, **others)

        return with_options(
            command,
            click.option("--format", "form", type=click.Choice(formats), default=formats[0], show_default=True),
            click.option(
                "--output",
                "files",
                multiple=True,
                metavar="FORMAT=PATH",
                help="Also write the report to a file (- is stdout); may be given several times.",
            ),
            click.option(
                "--color",
                type=click.Choice(["auto", "always", "never"]),
                default="auto",
                show_default=True,
                help="Colors on stdout; auto heeds NO_COLOR, FORCE_COLOR and TERM=dumb.",
            ),
            click.option("--verbose", "-v", "verbosity", count=True, help=verbose),
            click.option("--quiet", "-q", count=True, help="Print the answer alone."),
            click.option("--exit-zero", is_flag=True, help="End with 0 in spite of findings."),
        )

    return decorate
