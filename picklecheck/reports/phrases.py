"""What the reports say of a cell, each in the same words: how it stands, why it is tolerated, what to do. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picklecheck.gate.baseline import Finding
from picklecheck.gate.compare import Status
from picklecheck.gate.exit_status import ExitStatus
from picklecheck.model import Outcome
from picklecheck.reports.cure_words import what_to_do
from picklecheck.reports.printable import printable
from picklecheck.reports.text import counted
from picklecheck.verdicts.causes import cause

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from picklecheck.gate.baseline import Entry, Place
    from picklecheck.gate.compare import Standing
    from picklecheck.model import Trial
    from picklecheck.reports.document import Document, Row

ELSEWHERE = "the whole report is in the other outputs"

# Of these it is told who changed something; the others need no change to come about.
MOVES = (Status.REGRESSED, Status.CHANGED, Status.FIXED)

# Of a cell that was run, and is not as its entry allows.
NOT_AS_RECORDED = (Status.REGRESSED, Status.CHANGED, Status.EXPIRED, Status.FIXED)

CURES = {
    Status.REGRESSED: "The report tells the cause of each code, and what to do; so does `picklecheck explain CODE`.",
    Status.CHANGED: "Look at what is new; if it is meant, record it with `picklecheck baseline update REPORT.json`.",
    Status.EXPIRED: "Mend what fails, or move its `until` in the baseline.",
    Status.FIXED: "Record it with `picklecheck baseline update REPORT.json`, or let it be with `--allow-fixed`.",
    Status.MISSING: "The scenario is gone; `picklecheck baseline prune REPORT.json` takes such entries out.",
}

_VERDICTS = {
    ExitStatus.AS_EXPECTED: "passed",
    ExitStatus.FINDINGS: "findings",
    ExitStatus.USAGE: "wrong usage",
    ExitStatus.COULD_NOT_JUDGE: "could not judge",
    ExitStatus.NOTHING_CHECKED: "nothing was checked",
    ExitStatus.INTERRUPTED: "interrupted",
}

# As compare.py says it; all else that it says is about versions.
_SOURCE_CHANGED = "its source changed"


def one_line(text: str) -> str:
    """Return ``text`` printable and on one line."""
    return " ".join(printable(text).split())


def verdict(exit_status: int, findings: int) -> str:
    """Return the word for the exit status; findings that it forgives are not kept back."""
    if exit_status == ExitStatus.AS_EXPECTED and findings:
        return "findings, forgiven"
    return _VERDICTS[ExitStatus(exit_status)]


def shortfall(document: Document, checked: int, *, is_told: bool) -> str:
    """Say that the whole run fell short: interrupted, nothing checked, or parts missing; empty if it did not.

    ``is_told``: an undecided cell or an unavailable environment tells why the run could not judge.
    """
    if document.interrupted:
        return f"Interrupted: {checked:,} of {document.planned:,} cells were checked."
    if document.exit_status == ExitStatus.COULD_NOT_JUDGE and not is_told:
        return f"A part of the run is missing: {checked:,} of {document.planned:,} cells are here."
    return "Nothing was checked." if document.exit_status == ExitStatus.NOTHING_CHECKED else ""


def unchecked(document: Document) -> str:
    """Say how many recorded cells were not run; empty if all were."""
    left = document.comparison.of(Status.NOT_CHECKED) if document.comparison else []
    return f"{counted(len(left), 'recorded cell')} {'was' if len(left) == 1 else 'were'} not checked." if left else ""


def where(row: Row) -> str:
    """Return the environment of a row; ``WRITER -> READER`` if there are two."""
    return _pair(row.environment, row.receiver_environment or row.environment)


def where_recorded(place: Place) -> str:
    """Return the same of a place, in which both are always named."""
    return _pair(place.environment, place.receiver_environment)


def _pair(writer: str, reader: str) -> str:
    return writer if writer == reader else f"{writer} -> {reader}"


def found(row: Row) -> str:
    """Return ``load-error PC201 AttributeError``."""
    return str(Finding(row.outcome, row.code, row.exception))


def standing(row: Row) -> str:
    """Return the word for what is wrong with a finding: how it stands to the baseline, or ``broken``."""
    if row.standing is not None and row.standing.status in NOT_AS_RECORDED:
        return row.standing.status.value
    return "broken"


def change(one: Standing) -> str:
    """Say who changed something since the entry was recorded: upstream (the versions), you (the source), or both."""
    words = [word for word in one.why.split(", ") if word]
    if not words:
        return "neither versions nor source changed"
    if _SOURCE_CHANGED not in words:
        return "upstream changed"
    return "you changed" if len(words) == 1 else "both changed"


def changed(one: Standing) -> str:
    """Return ``upstream changed: pydantic 2.14.3 -> 2.14.4``; empty where nothing did and nothing had to."""
    if one.why:
        return f"{change(one)}: {one.why}"
    return change(one) if one.status in MOVES else ""


def movement(one: Standing) -> str:
    """Return ``was pass, is load-error PC201 (upstream changed: ...)``, as far as there is a then and a now."""
    then = one.entry.finding if one.entry else "not recorded"
    if one.found is None:
        words = f"recorded as {then}"
    elif one.status is Status.EXPIRED:
        words = f"still {one.found}"
    else:
        words = f"was {then}, is {one.found}"
    return f"{words} ({changed(one)})" if changed(one) else words


def excuse(entry: Entry | None) -> str:
    """Return why a failure is tolerated and how long, as recorded; empty if the entry says neither."""
    reason = entry.reason if entry and entry.reason else ""
    until = f"until {entry.until}" if entry and entry.until else ""
    return f"{reason} ({until})" if reason and until else reason or until


def complaint(row: Row) -> str:
    """Return one sentence on what is wrong with a finding."""
    if row.standing is None or row.standing.status not in NOT_AS_RECORDED:
        return f"broken: it is to pass, and is {found(row)}: {row.reason}"
    told = f"{standing(row)}: {movement(row.standing)}"
    if row.standing.status is Status.FIXED:
        told += "; it passes now, so the baseline is to be updated (`picklecheck baseline update`)"
    return told


def tolerance(row: Row) -> str:
    """Return one sentence on why a cell that does not pass is no finding."""
    entry = row.standing.entry if row.standing else None
    if entry is not None and entry.reason:
        return excuse(entry)
    if entry is not None:
        return f"as recorded: {entry.finding}" + (f" ({excuse(entry)})" if entry.until else "")
    if row.outcome is Outcome.UNSUPPORTED:
        return f"unsupported here: {row.reason}"
    return f"nothing is promised here: {found(row)}: {row.reason}"


def title(code: str) -> str:
    """Return what a cause is called."""
    return cause(code).title


def explanation(
    code: str, fixes: Collection[str], trials: Iterable[Trial], scenario: str | None = None
) -> list[tuple[str, str]]:
    """Return what the page of a cause says, each part with its heading; see ``what_to_do``."""
    page = cause(code)
    cure = what_to_do(page, fixes, trials, scenario)
    return [("What happened", page.happened), ("Why", page.why), ("What to do", cure)]


def remedy(row: Row, trials: Iterable[Trial]) -> str:
    """Return what to do about a cell: what its status asks for, else what the page of its code says."""
    if row.standing is not None and row.standing.status in (Status.CHANGED, Status.EXPIRED):
        return CURES[row.standing.status]
    return what_to_do(cause(row.code), {row.cell.fix}, trials, row.cell.scenario) if row.code else ""


def severity(row: Row) -> int:
    """Return 0 for the worst findings, which are a crash, a hang and a regression, and 1 for the others."""
    is_worst = row.outcome in (Outcome.CRASH, Outcome.TIMEOUT) or standing(row) == Status.REGRESSED.value
    return 0 if is_worst else 1
