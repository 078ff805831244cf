"""What a test that failed says of one object: the cause, why, and what to do. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.reports.cure_words import what_to_do
from picklecheck.reports.printable import tame
from picklecheck.verdicts.causes import cause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from picklecheck.model import Environment, Result, Trial


def render(result: Result, environment: Environment, trials: Iterable[Trial] = ()) -> str:
    """Return a headline, the facts and the texts of the cause, a line each; ``trials`` tell which cures help."""
    verdict, cell = result.verdict, result.cell
    title = f": {cause(verdict.code).title}" if verdict.code else ""
    code = f"{verdict.code} " if verdict.code else ""
    asked = f"{cell.serializer}, receiver {cell.receiver}, fix {cell.fix}"
    lines = [
        f"{cell.scenario}: {code}{verdict.outcome.value}{title}",
        f"  saw  {verdict.reason}",
        f"  with {asked}, pydantic {environment.pydantic}, python {environment.python}",
    ]
    if verdict.code:
        page = cause(verdict.code)
        cure = what_to_do(page, {cell.fix}, trials)
        lines += [f"  what {page.happened}", f"  why  {page.why}", f"  do   {cure}"]
        lines.append(f"  more picklecheck explain {verdict.code}")
    return tame("\n".join(lines))
