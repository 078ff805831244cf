"""Draw docs/architecture.svg: the layers of the package, as the contract in pyproject.toml has them.

python docs/draw_architecture.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.sax.saxutils import escape

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPOSITORY = Path(__file__).resolve().parent.parent
PICTURE = REPOSITORY / "docs" / "architecture.svg"

_WIDTH = 620
_LEFT = 60
_GAP = 10
_BOX_HEIGHT = 28
_ROW_HEIGHT = _BOX_HEIGHT + _GAP
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>The layers of picklecheck: each may import what stands below it</title>
<style>
text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; text-anchor: middle; fill: #1f2328; }
rect { fill: none; stroke: #59636e; }
.folder { fill: #ddf4ff; stroke: #0969da; }
.arrow { fill: none; stroke: #59636e; stroke-width: 1.5; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; }
rect { stroke: #9198a1; }
.folder { fill: #121d2f; stroke: #4493f8; }
.arrow { stroke: #9198a1; }
}
</style>
"""


def read_layers(contract: str) -> list[list[str]]:
    """Return the layers of the text of a pyproject.toml, from top to bottom: the siblings of each."""
    contracts = tomllib.loads(contract)["tool"]["importlinter"]["contracts"]
    [layers] = [one["layers"] for one in contracts if one["type"] == "layers"]
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def draw(layers: list[list[str]], folders: set[str]) -> str:
    """Return the picture: a row a layer, a filled box a folder, an empty one a module."""
    height = _GAP + len(layers) * _ROW_HEIGHT
    head = _HEAD.replace("{width}", str(_WIDTH)).replace("{height}", str(height))
    return "\n".join([head.rstrip("\n"), *_arrow(height), *_boxes(layers, folders), "</svg>\n"])


def _boxes(layers: list[list[str]], folders: set[str]) -> list[str]:
    lines = []
    for row, siblings in enumerate(layers):
        top = _GAP + row * _ROW_HEIGHT
        width = (_WIDTH - _LEFT - _GAP * len(siblings)) // len(siblings)
        for column, name in enumerate(siblings):
            left = _LEFT + column * (width + _GAP)
            kind, label = (' class="folder"', f"{name}/") if name in folders else ("", f"{name}.py")
            lines += [
                f'<rect{kind} x="{left}" y="{top}" width="{width}" height="{_BOX_HEIGHT}" rx="4"/>',
                f'<text x="{left + width // 2}" y="{top + 19}">{escape(label)}</text>',
            ]
    return lines


def _arrow(height: int) -> list[str]:
    """Draw what the order means, beside the rows."""
    end, middle = height - _GAP, height // 2
    return [
        f'<path class="arrow" d="M 44 {_GAP} V {end} m -5 -8 l 5 8 l 5 -8"/>',
        f'<text transform="translate(28 {middle}) rotate(-90)">may import what stands below</text>',
    ]


def draw_contract() -> str:
    """Return the picture of the contract that holds."""
    package = REPOSITORY / "picklecheck"
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    return draw(read_layers((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")), folders)


if __name__ == "__main__":
    PICTURE.write_text(draw_contract(), encoding="utf-8")
