"""What was measured of ``picklecheck.reducers``, as ratios, tables and targets; pure."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

GENERIC = {"flat": "Box[int], two fields", "nested": "Outer[Inner[int]], holding an Inner[int]"}
ORDINARY = {"plain": "a model of two fields", "wide": "a model of five fields"}
SERIALIZERS = ("pickle", "cloudpickle")
OPERATIONS = ("dumps", "loads", "bytes")
INSTANCE_WAYS = ("instance", "mixin", "portable")
CCFLOW_WAYS = ("ccflow reducer", "ccflow model")


@dataclass
class Figures:
    """What each contender took: of each child the least seconds, or bytes; by shape, size and (what, serializer)."""

    cells: dict[tuple[str, int, str], dict[str, list[float]]] = field(default_factory=dict)

    def add(self, shape: str, size: int, found: Mapping[str, Any]) -> None:
        """Take what one child has measured."""
        for name, rounds in found["times"].items():
            self._add(shape, size, name, {contender: min(times) for contender, times in rounds.items()})
        for name, lengths in found["bytes"].items():
            self._add(shape, size, name, lengths)

    def _add(self, shape: str, size: int, name: str, values: Mapping[str, float]) -> None:
        cell = self.cells.setdefault((shape, size, name), {})
        for contender, value in values.items():
            cell.setdefault(contender, []).append(value)

    def sizes(self, shape: str) -> list[int]:
        """Return the sizes that were measured."""
        return sorted({size for known, size, _ in self.cells if known == shape})

    def ratios(self, cell: tuple[str, int, str], over: Sequence[str], under: Sequence[str] = ("stock",)) -> list[float]:
        """Return, of each child, the slowest of some contenders in terms of the fastest of others; none if unknown."""
        values = self.cells.get(cell, {})
        above = [values[name] for name in over if name in values]
        below = [values[name] for name in under if name in values]
        if not above or not below:
            return []
        return [
            max(one) / min(other) for one, other in zip(zip(*above, strict=True), zip(*below, strict=True), strict=True)
        ]


def spread(ratios: Sequence[float]) -> float:
    """Return how far ratios lie apart, in terms of their median."""
    return (max(ratios) - min(ratios)) / statistics.median(ratios)


# Tables


def amount(value: float, operation: str) -> str:
    """Write seconds or bytes with three digits or so."""
    if operation == "bytes":
        return f"{value / 1000:,.0f} kB" if value >= 100_000 else f"{value:,.0f} B"
    for unit, factor in (("us", 1e6), ("ms", 1e3), ("s", 1.0)):
        if value * factor < 999.5 or unit == "s":
            break
    number = value * factor
    return f"{number:.{2 if number < 9.995 else 1 if number < 99.95 else 0}f} {unit}"


def table(figures: Figures, shapes: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of all that was measured of some shapes."""
    for shape, description in shapes.items():
        sizes = figures.sizes(shape)
        if not sizes:
            continue
        yield ""
        yield f"{shape}: {description}"
        for operation in OPERATIONS:
            cells = [[figures.cells[shape, size, f"{operation} {name}"] for size in sizes] for name in SERIALIZERS]
            if cells[0] == cells[1]:
                yield from _block(figures, shape, operation, "both")
            else:
                for name in SERIALIZERS:
                    yield from _block(figures, shape, operation, name)


def _block(figures: Figures, shape: str, operation: str, serializer: str) -> Iterator[str]:
    cells = [
        (shape, size, f"{operation} {SERIALIZERS[0] if serializer == 'both' else serializer}")
        for size in figures.sizes(shape)
    ]
    has_spread = operation != "bytes" and len(figures.ratios(cells[0], ["stock"])) > 1
    yield f"{operation + ', ' + serializer:19}" + "".join(f"{size:>17,}" for _, size, _ in cells) + "   +-" * has_spread
    for contender in figures.cells[cells[0]]:
        ratios = [figures.ratios(cell, [contender]) for cell in cells]
        values = [amount(min(figures.cells[cell][contender]), operation) for cell in cells]
        columns = "".join(
            f"{f'{statistics.median(ratio):.2f}x':>7}{value:>10}" for ratio, value in zip(ratios, values, strict=True)
        )
        apart = f"{max(map(spread, ratios)) / 2:5.1%}" if has_spread and contender != "stock" else ""
        yield f"  {contender:17}{columns}{apart}"


