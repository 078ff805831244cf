"""Where the catalogue and the pages of the causes lie: in the wheel beside the code, in a checkout at its top."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Return the folder ``repros`` or ``codes``."""
    in_wheel = PACKAGE / "_bundled" / name
    if in_wheel.is_dir():
        return in_wheel
    return PACKAGE.parent / {"repros": "repros", "codes": "docs/codes"}[name]
