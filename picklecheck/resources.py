"""Where the catalogue, the pages, the version axes and the licence lie: beside the code in a wheel, else at the top."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_ELSEWHERE = {"codes": "docs/codes", "report.schema.json": "docs/report.schema.json"}


def resource(name: str) -> Path:
    """Return the folder ``repros``, ``codes`` or ``matrix``, or the file ``LICENSE`` or ``report.schema.json``."""
    in_wheel = PACKAGE / "_bundled" / name
    if in_wheel.exists():
        return in_wheel
    return PACKAGE.parent / _ELSEWHERE.get(name, name)
