"""Options that several commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from picklecheck.model import FIXES, RECEIVERS, SITES
from picklecheck.plan import Axes, parse_serializer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Function = TypeVar("Function", bound="Callable[..., Any]")
_DEFAULTS = Axes()


def _all(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def axis_options(function: Function) -> Function:
    """Add the axes of a cell: ``serializers``, ``sites``, ``receivers``, ``fixes``."""
    return _all(
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
            help="Where the producer evaluates the specialization.  [default: main, function]",
        ),
        click.option(
            "--receiver",
            "receivers",
            multiple=True,
            type=click.Choice(RECEIVERS),
            help="What the receiver did before it loads.  [default: cold, warm]",
        ),
        click.option(
            "--fix",
            "fixes",
            multiple=True,
            type=click.Choice(FIXES),
            help="Fix that is active in the producer.  [default: all three]",
        ),
    )(function)


def process_options(function: Function) -> Function:
    """Add how the processes run: ``isolation``, ``jobs``, ``timeout``."""
    return _all(
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
            help="How long one child may take.",
        ),
    )(function)


def output_options(formats: Sequence[str]) -> Callable[[Function], Function]:
    """Add where the report goes: ``form``, ``files``, ``verbose``, ``quiet``, ``exit_zero``."""
    return _all(
        click.option("--format", "form", type=click.Choice(formats), default=formats[0], show_default=True),
        click.option(
            "--output",
            "files",
            multiple=True,
            metavar="FORMAT=PATH",
            help="Also write the report to a file; may be given several times.",
        ),
        click.option("--verbose", "-v", count=True, help="List every cell that failed."),
        click.option("--quiet", "-q", count=True, help="Print the answer alone."),
        click.option("--exit-zero", is_flag=True, help="End with 0 in spite of findings."),
    )


def make_axes(serializers: Sequence[str], sites: Sequence[str], receivers: Sequence[str], fixes: Sequence[str]) -> Axes:
    """Return the axes of these values, each once; the defaults where there is none. Raises UsageError."""
    return Axes(
        tuple(dict.fromkeys(map(parse_serializer, serializers))) or _DEFAULTS.serializers,
        tuple(dict.fromkeys(sites)) or _DEFAULTS.sites,
        tuple(dict.fromkeys(receivers)) or _DEFAULTS.receivers,
        tuple(dict.fromkeys(fixes)) or _DEFAULTS.fixes,
    )
