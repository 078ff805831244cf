"""The report as Markdown, for a pull request's comment and the summary of a step."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import Judgement
from picklecheck.reports.phrases import (
    CURES,
    ELSEWHERE,
    NOT_AS_RECORDED,
    changed,
    excuse,
    explanation,
    one_line,
    severity,
    standing,
    title,
    verdict,
    where,
    where_recorded,
)
from picklecheck.reports.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from picklecheck.model import Trial
    from picklecheck.reports.document import Document, Row

_EXAMPLES = 5
_COLUMNS = (
    Judgement.PASSED,
    Judgement.TOLERATED,
    Judgement.UNSUPPORTED,
    Judgement.FINDING,
    Judgement.UNDECIDED,
)
# What GitHub's Markdown reads as markup in the middle of a line.
_MARKUP = re.compile(r"([\\`*_\[\]~$])")


@dataclass
class _Found:
    """The rows that are shown by themselves, and the counts of the others."""

    checked: int = 0
    findings: list[Row] = field(default_factory=list)
    undecided: list[Row] = field(default_factory=list)
    tolerated: Counter[tuple[str, str]] = field(default_factory=Counter)
    judgements: Counter[tuple[str, Judgement]] = field(default_factory=Counter)
    is_crossed: bool = False


@dataclass(frozen=True)
class _Section:
    """A part of the report; without a row of ``rows`` it says nothing. ``is_long``: the first to be cut."""

    name: str
    opening: str
    rows: Sequence[str]
    closing: str = ""
    is_long: bool = False


def render(document: Document, limit: int | None = None) -> str:
    """Return the report, in at most ``limit`` bytes of UTF-8; rows and sections that do not fit are left out."""
    return _fitted([one for one in _sections(document, _read(document)) if one.rows], limit)


def code(text: str) -> str:
    """Return ``text`` as a code span on one line: nothing in it is markup."""
    words = one_line(text)
    if not words:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", words)), default=0))
    space = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{space}{words}{space}{fence}"


def escaped(text: str) -> str:
    """Return ``text`` as prose on one line, in which nothing is markup and nobody is mentioned."""
    words = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub looks for mentions after it has read the escapes; a space without width keeps it from finding any.
    return _MARKUP.sub(r"\\\1", words).replace("@", "@\u200b")


def _read(document: Document) -> _Found:
    found = _Found()
    for row in document.rows():
        found.checked += 1
        found.judgements[row.environment, row.judgement] += 1
        found.is_crossed |= row.receiver_environment not in (None, row.environment)
        if row.judgement is Judgement.FINDING:
            found.findings.append(row)
        elif row.judgement is Judgement.UNDECIDED:
            found.undecided.append(row)
        elif row.judgement is Judgement.TOLERATED:
            found.tolerated[row.code or "", row.outcome.value] += 1
    # Where something is cut, the worst is not.
    found.findings.sort(key=severity)
    return found


def _sections(document: Document, found: _Found) -> Iterator[_Section]:
    heading = f"## picklecheck: {verdict(document.exit_status, len(found.findings))}\n"
    yield _Section("the answer", heading, [f"\n{escaped(line)}\n" for line in document.answer] or ["\n"])
    yield _environments(document, found)
    yield _findings(found.findings)
    yield _undecided(found.undecided)
    yield _causes([*found.findings, *found.undecided], document.trials)
    if document.comparison is not None:
        missing = document.comparison.of(Status.MISSING)
        yield _Section(
            "missing",
            f"\n### Missing\n\n{CURES[Status.MISSING]}\n\n" + _table_head("cell", "environment", "recorded"),
            [
                _row(
                    code(one.place.cell),
                    code(where_recorded(one.place)),
                    escaped(str(one.entry.finding)) if one.entry else "",
                )
                for one in missing
            ],
            is_long=True,
        )
        unchecked = [one.place.cell for one in document.comparison.of(Status.NOT_CHECKED)]
        more = f" and {len(unchecked) - _EXAMPLES:,} more" if len(unchecked) > _EXAMPLES else ""
        examples = ", ".join(code(one) for one in unchecked[:_EXAMPLES])
        entries = "1 entry" if len(unchecked) == 1 else f"{len(unchecked):,} entries"
        line = f"{entries} of the baseline had no part in this run: {examples}{more}.\n"
        yield _Section("not checked", "\n### Not checked\n\n", [line] if unchecked else [])
    yield _tolerated(found.tolerated)


def _environments(document: Document, found: _Found) -> _Section:
    names = [one.value if one is not Judgement.FINDING else "findings" for one in _COLUMNS]
    rows = [
        _row(
            code(one.id),
            *(escaped(version or "-") for version in (one.python, one.pydantic, one.cloudpickle)),
            *(f"{found.judgements[one.id, judgement]:,}" for judgement in _COLUMNS),
        )
        for one in document.environments
        if one.is_available
    ]
    notes = ["\nCells between two environments are counted where the value was dumped.\n"] if found.is_crossed else []
    lost = [
        f"- {code(one.id)} is {escaped(one.status)}: {code(one.reason or 'no reason was told')}\n"
        for one in document.environments
        if not one.is_available
    ]
    if lost and rows:
        lost[0] = "\n" + lost[0]
    head = _table_head("environment", "Python", "Pydantic", "cloudpickle", *names) if rows else ""
    return _Section("environments", f"\n### Environments\n\n{head}", [*rows, *notes, *lost])


def _findings(rows: Sequence[Row]) -> _Section:
    # In the order of the words, not of the rows.
    here = [one for one in NOT_AS_RECORDED if any(standing(row) == one.value for row in rows)]
    return _Section(
        "findings",
        "\n### Findings\n\n" + _table_head("cell", "environment", "status", "outcome", "code", "reason"),
        [
            _row(code(row.cell.id), code(where(row)), _status(row), row.outcome.value, row.code or "", code(row.reason))
            for row in rows
        ],
        "".join(f"\n{one.value}: {CURES[one]}\n" for one in here),
        is_long=True,
    )


def _status(row: Row) -> str:
    word = standing(row)
    if row.standing is None or row.standing.status.value != word:
        return word
    return escaped(", ".join(part for part in (word, changed(row.standing), excuse(row.standing.entry)) if part))


def _undecided(rows: Sequence[Row]) -> _Section:
    head = _table_head("cell", "environment", "code", "reason")
    cells = [_row(code(row.cell.id), code(where(row)), row.code or "", code(row.reason)) for row in rows]
    return _Section("undecided", f"\n### Undecided\n\n{head}", cells, is_long=True)


def _causes(rows: Sequence[Row], trials: Iterable[Trial]) -> _Section:
    counts = Counter((row.code, row.outcome.value) for row in rows if row.code is not None)
    paragraphs = []
    for (name, outcome), number in sorted(counts.items()):
        # The pages are ours, and written in Markdown.
        fixes = {row.cell.fix for row in rows if row.code == name}
        parts = "\n".join(f"- **{label}:** {words}" for label, words in explanation(name, fixes, trials))
        paragraphs.append(f"\n**{name} {outcome}: {title(name)}** ({counted(number, 'cell')})\n\n{parts}\n")
    return _Section("causes", "\n### Causes\n", paragraphs)


def _tolerated(counts: Counter[tuple[str, str]]) -> _Section:
    rows = [
        f"- {name} {outcome}: {title(name)} ({counted(number, 'cell')})\n"
        for (name, outcome), number in sorted(counts.items())
        if name
    ]
    summary = counted(counts.total(), "tolerated failure")
    return _Section("tolerated", f"\n<details>\n<summary>{summary}</summary>\n\n", rows, "\n</details>\n")


def _table_head(*names: str) -> str:
    return _row(*names) + _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    # A bar ends a cell even inside a code span, and an escaped one is read before everything else.
    told = (one.replace("|", "\\|") for one in cells)
    return f"| {' | '.join(told)} |\n"


def _fitted(sections: Sequence[_Section], limit: int | None) -> str:
    whole = "".join(_text(one, len(one.rows)) for one in sections)
    if limit is None or len(whole.encode()) <= limit:
        return whole
    # The note is never longer than one that says that everything was cut.
    room = limit - len(_note({one.name: len(one.rows) for one in sections}).encode())
    kept = dict.fromkeys((one.name for one in sections), 0)
    for one in sorted(sections, key=lambda one: one.is_long):
        size = len(f"{one.opening}{one.closing}".encode())
        for number, row in enumerate(one.rows, 1):
            size += len(row.encode())
            if size > room:
                break
            kept[one.name] = number
        if kept[one.name]:
            room -= len(_text(one, kept[one.name]).encode())
    text = "".join(_text(one, kept[one.name]) for one in sections if kept[one.name])
    text += _note({one.name: len(one.rows) - kept[one.name] for one in sections})
    return text.encode()[:limit].decode(errors="ignore")


def _text(section: _Section, rows: int) -> str:
    return section.opening + "".join(section.rows[:rows]) + section.closing


def _note(cut: dict[str, int]) -> str:
    names = ", ".join(f"{number:,} of {name}" for name, number in cut.items() if number)
    return f"\n... and {sum(cut.values()):,} more rows were cut ({names}); {ELSEWHERE}.\n"
