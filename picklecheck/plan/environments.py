"""Versions, rules and cells -> what is to be checked in which environment. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from picklecheck.errors import UsageError
from picklecheck.model import EnvironmentSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from picklecheck.model import Cell
    from picklecheck.plan.exclude_rules import Rule


@dataclass(frozen=True)
class Versions:
    """The values of the version axes, exact by now. ``pythons`` are paths and versions of interpreters."""

    pythons: tuple[tuple[str, str], ...]
    pydantics: tuple[str, ...]
    cloudpickles: tuple[str, ...]


@dataclass(frozen=True)
class Extras:
    """What is installed besides Pydantic and cloudpickle: requirements, projects (paths), requirement files (paths)."""

    requirements: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    requirement_files: tuple[str, ...] = ()


@dataclass(frozen=True)
class EnvironmentPlan:
    """What is to be checked in one environment."""

    spec: EnvironmentSpec
    cells: tuple[Cell, ...]


def make_specs(versions: Versions, extras: Extras, rules: Sequence[Rule]) -> tuple[EnvironmentSpec, ...]:
    """Cross the version axes, but for what a rule excludes: by Python, then cloudpickle, then Pydantic, oldest first.

    Raises UsageError if nothing is left.
    """
    specs = {
        spec.id: spec
        # A Python that was built from a checkout calls itself 3.13.0+.
        for path, python in sorted(versions.pythons, key=lambda one: Version(one[1].removesuffix("+")))
        for cloudpickle in sorted(versions.cloudpickles, key=Version)
        for pydantic in sorted(versions.pydantics, key=Version)
        if not any(rule.excludes_environment(python, pydantic, cloudpickle) for rule in rules)
        for spec in [
            EnvironmentSpec(
                path,
                python,
                pydantic,
                cloudpickle,
                extras.requirements,
                extras.editables,
                extras.requirement_files,
            )
        ]
    }
    if not specs:
        msg = "The rules exclude every environment."
        raise UsageError(msg, "Take back an --exclude, or widen an axis.")
    return tuple(specs.values())


def tell_left_out(versions: Versions, rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return a sentence for each rule that leaves environments out, in the order of the rules."""
    left_out: dict[str, dict[str, list[str]]] = {rule.text: {} for rule in rules}
    for _, python in versions.pythons:
        for pydantic in versions.pydantics:
            left = list(versions.cloudpickles)
            for rule in rules:
                gone = [one for one in left if rule.excludes_environment(python, pydantic, one)]
                if gone:
                    some = f" with cloudpickle {' and '.join(gone)}" if len(gone) < len(versions.cloudpickles) else ""
                    left_out[rule.text].setdefault(python, []).append(pydantic + some)
                    left = [one for one in left if one not in gone]
    return tuple(
        f"Left out by the rule {text!r}: " + "; ".join(f"{', '.join(by[one])} on Python {one}" for one in by) + "."
        for text, by in left_out.items()
        if by
    )


def tell_cells_left_out(
    specs: Sequence[EnvironmentSpec], cells: Sequence[Cell], wanted: Sequence[EnvironmentPlan]
) -> tuple[str, ...]:
    """Return a sentence on the cells that the rules leave out of environments, if they do."""
    left = {one.spec.id: len(one.cells) for one in wanted}
    gone = sum(len(cells) - left.get(spec.id, 0) for spec in specs)
    if not gone:
        return ()
    empty = [spec.id for spec in specs if spec.id not in left]
    nothing = f", all of them in {', '.join(empty)}" if empty else ""
    return (f"The rules leave out {gone:,} of {len(specs) * len(cells):,} cells{nothing}.",)


def make_wanted(
    specs: Iterable[EnvironmentSpec], cells: Sequence[Cell], rules: Sequence[Rule]
) -> tuple[EnvironmentPlan, ...]:
    """Return the cells of each environment, but for what a rule excludes; raises UsageError if nothing is left."""
    found = []
    for spec in specs:
        versions = (spec.python_version, spec.pydantic, spec.cloudpickle)
        left = tuple(cell for cell in cells if not any(rule.excludes_cell(cell, *versions) for rule in rules))
        if left:
            found.append(EnvironmentPlan(spec, left))
    if not found:
        msg = "The rules exclude every cell."
        raise UsageError(msg, "Take back an --exclude, or widen an axis.")
    return tuple(found)
