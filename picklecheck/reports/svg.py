"""A picture of what the terminal shows, as SVG: for a README, where nobody has a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console

from picklecheck.reports.printable import UNPRINTABLE, printable

if TYPE_CHECKING:
    from rich.text import Text

    from picklecheck.reports.view import View

# rich's own template loads its font from another host. Here the reader's own fonts do: each run of text is told its
# length, so the columns stay where they are whichever it is.
_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<style>
.{unique_id}-matrix {{
  font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{
  font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: 18px;
  font-weight: bold;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
# Of DejaVu Sans Mono and Menlo, for the readers that do not heed the length of a run.
_FONT_ASPECT_RATIO = 0.602


def render(text: Text, view: View, title: str) -> str:
    """Return ``text`` as a terminal of ``look.width`` columns shows it; what is longer goes on in the next line."""
    # All that rich would else take from the environment of this process is said here.
    console = Console(
        record=True,
        file=io.StringIO(),
        width=view.width,
        height=25,
        force_terminal=True,
        force_jupyter=False,
        color_system="truecolor",
        no_color=False,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(_clean(text), overflow="fold")
    return console.export_svg(title=printable(title), code_format=_PICTURE, font_aspect_ratio=_FONT_ASPECT_RATIO)


def _clean(text: Text) -> Text:
    """Return a copy without characters that XML cannot hold; each makes room for one, so that the styles stay."""
    clean = text.copy()
    clean.plain = UNPRINTABLE.sub("\ufffd", text.plain)
    # rich makes no frame to clip the last line with, so that has to be an empty one.
    if not clean.plain.endswith("\n"):
        clean.append("\n")
    return clean
