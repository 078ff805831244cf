"""The page that is written from the record: what stands between its markers, and whether the rest explains it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from suite_record import read_record

from picklecheck.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from suite_comparison import Difference
    from suite_record import Row
    from suite_runs import Specialization

PAGE = Path(__file__).resolve().parents[2] / "docs" / "upstream-suites.md"
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NAMES = re.compile(r"<class '[^']*'>|(?<=type variable )\S+|\bas [\w.]+")
_OUTCOMES = ("same", "another class", "another state", "not dumped", "not loaded")


def write_page() -> None:
    """Write each block of the page as the record has it."""
    rows = read_record()
    blocks = {
        "table": table,
        "differences": differences,
        "failing": failing,
        "specializations": specializations,
        "exceptions": exceptions,
        "environments": environments,
    }
    text = PAGE.read_text(encoding="utf-8")
    text = _BLOCK.sub(lambda match: f"{match[1]}{blocks[match[2]](rows)}{match[3]}", text)
    write_atomically(PAGE, [text])


def table(rows: Sequence[Row]) -> str:
    """Return the table of the tests."""
    heads = ["suite", "Python", "level", "tests", "passed", "skipped", "xfailed", "failed without", "failed with"]
    heads += ["differences", "unsteady", "tests that pickle a specialization"]
    entries = [
        [
            *_place(row),
            sum(row.without.values()),
            *(row.without.get(outcome, 0) for outcome in ("passed", "skipped", "xfailed")),
            _failed(row.without),
            _failed(row.fixed),
            len(row.differences),
            len(row.unsteady),
            row.pickling,
        ]
        for row in rows
    ]
    return _table(heads, entries)


def differences(rows: Sequence[Row]) -> str:
    """Return the differences, and the tests about which nothing can be said, as a list."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for one in row.differences:
            alone = "" if one.alone else ", not when run alone"
            text = f"`{one.test}`: {one.without} without the fix, {one.fixed} with it{alone}: `{_reason(one)}`"
            found.setdefault(text, []).append(row)
        for test in row.unsteady:
            found.setdefault(f"`{test}`: no steady outcome", []).append(row)
        for test in row.other_reasons:
            found.setdefault(f"`{test}`: fails either way, with another message", []).append(row)
    return _list(found)


def failing(rows: Sequence[Row]) -> str:
    """Return the tests that fail without the fix, as a list."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for test, reason in row.failing.items():
            found.setdefault(f"`{test}`: `{reason}`", []).append(row)
    return _list(found)


def specializations(rows: Sequence[Row]) -> str:
    """Return the table of the specializations."""
    entries = [
        [*_place(row), sum(row.specializations.values()), *(row.specializations.get(one, 0) for one in _OUTCOMES)]
        for row in rows
        if row.specializations
    ]
    return _table(["suite", "Python", "level", "specializations", *_OUTCOMES], entries)


def exceptions(rows: Sequence[Row]) -> str:
    """Return what does not come back as itself, as a list: why, in which tests, and where."""
    found: dict[str, list[Row]] = {}
    tests: dict[str, set[str]] = {}
    for row in rows:
        for one in row.exceptions:
            found.setdefault(cause(one), []).append(row)
            tests.setdefault(cause(one), set()).add(f"`{_name(one.test)}`")
    return _list({f"`{why}`, in {', '.join(sorted(tests[why]))}": where for why, where in found.items()})


def environments(rows: Sequence[Row]) -> str:
    """Return what each suite was run with, as a list."""
    lines = []
    for row in rows:
        tools = ", ".join(f"{name} {version}" for name, version in row.tools.items())
        day = f"packages of {row.day}" if row.day else "newest packages"
        tests = "" if row.tests_of == row.version else f"; the tests of {row.tests_of}"
        lines.append(f"- {row.package} {row.version}: Python {row.python}, {tools}; {day}{tests}.")
        lines += [f"  - could not be installed, and is left out: {one}." for one in row.left_out]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def find_unexplained(rows: Sequence[Row]) -> list[str]:
    """Return the differences and the specializations that the page's prose does not quote.

    A difference is quoted with its reason, and a specialization by its cause, or by its test where there is none.
    """
    prose = " ".join(_BLOCK.sub("", PAGE.read_text(encoding="utf-8")).split()) if PAGE.exists() else ""
    names = [f"{_name(one.test)}: {_reason(one)}" for row in rows for one in row.differences]
    names += [test for row in rows for test in row.other_reasons]
    names += [cause(one) if one.reason else _name(one.test) for row in rows for one in row.exceptions]
    return [name for name in dict.fromkeys(names) if name not in prose]


def cause(one: Specialization) -> str:
    """Return why a specialization is not the same, in the words that all of its kind have in common."""
    reason = _NAMES.sub("...", one.reason.partition(";")[0])
    return f"{one.outcome}: {reason}" if reason else one.outcome


def _reason(one: Difference) -> str:
    """Return the failure's first line, in which older pytests write a class as its repr."""
    return re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"\1", one.reason_fixed or one.reason_without)


def _name(test: str) -> str:
    return test.rpartition("::")[2].partition("[")[0]


def _failed(counts: Mapping[str, int]) -> int:
    return counts.get("failed", 0) + counts.get("error", 0)


def _place(row: Row) -> list[object]:
    return [f"{row.package} {row.version}", row.minor, row.level]


def _table(heads: Sequence[str], entries: Sequence[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(map(str, line)) + " |" for line in (heads, ["---"] * len(heads), *entries)]
    return "\n".join(lines) + "\n"


def _list(found: Mapping[str, Sequence[Row]]) -> str:
    lines = []
    for text, rows in found.items():
        levels: dict[str, dict[str, None]] = {}
        for row in rows:
            levels.setdefault(f"{row.package} {row.version} on {row.minor}", {})[row.level] = None
        places = [f"{place} ({', '.join(those)})" for place, those in levels.items()]
        lines.append(f"- {text}. In {', '.join(places)}.")
    return "\n".join(lines or ["None."]) + "\n"
