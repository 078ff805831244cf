"""Where the catalogue, the pages, the version axes and the licence lie: beside the code in a wheel, else at the top."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Return the folder ``repros``, ``codes`` or ``matrix``, or the file ``LICENSE``."""
    in_wheel = PACKAGE / "_bundled" / name
    if in_wheel.exists():
        return in_wheel
    return PACKAGE.parent / {"codes": "docs/codes"}.get(name, name)
