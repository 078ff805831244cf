"""The report as JUnit XML, which build servers read: a suite for each environment, a case for each cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import Judgement
from picklecheck.reports.phrases import (
    CURES,
    NOT_AS_RECORDED,
    complaint,
    excuse,
    explanation,
    movement,
    shortfall,
    title,
    tolerance,
    unchecked,
    where,
    where_recorded,
)
from picklecheck.reports.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from picklecheck.model import Trial
    from picklecheck.reports.document import Document, Row

_ELEMENTS = {
    Judgement.FINDING: "failure",
    Judgement.UNDECIDED: "error",
    Judgement.TOLERATED: "skipped",
    Judgement.UNSUPPORTED: "skipped",
}


@dataclass
class _Counts:
    tests: int = 0
    time: float = 0.0
    elements: Counter[str] = field(default_factory=Counter)
    # How often rows of this suite come after rows of another one.
    runs: int = 0

    def add(self, row: Row) -> None:
        self.tests += 1
        self.time += row.duration_s
        if row.judgement in _ELEMENTS:
            self.elements[_ELEMENTS[row.judgement]] += 1


@dataclass(frozen=True)
class _Extra:
    """A suite of what is no cell; ``element`` is what each of its cases holds."""

    name: str
    element: str
    cases: tuple[str, ...]

    @property
    def counts(self) -> _Counts:
        return _Counts(len(self.cases), elements=Counter({self.element: len(self.cases)}))


def render(document: Document) -> Iterator[str]:
    """Yield the pieces of the document, which is ASCII; a cell is written as it comes, and none is kept."""
    suites = _counted(document)
    extras = list(_extras(document, suites))
    every = [*suites.values(), *(one.counts for one in extras)]
    elements = sum((one.elements for one in every), Counter[str]())
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield _head("testsuites", "picklecheck", _Counts(sum(one.tests for one in every), document.duration_s, elements))
    for name, rows in _grouped(document, suites):
        yield "  " + _head("testsuite", name, suites[name])
        for row in rows:
            yield _case(row, document.trials)
        yield "  </testsuite>\n"
    for extra in extras:
        yield "  " + _head("testsuite", extra.name, extra.counts)
        yield from extra.cases
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _counted(document: Document) -> dict[str, _Counts]:
    suites: dict[str, _Counts] = {}
    for name, rows in groupby(document.rows(), key=where):
        counts = suites.setdefault(name, _Counts())
        counts.runs += 1
        for row in rows:
            counts.add(row)
    return suites


def _grouped(document: Document, suites: dict[str, _Counts]) -> Iterator[tuple[str, Iterable[Row]]]:
    if all(one.runs == 1 for one in suites.values()):
        yield from groupby(document.rows(), key=where)
        return
    # Rows of several suites are mixed: better to read them once for each suite than to keep them all.
    for name in suites:
        yield name, (row for row in document.rows() if where(row) == name)


def _extras(document: Document, suites: dict[str, _Counts]) -> Iterator[_Extra]:
    lost = [one for one in document.environments if not one.is_available]
    for one in lost:
        broken = _element("error", one.reason or one.status, one.status)
        yield _Extra(one.id, "error", (_testcase(one.id, "environment", broken),))
    gone = document.comparison.of(Status.MISSING) if document.comparison else []
    if gone:
        cases = (
            _testcase(
                where_recorded(one.place),
                one.place.cell,
                _element("failure", f"missing: {movement(one)}. {CURES[Status.MISSING]}", "missing"),
            )
            for one in gone
        )
        yield _Extra("baseline", "failure", tuple(cases))
    if unchecked(document):
        skipped = _element("skipped", unchecked(document))
        yield _Extra("not checked", "skipped", (_testcase("baseline", "not checked", skipped),))
    # Else a run that judged nothing would look like one in which nothing failed.
    is_told = bool(lost) or any(one.elements["error"] for one in suites.values())
    words = shortfall(document, sum(one.tests for one in suites.values()), is_told=is_told)
    if words:
        yield _Extra("picklecheck", "error", (_testcase("picklecheck", "run", _element("error", words, "run")),))


def _case(row: Row, trials: Iterable[Trial]) -> str:
    attributes = {"time": f"{row.duration_s:.3f}"}
    if row.location:
        path, _, line = row.location.rpartition(":")
        attributes |= {"file": path, "line": line}
    return _testcase(where(row), row.cell.id, _told(row, trials), attributes)


def _told(row: Row, trials: Iterable[Trial]) -> str:
    kind = " ".join(word for word in (row.code, row.outcome.value) if word)
    if row.judgement is Judgement.PASSED:
        return ""
    if row.judgement is Judgement.FINDING:
        is_fixed = row.standing is not None and row.standing.status is Status.FIXED
        return _element("failure", complaint(row), "fixed" if is_fixed else kind, "\n".join(_body(row, trials)))
    if row.judgement is Judgement.UNDECIDED:
        return _element("error", row.reason, kind, "\n".join(_body(row, trials)))
    return _element("skipped", tolerance(row))


def _body(row: Row, trials: Iterable[Trial]) -> Iterator[str]:
    if row.code is not None:
        yield f"{row.code}: {title(row.code)}"
        for label, words in explanation(row.code, {row.cell.fix}, trials, row.cell.scenario):
            yield f"{label}: {words}"
    if row.reason:
        yield f"This cell: {row.reason}"
    if row.standing is not None and row.standing.status in NOT_AS_RECORDED:
        # What to do about a regression is told by its code, above.
        cure = "" if row.standing.status is Status.REGRESSED else f" {CURES[row.standing.status]}"
        yield f"Baseline: {row.standing.status.value}: {movement(row.standing)}.{cure}"
        if excuse(row.standing.entry):
            yield f"Recorded with it: {excuse(row.standing.entry)}"


def _head(tag: str, name: str, counts: _Counts) -> str:
    failures, errors, skipped = (counts.elements[one] for one in ("failure", "error", "skipped"))
    numbers = f'tests="{counts.tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    return f'<{tag} name={_attribute(name)} {numbers} time="{counts.time:.3f}">\n'


def _testcase(suite: str, name: str, inner: str, attributes: dict[str, str] | None = None) -> str:
    more = "".join(f" {key}={_attribute(value)}" for key, value in (attributes or {}).items())
    opening = f"    <testcase classname={_attribute(suite)} name={_attribute(name)}{more}"
    return f"{opening}>\n{inner}    </testcase>\n" if inner else f"{opening}/>\n"


def _element(tag: str, message: str, kind: str = "", body: str = "") -> str:
    of_kind = f" type={_attribute(kind)}" if kind else ""
    opening = f"      <{tag}{of_kind} message={_attribute(message)}"
    return f"{opening}>{_content(body)}</{tag}>\n" if body else f"{opening}/>\n"


def _attribute(text: str) -> str:
    return _ascii(quoteattr(printable(text)))


def _content(text: str) -> str:
    # A parser makes a newline of a bare carriage return.
    return _ascii(escape(printable(text), {"\r": "&#13;"}))


def _ascii(text: str) -> str:
    # Whatever the encoding of the file or the terminal, the declaration stays true.
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
