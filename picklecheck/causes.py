"""The named causes: one Markdown page each, which is also where the short texts of a report come from."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

from picklecheck.bundle import bundled
from picklecheck.errors import UsageError


@dataclass(frozen=True)
class Cause:
    """A cause as its page tells it; ``happened``, ``why`` and ``cure`` are the first paragraphs of its sections."""

    code: str
    title: str
    happened: str
    why: str
    cure: str
    page: str


def known_codes() -> list[str]:
    """Return the codes that have a page, sorted."""
    return sorted(path.stem for path in bundled("codes").glob("PC*.md"))


@cache
def cause(code: str) -> Cause:
    """Return the cause called ``code`` (in any case); raises UsageError."""
    name = code.strip().upper()
    codes = known_codes()
    if name not in codes:
        near = difflib.get_close_matches(name, codes, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        msg = f"No cause is called {code!r}."
        raise UsageError(msg, f"{hint}There are: {', '.join(codes)}.")
    page = (bundled("codes") / f"{name}.md").read_text(encoding="utf-8")
    title = page.splitlines()[0].removeprefix(f"# {name}").lstrip(": ").strip()
    return Cause(
        name, title, _section(page, "What happened"), _section(page, "Why"), _section(page, "What to do"), page
    )


def _section(page: str, heading: str) -> str:
    body = page.partition(f"\n## {heading}\n")[2].strip()
    paragraph = re.split(r"\n\s*\n|\n#", body)[0]
    return " ".join(paragraph.split())
