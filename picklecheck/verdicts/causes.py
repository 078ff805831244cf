"""The named causes: one Markdown page each, which is also where the short texts of a report come from."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache

from picklecheck.errors import UsageError, did_you_mean
from picklecheck.resources import resource


@dataclass(frozen=True)
class Cause:
    """A cause as its page tells it; ``happened`` and ``why`` are the first paragraphs of their sections.

    ``cure`` holds what the third section begins with, up to its list: a remedy a paragraph, a line each.
    """

    code: str
    title: str
    happened: str
    why: str
    cure: str
    page: str


def known_codes() -> list[str]:
    """Return the codes that have a page, sorted."""
    return sorted(path.stem for path in resource("codes").glob("PC*.md"))


@cache
def cause(code: str) -> Cause:
    """Return the cause called ``code`` (in any case); raises UsageError."""
    name = code.strip().upper()
    codes = known_codes()
    if name not in codes:
        msg = f"No cause is called {code!r}."
        raise UsageError(msg, f"{did_you_mean(name, codes)}There are: {', '.join(codes)}.")
    page = (resource("codes") / f"{name}.md").read_text(encoding="utf-8")
    title = page.splitlines()[0].removeprefix(f"# {name}").lstrip(": ").strip()
    happened, why = (_paragraphs(page, heading)[0] for heading in ("What happened", "Why"))
    return Cause(name, title, happened, why, "\n".join(_paragraphs(page, "What to do")), page)


@dataclass(frozen=True)
class Remedy:
    """One way out. ``kind`` is ``class`` (the fix), ``origin`` (evaluate it beside its origin), ``hand`` or ``advice``.

    The first two can be tried: they are a value of an axis. ``advice`` leads to a cure, and is none.
    """

    kind: str
    words: str


# What pages tell anybody to do is told by the first word.
_KINDS = {"Call": "class", "Evaluate": "origin", "Move": "hand", "Give": "hand", "Use": "hand"}
FIX = Remedy("class", "Call `from picklecheck.reducers import install; install()` in every process that dumps.")


def remedies(page: Cause) -> list[Remedy]:
    """Return what a page says can be done, the best first."""
    return [Remedy(_KINDS.get(one.partition(" ")[0], "advice"), one) for one in page.cure.splitlines()]


def _paragraphs(page: str, heading: str) -> list[str]:
    """Return what a section begins with, up to its first list, code or heading, a line a paragraph; at least one."""
    body = page.partition(f"\n## {heading}\n")[2].partition("\n#")[0].strip()
    paragraphs = re.split(r"\n\s*\n", body)
    prose = itertools.takewhile(lambda one: not one.startswith(("- ", "    ", "|")), paragraphs)
    return [" ".join(one.split()) for one in prose] or [""]
