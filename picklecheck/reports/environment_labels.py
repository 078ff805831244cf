"""The environments of a matrix as a report names them: one row each, called by what tells it from the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version
from rich.text import Text

from picklecheck.matrix_report import Pair
from picklecheck.reports.text import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from picklecheck.matrix_report import Mark, MatrixReport
    from picklecheck.model import Cell, Environment
    from picklecheck.reports.view import View

_LISTED = 4


def row_labels(environments: Sequence[Environment]) -> dict[str, str]:
    """Return the label of each environment by its id: the version of Pydantic, and what else varies.

    ``2.14.3``, ``2.14.3 py3.12``, ``2.14.3 cp2.2.1``; an id where that would call two environments the same.
    """
    pythons = {one.python for one in environments} - {None}
    minors = {_minor(python) for python in pythons if python}
    labels = {}
    for one in environments:
        words = [one.pydantic or one.id]
        if len(pythons) > 1:
            python = one.python or "-unknown"
            words.append("py" + (_minor(python) if len(minors) == len(pythons) else python))
        if len({one.cloudpickle for one in environments}) > 1:
            words.append(f"cp{one.cloudpickle or '-none'}")
        labels[one.id] = " ".join(words)
    often = Counter(labels.values())
    return {name: label if often[label] == 1 else name for name, label in labels.items()}


def is_available(environment: Environment) -> bool:
    """Could the environment be had?"""
    return environment.is_available


def own_rows(report: MatrixReport) -> Iterator[tuple[Environment, list[tuple[Cell, Mark]]]]:
    """Yield each available environment and what it showed of payloads that it wrote itself."""
    pairs = set(report.matrix_results.pairs)
    for environment in filter(is_available, report.environments):
        pair = Pair(environment.id, environment.id)
        yield environment, list(report.matrix_results.row(pair)) if pair in pairs else []


def where(pair: Pair, labels: Mapping[str, str]) -> str:
    """Return in which environments a cell was run, as the end of a sentence."""
    if pair.producer == pair.receiver:
        return f"with {labels[pair.producer]}"
    return f"written by {labels[pair.producer]} and read by {labels[pair.receiver]}"


def heading(report: MatrixReport, view: View) -> Text:
    """Return what is the same for all rows and what varies, then the notes, then an empty line.

    Versions alone where only the answer is wanted: without them it is none.
    """
    environments = list(filter(is_available, report.environments)) or list(report.environments)
    words = "  ".join(
        f"{name} {_versions([getattr(one, name) for one in environments])}"
        for name in ("python", "pydantic", "cloudpickle")
    )
    text = wrapped(words if environments else "no environments", view.width, style="bold")
    if view.verbosity < 0:
        return text
    for note in report.notes:
        text.append_text(wrapped(note, view.width, rest="  "))
    return text.append("\n")


def unavailable(report: MatrixReport, view: View) -> Text:
    """Return why environments could not be had, those with the same reason together, and an empty line."""
    labels = row_labels(report.environments)
    by_reason: dict[str, list[str]] = {}
    for one in report.environments:
        if not is_available(one):
            by_reason.setdefault(reason_of(one), []).append(labels[one.id])
    text = Text()
    for reason, names in by_reason.items():
        text.append_text(wrapped(f"{', '.join(names)}: {reason}", view.width, "unavailable: ", "  ", style="magenta"))
    return text.append("\n") if by_reason else text


def reason_of(environment: Environment) -> str:
    """Return why an environment could not be had, on one line."""
    return " ".join((environment.reason or "no reason was given").split())


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2])


def _versions(versions: Sequence[str | None]) -> str:
    """Return ``3.11.7``; ``3.8.18, 3.11.7``; ``2.0.3 to 2.14.3``."""
    known = [version for version in dict.fromkeys(versions) if version]
    try:
        known.sort(key=Version)
    except InvalidVersion:
        known.sort()
    if len(known) > _LISTED:
        return f"{known[0]} to {known[-1]}"
    return ", ".join(known) or "none"