# Targets


@dataclass(frozen=True)
class Target:
    """What a contender should take at most, in terms of another; of several, the slowest and the fastest count."""

    words: str
    what: str
    size: int
    most: float
    over: Sequence[str]
    under: Sequence[str] = ("stock",)

    def row(self, figures: Figures) -> str:
        """Return a line with the figure for each shape and serializer, and the verdict."""
        ratios = [
            figures.ratios((shape, self.size, f"{self.what} {name}"), self.over, self.under)
            for shape in GENERIC
            for name in SERIALIZERS
        ]
        return line(f"{self.words}: {self.what}", ratios, self.most)


def line(words: str, ratios: Sequence[Sequence[float]], most: float) -> str:
    """Return a line of figures against a target, those that miss it marked."""
    columns, missed = "", False
    for ratio in ratios:
        value = statistics.median(ratio) if ratio else 0.0
        missed = missed or value > most
        columns += f"{f'{value:.3f}x' if ratio else '-':>11}{'!' if value > most else ' '}"
    verdict = "unknown" if not all(ratios) else "MISSED" if missed else "met"
    return f"{words:33}{f'<= {most:g}x':>9}{columns} {verdict}"


def generic_targets(sizes: Sequence[int]) -> list[Target]:
    """Return what is wanted of specializations."""
    times = ("dumps", "loads")
    return [
        *(Target("class, 1,000", what, 1000, 1.05, ["class"]) for what in times),
        Target("class, 1,000", "bytes", 1000, 1.01, ["class"]),
        *(Target("class, 1", what, 1, 2.5, ["class"]) for what in times),
        *(Target("class / ccflow, 1", what, 1, 1.0, ["class"], CCFLOW_WAYS) for what in times),
        *(
            Target(f"instance / ccflow, {size:,}", what, size, 0.5 if size == 1000 else 1.0, INSTANCE_WAYS, CCFLOW_WAYS)
            for size in sizes
            for what in times
        ),
    ]


def targets(figures: Figures) -> Iterator[str]:
    """Yield the lines of all targets that are ratios."""
    yield f"{'':42}" + "".join(f"{shape:>11} " for shape in GENERIC for _ in SERIALIZERS)
    yield f"{'':42}" + "".join(f"{name:>11} " for _ in GENERIC for name in SERIALIZERS)
    for target in generic_targets(figures.sizes("flat")):
        yield target.row(figures)
    yield "(instance: the slowest of level, mixin, decorator; ccflow: the faster of its reducer and its model)"
    for shape in ORDINARY:
        sizes = figures.sizes(shape)
        yield f"{shape + ', no specialization':42}" + "".join(f"{size:>11,} " for size in sizes)
        for level in ("class", "instance"):
            for what in ("dumps", "loads"):
                ratios = [
                    max(
                        (figures.ratios((shape, size, f"{what} {name}"), [level]) for name in SERIALIZERS),
                        key=statistics.median,
                    )
                    for size in sizes
                ]
                yield line(f"{level}: {what}", ratios, 1.03)


def limit(words: str, seconds: Sequence[float], most: float | None = None) -> str:
    """Return a line about a time in new interpreters, which has a target or none."""
    least = min(seconds)
    text = f"{words:51}{least * 1e3:8.3f} ms (median {statistics.median(seconds) * 1e3:.3f})"
    return text if most is None else f"{text}, < {most * 1e3:g} ms: {'met' if least < most else 'MISSED'}"
