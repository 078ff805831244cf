"""Write the lists in docs/README.md: a line for each cause and each decision, as their pages are titled.

``python docs/write_index.py`` writes them anew; a test compares them with the pages.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

DOCS = Path(__file__).resolve().parent
INDEX = DOCS / "README.md"
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written_anew(index: str) -> str:
    """Return the index with its lists made of the pages that there are."""
    return BLOCK.sub(lambda block: f"{block[1]}{_list(block[2])}{block[3]}", index)


def _list(folder: str) -> str:
    """Return the list of a folder's pages: of a title such as "PC101: why" or "1. What", name and rest."""
    lines = []
    for path in sorted((DOCS / folder).glob("*[0-9]*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        name, rest = re.split(r"[:.] ", title, maxsplit=1)
        line = f"- [{name}]({folder}/{path.name}): {rest}"
        lines += textwrap.wrap(line, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    INDEX.write_text(written_anew(INDEX.read_text(encoding="utf-8")), encoding="utf-8")
